"""Pages are made aside, from those who may be taken in, and what once was shown never changes by a single answer."""

from __future__ import annotations

import datetime as dt
import random
import re
from pathlib import Path

import pytest

from evaltools.dataset import Dataset
from evaltools.sheets import PAGE_KIND, Made, make_sheets, making
from evaltools.sheets.figures import EVERYBODY, Figures, figures_of
from evaltools.sheets.keeping import read_groups
from evaltools.store import (
    Store,
    Submission,
    erase_record,
    find_page,
    receive,
    reopen,
    take_snapshot,
    verify_store,
)
from sheet_survey import NORTH, UNITS, WHEN, answer, sheet_store

LATER = WHEN + dt.timedelta(hours=3)
YES = {"stage": "1", "ways": ["a"], "view": "1", "placed": 7, "posts": 3, "remark": "Hemmelig tekst"}
NO = {"stage": "0", "view": "0", "placed": 0, "posts": 1}
ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>')


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sheet_store(tmp_path)


def made(store: Store) -> Made:
    (only,) = make_sheets(store, take_snapshot(store), at=LATER)
    return only


def page_of(store: Store, unit: str, language: str = "da") -> str:
    page = find_page(store, "sheets", "2018", unit, PAGE_KIND, language)  # type: ignore[arg-type]
    return page.content.decode().replace("\u00a0", " ") if page else ""


def figures_on(page: str) -> list[list[str]]:
    """The cells of every table of a page, row by row."""
    return [[*re.findall(r"<td>(.*?)</td>", cells)] for _, cells in ROW.findall(page)]


def test_a_unit_sees_its_own_answers_from_the_first_but_no_group_before_five_have_answered(store: Store) -> None:
    answer(store, NORTH[:4], YES)
    assert made(store) == Made("sheets/2018", 8, 0, 0)
    page = page_of(store, NORTH[0])
    assert "<dd><strong>I brug &lt;b&gt;</strong></dd>" in page
    assert "for få svar" in page
    assert "ikke svar nok" in page
    assert figures_on(page) == []


def test_a_group_is_shown_from_five_answers_on(store: Store) -> None:
    answer(store, NORTH[:2], YES)
    answer(store, NORTH[2:5], NO)
    assert made(store) == Made("sheets/2018", 10, 5, 5)
    assert figures_on(page_of(store, NORTH[0]))[:2] == [["3 ud af 5"] * 3, ["2 ud af 5"] * 3]
    assert "2 ud af 5 svarer som jer" in page_of(store, NORTH[0])
    assert "2 of 5 answer as you do" in page_of(store, NORTH[0], "en")


def test_a_group_is_renewed_only_after_five_more_answers_in_it(store: Store) -> None:
    answer(store, NORTH[:5], YES)
    made(store)
    before = figures_on(page_of(store, NORTH[0]))
    answer(store, NORTH[6:10], NO)
    assert made(store) == Made("sheets/2018", 8, 5, 0)
    assert figures_on(page_of(store, NORTH[0])) == before
    answer(store, NORTH[10:11], NO)
    assert made(store) == Made("sheets/2018", 20, 10, 5)
    assert figures_on(page_of(store, NORTH[0]))[1] == ["5 ud af 10", "5 ud af 5", "5 ud af 10"]


def test_all_groupings_are_renewed_by_the_same_units(store: Store) -> None:
    answer(store, [unit.code for unit in UNITS], YES)
    assert made(store) == Made("sheets/2018", 48, 24, 24)
    assert figures_on(page_of(store, NORTH[0]))[1] == ["12 ud af 12", "12 ud af 12", "24 ud af 24"]


def test_the_figures_count_exactly_those_taken_in_with_the_answers_they_had_then(store: Store) -> None:
    dice = random.Random(4)
    now: dict[str, str] = {}
    then: dict[str, str] = {}
    for unit in dice.sample(UNITS, len(UNITS)):
        for code in (unit.code, *dice.sample(sorted(now), len(now) // 4)):
            now[code] = dice.choice("01")
            answer(store, [code], {"stage": now[code]})
        made(store)
        batches, figures = read_groups(store, "sheets", "2018")
        then = {code: then.get(code, now[code]) for code in batches.versions}
        for group, cells in figures.get("stage", {}).items():
            members = [each.code for each in UNITS if group == EVERYBODY or each.frame[group[0]] == group[1]]
            counted = [then[code] for code in members if code in then]
            told = {code: figure.counts.da.split("\u00a0")[0] for code, figure in cells.items()}
            assert told == {code: str(counted.count(code)) for code in "01"}
    assert len(batches.taken_in) > 2
    assert then != {code: now[code] for code in then}


def test_what_all_answers_say_of_everybody_is_an_interval_in_words(store: Store) -> None:
    answer(store, NORTH[:3], YES)
    answer(store, NORTH[3:6], NO)
    made(store)
    assert re.search(r"Regnet om til alle: mellem \d+ og \d+ af de 24 kommuner", page_of(store, NORTH[0]))


def test_counts_of_people_reasons_assessments_texts_and_numbers_are_left_out(store: Store) -> None:
    answer(store, [unit.code for unit in UNITS], YES)
    made(store)
    page = page_of(store, NORTH[0])
    assert [word for word in ("Vurdering", "Anbragte", "Stillinger", "Hemmelig") if word in page] == []


def test_a_changed_answer_changes_the_own_page_only(store: Store) -> None:
    answer(store, NORTH[:5], YES)
    made(store)
    others = [page_of(store, unit) for unit in NORTH[1:5]]
    reopen(store, "sheets", "2018", NORTH[0], at=LATER)
    receive(store, Submission("sheets", "2018", NORTH[0], NO), language="da", at=LATER)
    assert made(store).pages == 2
    assert [page_of(store, unit) for unit in NORTH[1:5]] == others
    assert "<dd><strong>Ikke i brug</strong></dd>" in page_of(store, NORTH[0])
    answer(store, NORTH[5:12], YES)
    made(store)
    assert figures_on(page_of(store, NORTH[1]))[1][-1] == "11 ud af 11"


def test_a_draft_is_not_taken_in_and_has_no_page(store: Store) -> None:
    answer(store, NORTH[:4], YES)
    receive(store, Submission("sheets", "2018", NORTH[4], YES, submit=False), language="da", at=WHEN)
    assert made(store).counted == 0
    assert page_of(store, NORTH[4]) == ""


def test_an_erased_response_leaves_the_figures_as_they_were_and_takes_its_own_page_away(store: Store) -> None:
    answer(store, NORTH[:5], YES)
    made(store)
    before = figures_on(page_of(store, NORTH[1]))
    erase_record(store, "sheets", "2018", NORTH[0], at=LATER)
    answer(store, NORTH[5:12], NO)
    assert made(store) == Made("sheets/2018", 14, 5, 0)
    assert figures_on(page_of(store, NORTH[1])) == before
    assert page_of(store, NORTH[0]) == ""


def test_a_second_round_without_news_writes_nothing_and_the_store_stays_sound(store: Store) -> None:
    answer(store, NORTH[:5], YES)
    made(store)
    assert made(store).pages == 0
    assert verify_store(store) == ()


def test_pages_hold_no_script_style_or_outside_address_and_name_their_tables(store: Store) -> None:
    answer(store, NORTH[:6], YES)
    made(store)
    page = page_of(store, NORTH[0])
    assert not re.search(r"<script|style=|http|<b>|onclick", page)
    assert page.count("<h1>") == 1
    names = re.findall(r"<summary>(.*?)</summary>", page)
    assert len(names) == len(set(names)) == 2


def test_two_processes_at_once_never_take_in_units_by_different_batches(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(store, NORTH[:5], YES)
    early = take_snapshot(store)
    answer(store, NORTH[5:12], NO)
    late = take_snapshot(store)
    waiting = [late]

    def figures_while_another_process_works(data: Dataset) -> Figures:
        if waiting:
            make_sheets(store, waiting.pop(), at=LATER)
        return figures_of(data)

    monkeypatch.setattr(making, "figures_of", figures_while_another_process_works)
    (slow,) = make_sheets(store, early, at=LATER)
    batches, _ = read_groups(store, "sheets", "2018")
    assert (slow.counted, slow.added) == (12, 0)
    assert len(batches.taken_in) == 1
    assert figures_on(page_of(store, NORTH[0]))[1][-1] == "5 ud af 12"
