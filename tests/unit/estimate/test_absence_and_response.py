"""Why answers are missing, whether answering goes with a group, and several numerators over one denominator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import chi2_contingency

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError
from evaltools.estimate import design, missing_kinds, ratio, total
from evaltools.estimate.models import response_test
from municipal_survey import municipal_data


@pytest.fixture(scope="module")
def data() -> Dataset:
    return municipal_data()


def test_kinds_of_missing_add_up_to_everybody_who_answered(data: Dataset) -> None:
    answered = design(data)
    name = next(iter(data.variables))
    counts = missing_kinds(answered, name)
    assert sum(row.estimate for row in counts.rows) == len(answered.answers.frame)
    assert counts.source.confidentiality == "practice"


def test_the_response_test_is_pearsons(data: Dataset) -> None:
    table = data.frame.groupby("region")["responded"].agg(["sum", "size"])
    expected = chi2_contingency([table["sum"], table["size"] - table["sum"]], correction=False)
    found = response_test(data, "region")
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.df == (float(expected.dof),)


def test_the_response_test_refuses_what_has_no_answer(data: Dataset) -> None:
    with pytest.raises(DesignError) as caught:
        response_test(data, "regoin")
    assert caught.value.code == "NO_SUCH_VARIABLE"
    everyone = municipal_data(everyone=True)
    with pytest.raises(DesignError) as caught:
        response_test(replace(everyone), "region")
    assert caught.value.code == "NOTHING_TO_EXPLAIN"


def test_several_numerators_over_one_denominator_equal_each_alone(data: Dataset) -> None:
    answered = design(data)
    numbers = [name for name in data.variables if data.frame[name].dtype.kind == "f"]
    above, below = [name for name in numbers if total(answered, name).rows[0].estimate > 0][:2]
    together = ratio(answered, [above, below], below)
    assert together.rows[0].estimate == ratio(answered, above, below).rows[0].estimate
    assert together.rows[1].estimate == pytest.approx(1.0)
