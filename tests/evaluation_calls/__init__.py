"""Reference cases of evaluation methods (`../shared/reference/evaluation.json`), each called through the public face.

One module per family hands on `CALLS`: a word of the case's `method` -> a call that takes all it needs from the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

Case = Mapping[str, Any]
Calls = Mapping[str, Callable[[Case], Sequence[float]]]

REFERENCE = Path(__file__).parents[2] / "../shared/reference"


def data_of(case: Case) -> pd.DataFrame:
    """The data that the case names; the test is skipped where they are not there."""
    file = REFERENCE / "data" / case["dataset"]
    if not file.exists():
        pytest.skip("the reference data lie only beside the project, in ../shared/reference/data")
    return pd.read_csv(file)


def check(case: Case, calls: Calls) -> None:
    """The call of a case gives its value, and its standard error where it has one, within its own tolerance."""
    word = next(word for word in calls if word in case["method"])
    wanted = [float(each) for each in np.ravel(case["value"])]
    wanted += [] if case["se"] is None else [float(each) for each in np.ravel(case["se"])]
    np.testing.assert_allclose(np.ravel(calls[word](case)), wanted, rtol=0, atol=case["tolerance"])
