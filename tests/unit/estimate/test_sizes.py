"""What would not end, or would fill the memory, is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import mean, survey_design
from evaltools.estimate.indicators import published_case


def test_breakdowns_that_cross_to_too_many_groups_are_refused() -> None:
    codes = [f"c{number}" for number in range(50)]
    frame = pd.DataFrame({"a": codes, "b": codes, "c": codes, "x": np.arange(50.0)})
    with pytest.raises(DesignError) as caught:
        mean(survey_design(frame), "x", by=["a", "b", "c"])
    assert caught.value.code == "TOO_MANY_GROUPS"


def test_a_published_case_with_an_absurd_base_is_refused() -> None:
    case = {
        "label": {"da": "a", "en": "a"}, "unit": "children", "measure": {"da": "b", "en": "b"},
        "citation": {"da": "c", "en": "c"},
        "counts": [{"id": "x", "count": "1", "base": "99999999999", "period": {"da": "d", "en": "d"}}],
    }  # fmt: skip
    with pytest.raises(DesignError) as caught:
        published_case("huge", cases={"huge": case})
    assert caught.value.code == "BASE_TOO_LARGE"
