"""A column that is not there, or there twice, is refused in the same words by every kind of estimate."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import DesignError
from unlike_rates import SHARE

FRAME = pd.DataFrame({"unit": ["a", "b"], "period": [2015, 2016], "count": [1, 2], "base": [9, 9]})
ASKED: dict[str, Callable[[pd.DataFrame, str], object]] = {
    "rates": lambda frame, name: ev.indicators.rates(frame, SHARE, count=name, base="base"),
    "counts": lambda frame, name: ev.monitor.counts(frame, at="period", count=name, base="base"),
    "spells": lambda frame, name: ev.durations.spells(frame, start=name, end="period", until="2018"),
    "panel": lambda frame, name: ev.rollout.panel(frame, first=name),
    "baseline": lambda frame, name: ev.rollout.baseline(frame, count=name),
    "series": lambda frame, name: ev.rollout.series(frame, start=2015, count=name),
    "coders": lambda frame, name: ev.agreement.cohen(frame, ["base", name]),
}


@pytest.mark.parametrize("verb", ASKED)
def test_a_column_is_looked_for_in_one_way(verb: str) -> None:
    with pytest.raises(DesignError) as refused:
        ASKED[verb](FRAME, "cuont")
    (fault,) = refused.value.faults
    assert (fault.code, fault.problem) == ("NO_SUCH_VARIABLE", 'there is no column "cuont"')
    assert fault.remedy == 'Did you mean "count"?'
    with pytest.raises(DesignError, match="COLUMN_TWICE") as twice:
        ASKED[verb](pd.concat([FRAME, FRAME[["count"]]], axis=1), "count")
    assert '2 columns are called "count"' in str(twice.value)


SAID: dict[str, Callable[..., object]] = {
    "panel": ev.rollout.About,
    "spells": ev.durations.About,
    "counts": lambda **said: ev.monitor.counts(FRAME, at="period", count="count", base="base", **said),
    "baseline": lambda **said: ev.rollout.baseline(FRAME, **said),
    "series": lambda **said: ev.rollout.series(FRAME, start=2016, **said),
}


WORDS = [
    ("origin", "rehersal", "NO_SUCH_ORIGIN", tuple(SAID)),
    ("language", "dk", "NO_SUCH_LANGUAGE", tuple(SAID)),
    ("confidentiality", "public", "NO_SUCH_CONFIDENTIALITY", ("panel", "spells", "counts")),
]


@pytest.mark.parametrize(("name", "word", "code", "verb"), [(*each[:3], verb) for each in WORDS for verb in each[3]])
def test_what_is_said_of_the_rows_is_a_word_that_is_known(name: str, word: str, code: str, verb: str) -> None:
    with pytest.raises(DesignError, match=code):
        SAID[verb](**{name: word})
