"""The R code that results carry, run in R: it gives the same numbers, for every estimator on every design.

Wilson's interval came to R's `survey` with 4.5 and is compared in `test_every_reference_entry.py` only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import r_survey
from evaltools.errors import DesignError
from evaltools.estimate import Estimate, result
from evaltools.estimate.survey.writing import rcode
from r_designs import censuses, designs
from r_estimators import ESTIMATORS, OF_CENSUSES, Made, cases

TOLERANCE = 1e-8

TOLERANCES: Mapping[str, float] = {
    "logistic model": 1e-6, "Poisson model": 1e-6, "odds ratios": 1e-6, "test of a term": 1e-5, "marginal effects": 1e-5,
    "predicted shares": 1e-5, "share, likelihood": 1e-6, "test of a table, lincom": 1e-6,
}  # fmt: skip
"""R's errors of these models are those of its last step but one, and its effects difference quotients."""


def wrong(made: Made, heard: r_survey.Heard, tolerance: float) -> str:
    """What differs between our numbers and R's; nothing where they agree."""
    if heard.failure:
        return f"R: {heard.failure}"
    if isinstance(made, result.Test):
        return _wrong_test(made, heard, tolerance)
    ours = _in_the_order_of_r(made)
    if heard.effects:
        return _apart("effects", [row.estimate for row in ours], heard.effects, tolerance)
    if heard.test and not heard.values:
        mine = [*(row.estimate for row in ours), *(row.low for row in ours), *(row.high for row in ours)]
        return _apart("ratios", mine, heard.test, tolerance)
    found = [
        _apart("values", [row.estimate for row in ours], heard.values, tolerance),
        _apart("errors", [row.se or (None if row.low is None else 0.0) for row in ours], heard.errors, tolerance),
    ]
    if heard.limits:
        mine = [x for row in ours for x in (row.estimate, row.low, row.high)]
        found.append(_apart("limits", mine, heard.limits, tolerance))
    return " ".join(each for each in found if each)


def _wrong_test(made: result.Test, heard: r_survey.Heard, tolerance: float) -> str:
    mine = [made.statistic, *made.df, made.p_value]
    if len(heard.test) == 1:
        mine = [made.p_value]
    elif len(heard.test) > len(mine):  # R counts trials, or the mean of a mixture, among the parameters
        return _apart("test", [mine[0], mine[-1]], [heard.test[0], heard.test[-1]], tolerance)
    return _apart("test", mine, heard.test, tolerance)


def _in_the_order_of_r(made: Estimate) -> list[Any]:
    """R gives all groups of the first variable, then of the next; we give all categories of the first group."""
    names = list(dict.fromkeys(name for row in made.rows for name, _ in row.coordinates))
    own = ("of", "item", "with", "category", "probability", "contrast", "term", "variable")
    what = [name for name in names if name in own]
    keys = list(dict.fromkeys(tuple(row.coordinate(name) for name in what) for row in made.rows))
    by = [name for name in names if name not in what]
    return sorted(
        made.rows,
        key=lambda row: (
            keys.index(tuple(row.coordinate(name) for name in what)),
            *(row.coordinate(name) for name in reversed(by)),
        ),
    )


def _alike(mine: float | None, other: float, tolerance: float) -> bool:
    """Whether two numbers agree; where we know no error, and give no limits, R gives 0 or no number."""
    if mine is None:
        return other == 0 or math.isnan(other)
    return abs(mine - other) <= tolerance * max(abs(other), 1e-4)


def _apart(what: str, ours: list[Any], theirs: list[float], tolerance: float) -> str:
    if len(ours) != len(theirs):
        return f"{what}: {len(ours)} numbers against {len(theirs)}"
    far = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if not _alike(mine, other, tolerance)]
    return f"{what}: {far[:3]}" if far else ""


def kind_of(made: Made | DesignError) -> str:
    """What becomes of a case: compared, or why not."""
    if isinstance(made, DesignError):
        return f"refused, {made.faults[0].code}"
    if made.r_code().startswith(result.NO_R):
        return "R has no function, in words"
    return "R does otherwise, in words" if rcode.OTHERWISE in made.r_code() else "compared"


@pytest.mark.proof
def test_r_gives_the_same_numbers_by_the_code_that_every_result_carries(tmp_path: Path) -> None:
    if not r_survey.is_there():
        pytest.skip("R with its package survey is not found: install Debian's r-cran-survey and r-cran-mass")
    every = {(name, kind): (design, made) for name, kind, design, made in cases()}
    kinds = Counter(kind_of(made) for _, made in every.values())
    asked = {
        key: (design, made)
        for key, (design, made) in every.items()
        if not isinstance(made, DesignError) and kind_of(made) == "compared"
    }
    heard = r_survey.run(
        {"; ".join(key): (made.r_code(), design.r_data()) for key, (design, made) in asked.items()}, tmp_path
    )
    found = {
        key: problem
        for key, (_, made) in asked.items()
        if (problem := wrong(made, heard["; ".join(key)], TOLERANCES.get(key[0], TOLERANCE)))
    }
    estimators, kinds_of_design = len(ESTIMATORS) + len(OF_CENSUSES), len(designs()) + len(censuses())
    told = f"{len(asked)} results of {estimators} estimators on {kinds_of_design} designs: {len(found)} apart"
    others = "; ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items()) if kind != "compared")
    print(f"{told} ({others})")  # noqa: T201  the figures of the proof
    assert found == {}, "\n".join(f"{'; '.join(key)}: {problem}" for key, problem in found.items())
