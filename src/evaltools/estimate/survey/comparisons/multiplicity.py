"""Several tests at once: p-values adjusted for the number of tests in a family that is declared in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.printing import told_p
from evaltools.estimate.result import Test
from evaltools.estimate.survey.writing import words
from evaltools.language import texts

Adjustment = Literal["holm", "benjamini_hochberg"]


def adjusted_p_values(p_values: Sequence[float], *, method: Adjustment = "holm") -> tuple[float, ...]:
    """P-values adjusted for their number, in the order given (0 to 1).

    method : `holm` keeps the chance of any false finding below the level; `benjamini_hochberg` the expected share of
    false ones among the findings. Raises `DesignError` NO_SUCH_METHOD, NO_TESTS, NOT_A_P_VALUE.
    Source: Holm (1979), Scandinavian Journal of Statistics 6; Benjamini and Hochberg (1995), JRSS B 57; R `p.adjust`.

    >>> adjusted_p_values([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    p = np.asarray(p_values, dtype=float)
    _check(p, method)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, len(p) + 1)
    if method == "holm":
        sorted_p = np.maximum.accumulate(p[order] * (len(p) + 1 - rank))
    else:
        sorted_p = np.minimum.accumulate((p[order] * len(p) / rank)[::-1])[::-1]
    result = np.empty(len(p))
    result[order] = np.minimum(sorted_p, 1.0)
    return tuple(result.tolist())


def _check(p: np.ndarray, method: str) -> None:
    if method not in get_args(Adjustment):
        remedy = near(method, get_args(Adjustment))
        raise DesignError(Fault("NO_SUCH_METHOD", "method", f'there is no method "{method}"', remedy))
    if not p.size:
        raise DesignError(Fault("NO_TESTS", "tests", "there is no test in the family", "Give one or more tests."))
    if not ((p >= 0) & (p <= 1)).all():
        problem = f"{p[~((p >= 0) & (p <= 1))][0]:g} is no p-value"
        raise DesignError(Fault("NOT_A_P_VALUE", "tests", problem, "Give numbers from 0 to 1."))


def adjust(tests: Sequence[Test], *, method: Adjustment = "holm", family: str) -> tuple[Test, ...]:
    """The tests of one family with p-values adjusted for how many they are.

    method : as in `adjusted_p_values`. family : in words, what was asked together, such as "regions x methods";
    declare it before looking, with every test that was made. Each test keeps its statistic; a note gives its p-value
    before.
    Raises `DesignError` NO_FAMILY, NO_SUCH_METHOD, NO_TESTS. Returns a `Test` for each.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"a": [1, 0] * 30, "b": [1, 1, 0] * 20, "c": [1, 0, 0, 0, 1] * 12})
    >>> design = ev.survey_design(frame)
    >>> tests = [ev.rao_scott(design, "a", name) for name in "bc"]
    >>> [round(test.p_value, 2) for test in adjust(tests, family="questions by a")]
    [1.0, 1.0]
    """
    return tuple(adjusted(tests, place, method=method, family=family) for place in range(1, len(tests) + 1)) or _none()


def _none() -> tuple[Test, ...]:
    raise DesignError(Fault("NO_TESTS", "tests", "there is no test in the family", "Give one or more tests."))


def adjusted(tests: Sequence[Test], place: int, *, method: Adjustment = "holm", family: str) -> Test:
    """One test of a family, the first being 1, with its p-value adjusted; as `adjust` gives it.

    tests, method, family : as in `adjust`. place : 1 for the first test. Returns that `Test`.
    Raises `DesignError` as `adjust`, and NO_SUCH_TEST where the family has no such place.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"a": [1, 1, 0, 1], "b": [0, 1, 0, 0], "c": [1, 0, 1, 0]}))
    >>> tests = [ev.mcnemar(design, "a", other) for other in ("b", "c")]
    >>> adjusted(tests, 1, family="a against the others").p_value
    1.0
    """
    if not family.strip():
        remedy = 'Say what was asked together, such as family="regions x methods".'
        raise DesignError(Fault("NO_FAMILY", "family", "the family of the tests has no name", remedy))
    values = adjusted_p_values([test.p_value for test in tests], method=method)
    if not 1 <= place <= len(tests):
        problem = f"the family has {len(tests)} tests, and no number {place}"
        raise DesignError(Fault("NO_SUCH_TEST", "tests", problem, f"Count from 1 to {len(tests)}."))
    test = tests[place - 1]
    say = texts(test.source.language).say
    inner = words.literal(tuple(words.Name(each.source.code) for each in tests))
    code = words.call("adjusted", inner, {"method": None if method == "holm" else method, "family": family}, place)
    note = say(
        f"estimate.note.{method}", n=len(tests), family=family, before=told_p(test.p_value, test.source.language)
    )
    return replace(
        test,
        p_value=values[place - 1],
        source=replace(test.source, code=code),
        notes=(note, *test.notes),
        r=_r(tests, place, method),
    )


def _r(tests: Sequence[Test], place: int, method: Adjustment) -> str:
    """R code of the adjustment, from the p-values before."""
    p = ", ".join(repr(float(test.p_value)) for test in tests)
    name = "holm" if method == "holm" else "BH"
    return f'p.adjust(c({p}), "{name}")[{place}]'
