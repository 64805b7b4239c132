"""How columns become spells: months, dates and numbers, windows, endings; and what is refused, in the user's own names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import durations
from evaltools.estimate.durations import Spells, spells
from refused import code_of

MONTHS = pd.DataFrame(
    {
        "begun": ["2018-01", "2017-03", "2018-05", "2018-12"],
        "over": ["2018-04", None, "2018-05", None],
        "how": [4, None, 1, None],
    }
)


def placed(frame: pd.DataFrame = MONTHS, **given: Any) -> Spells:
    return spells(frame, start="begun", end="over", ending="how", **{"until": "2018-12", **given})


def test_what_happens_within_a_month_is_placed_in_its_middle_and_the_last_month_is_followed_to_its_end() -> None:
    assert placed().exit.tolist() == [3.0, 21.5, 0.5, 0.5]
    assert placed().ending.tolist() == [2, 0, 1, 0]


def test_a_stock_sample_counts_from_the_first_day_of_the_month_in_which_it_was_drawn() -> None:
    made = placed(since="2018-01")
    assert made.entry.tolist() == [-np.inf, 9.5, -np.inf, -np.inf]
    assert "1 af 4 var allerede i gang" in made.notes[0]


def test_rows_outside_the_window_are_left_out_and_counted() -> None:
    made = placed(since="2018-05", until="2018-11")
    assert made.exit.tolist() == [20.5, 0.5]
    assert [note.split(" rækker")[0] for note in made.notes[:2]] == ["1 af 4", "1 af 4"]


def test_what_ended_after_the_follow_up_was_going_on_then() -> None:
    made = placed(until="2018-02", since="2017-01")
    assert made.ending.tolist() == [0, 0]
    assert made.exit.tolist() == [1.5, 11.5]


def test_dates_are_read_as_danes_and_computers_write_them() -> None:
    written = pd.DataFrame(
        {"a": ["1.3.2018", "2018-03-01", "01-03-2018"], "b": ["31/3 2018", "2018-03-31", "31.3.2018"]}
    )
    assert spells(written, start="a", end="b", unit="days").exit.tolist() == [30, 30, 30]
    stamps = pd.DataFrame({"a": pd.to_datetime(["2018-03-01"]), "b": [dt.date(2018, 3, 31)]})
    assert spells(stamps, start="a", end="b", unit="weeks").exit == pytest.approx([30 / 7])
    periods = pd.DataFrame({"a": pd.PeriodIndex(["2018-03"], freq="M"), "b": ["juni 2018"]})
    assert spells(periods, start="a", end="b").exit.tolist() == [3]


def test_a_spell_within_a_day_counts_half_of_it_and_months_beside_dates_make_all_months() -> None:
    mixed = pd.DataFrame({"a": ["2018-03-09", "2018-03"], "b": ["2018-03-09", "2018-05-30"]})
    assert spells(mixed, start="a", end="b").exit.tolist() == [0.5, 2.0]
    assert spells(mixed[:1], start="a", end="b", unit="days").exit.tolist() == [0.5]


def test_numbers_are_durations_and_without_a_column_of_endings_all_ended() -> None:
    made = spells(pd.DataFrame({"t": [3, 0]}), end="t", unit="years")
    assert (made.exit.tolist(), made.kinds) == ([3.0, 0.0], ("ended",))


def test_codes_are_kinds_of_their_own_unless_they_are_put_together() -> None:
    assert placed().kinds == ("1", "4")
    assert placed(endings=durations.PLACEMENT_ENDINGS).ending.tolist() == [4, 0, 1, 0]
    assert placed(endings={"any": (1, 4)}).ending.tolist() == [1, 0, 1, 0]


def test_the_code_says_how_the_spells_were_made() -> None:
    made = placed(endings={"any": (1, 4)}, since="2018-01")
    assert made.source.code == (
        'durations.spells(frame, end="over", start="begun", ending="how", endings={"any": (1, 4)}, since="2018-01", '
        'until="2018-12")'
    )


def test_spells_print_in_one_line() -> None:
    assert repr(placed()) == "<4 spells in months, ending: 1, 4>"


def test_the_frame_that_comes_in_is_unchanged() -> None:
    before = MONTHS.copy()
    placed()
    pd.testing.assert_frame_equal(before, MONTHS)


def test_spells_are_followed_on_from_a_time_that_they_lasted() -> None:
    made = durations.after(spells(pd.DataFrame({"t": [2, 5, 9]}), end="t"), 3)
    curve = durations.kaplan_meier(made)
    assert [(point.at, point.y) for point in curve.points][:2] == [("3", 1.0), ("5", 0.5)]
    assert durations.restricted_mean(made, until=9).rows[0].estimate == 4.0
    assert durations.breakdown_rate(made).rows[0].base == pytest.approx(8 / 12)


def test_missing_times_are_left_out_when_that_is_asked_for_and_counted() -> None:
    frame = frame_with(begun=["2018-01", None, "2018-05", "2018-12"])
    made = placed(frame, missing="leave_out")
    assert len(made) == 3
    assert made.notes == ("1 af 4 rækker mangler en tid eller en årsag til ophør og er ikke med.",)


def frame_with(**columns: Any) -> pd.DataFrame:
    return MONTHS.assign(**columns)


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "unit": (lambda: placed(unit="month"), "NO_SUCH_UNIT", 'Did you mean "months"?'),
    "rule": (lambda: placed(missing="drop"), "NO_SUCH_RULE", "leave_out"),
    "column": (lambda: spells(MONTHS, end="ovr"), "NO_SUCH_VARIABLE", 'Did you mean "over"?'),
    "text": (lambda: placed(frame_with(over=["2018-13", None, "", None])), "NOT_A_TIME", '"2018-13" in "over"'),
    "endless": (lambda: spells(pd.DataFrame({"t": [1, np.inf]}), end="t"), "NOT_A_TIME", "row 1"),
    "mixed": (lambda: placed(frame_with(over=[3.0, None, 4, None])), "MIXED_TIMES", '"over" holds numbers'),
    "days": (lambda: placed(unit="days"), "MONTHS_ONLY", '"over" holds months'),
    "start": (lambda: spells(MONTHS, end="over", until="2018-12"), "START_NEEDED", "start=..."),
    "no start": (lambda: placed(frame_with(begun=[None, *MONTHS["begun"][1:]])), "TIME_MISSING", '"begun" is empty (row 0)'),
    "no end": (lambda: placed(frame_with(how=[4, 4, 1, None])), "TIME_MISSING", '"over" is empty where'),
    "no ending": (lambda: placed(frame_with(how=[None, None, 1, None])), "ENDING_MISSING", "not how it ended (row 0)"),
    "backwards": (lambda: placed(frame_with(over=["2017-12", None, "2018-05", None])), "NEGATIVE_TIME", '"over" lies before "begun" (row 0)'),
    "negative": (lambda: spells(pd.DataFrame({"t": [1, -2]}), end="t"), "NEGATIVE_TIME", '"t" lies before 0 (row 1)'),
    "unknown": (lambda: placed(endings={"breakdown": 4}), "ENDING_UNKNOWN", '"how" has the code "1"'),
    "no column": (lambda: spells(MONTHS, start="begun", end="over", endings={"x": 1}, until="2018-12"), "ENDING_UNKNOWN", "ending=..."),
    "twice": (lambda: placed(endings={"a": (1, 4), "b": 4}), "ENDING_TWICE", '"a" and "b"'),
    "open": (lambda: placed(until=None), "FOLLOWUP_OPEN", "rows 1, 3"),
    "unseen": (lambda: placed(frame_with(seen=["2018-05", None, None, None]), entry="seen"), "ENTRY_AFTER_END", '"seen" does not lie before "over" (row 0)'),
    "nobody": (lambda: placed(until="2016-12"), "NO_SPELLS", "no row is left"),
    "nobody after": (lambda: durations.after(placed(), 40), "NO_SPELLS", "longer than 40 months"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "code", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused_in_the_users_own_names(
    call: Callable[[], object], code: str, says: str
) -> None:
    with pytest.raises(DesignError) as caught:
        call()
    assert caught.value.code == code
    assert says in str(caught.value)


def test_every_row_that_is_wrong_is_told_of_at_once() -> None:
    frame = frame_with(begun=[None, "2017-03", "2018-05", "2018-12"], how=[4, 4, 1, None])
    with pytest.raises(DesignError) as caught:
        placed(frame)
    assert len(caught.value.faults) == 2


def test_a_group_without_a_name_is_refused() -> None:
    made = placed(frame_with(type=["a", None, "b", "b"]))
    assert code_of(lambda: durations.kaplan_meier(made, by="type")) == "GROUP_MISSING"
    assert code_of(lambda: durations.cox(made, "type")) == "GROUP_MISSING"
