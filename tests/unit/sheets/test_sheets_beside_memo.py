"""Whoever has the pages and the memo can subtract: the memo hides what would tell of the few that no page counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell_attacker import EXACT, Attacker
from evaltools.dataset import build_dataset
from evaltools.estimate import design, proportion
from evaltools.present import ConfidentialCell, ReleasePlan, plan, release
from evaltools.sheets import make_sheets, sheet_cells
from evaltools.store import Store, reopen, take_snapshot
from sheet_survey import NORTH, UNITS, WHEN, answer, sheet_store

YES, NO = {"stage": "1", "ways": ["a"], "view": "1"}, {"stage": "0", "view": "0"}
SOUTH = tuple(unit.code for unit in UNITS if unit.code not in NORTH)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sheet_store(tmp_path)


def in_memo(store: Store) -> list[ConfidentialCell]:
    """What a memo would show: the practice in all and by region."""
    asked = design(build_dataset("sheets/2018", take_snapshot(store)))
    return [cell for by in (None, "region") for cell in release(proportion(asked, "stage", by=by)).cells]


def decided(store: Store, *, linked: bool = True) -> ReleasePlan:
    beside = sheet_cells(store, take_snapshot(store)) if linked else ()
    return plan([*beside, *in_memo(store)])


def range_beyond_pages(store: Store, on_pages: dict[str, float], decision: ReleasePlan) -> dict[str, float]:
    """How wide the range is of how many beyond the pages use the practice, by region, to a reader of both."""
    reader = Attacker()
    for region, counted in on_pages.items():
        reader.knows({("page", region): 1.0}, counted)
        reader.knows({("page", region): 1.0, ("beyond", region): 1.0, region: -1.0}, 0.0)
        reader.knows({("beyond", region): 1.0, ("room", region): 1.0}, float(len(UNITS)))
    reader.knows({**dict.fromkeys(on_pages, 1.0), "all": -1.0}, 0.0)
    for cell in in_memo(store):
        if cell.codes == ("1",) and cell.key not in decision.hidden:
            reader.knows({(cell.group[0][1] if cell.group else "all"): 1.0}, cell.count)
    found = {}
    for region in on_pages:
        low, high = reader.range_of({("beyond", region): 1.0})
        found[region] = high - low
    return found


def pages_then_one_more(store: Store) -> dict[str, float]:
    """Pages that count six in the north and six in the south; then one more answers in the north, three in the south."""
    answer(store, NORTH[:4], YES)
    answer(store, NORTH[4:6], NO)
    answer(store, SOUTH[:3], YES)
    answer(store, SOUTH[3:6], NO)
    (made,) = make_sheets(store, take_snapshot(store), at=WHEN)
    assert made.counted == 12
    answer(store, NORTH[6:7], YES)
    answer(store, SOUTH[6:9], NO)
    return {"Region Nord": 4.0, "Region Syd": 3.0}


def test_no_memo_tells_by_its_difference_from_the_pages_what_one_municipality_answered(store: Store) -> None:
    on_pages = pages_then_one_more(store)
    alone = range_beyond_pages(store, on_pages, decided(store, linked=False))
    assert alone["Region Nord"] < EXACT, "a memo that does not know the pages gives the one away"
    both = decided(store)
    assert range_beyond_pages(store, on_pages, both)["Region Nord"] >= 1
    assert both.audit is not None
    assert not both.audit.breaches
    shown = [cell for cell in in_memo(store) if cell.key not in both.hidden]
    assert any(not cell.group for cell in shown), "what all answered is still told"


def test_an_answer_that_was_changed_since_is_protected_like_one_that_no_page_counted(store: Store) -> None:
    answer(store, [*NORTH[:6], *SOUTH[:6]], YES)
    make_sheets(store, take_snapshot(store), at=WHEN)
    assert not decided(store).hidden
    reopen(store, "sheets", "2018", NORTH[0], actor="styrelsen", at=WHEN)
    answer(store, NORTH[:1], NO)
    assert any("region=Region Nord" in key for key in decided(store).hidden & {cell.key for cell in in_memo(store)})


def test_three_that_no_page_counted_are_a_group_that_may_be_told_of(store: Store) -> None:
    answer(store, [*NORTH[:6], *SOUTH[:6]], YES)
    make_sheets(store, take_snapshot(store), at=WHEN)
    answer(store, [*NORTH[6:9], *SOUTH[6:9]], NO)
    assert not decided(store).hidden


def test_pages_without_figures_and_surveys_without_pages_hide_nothing(store: Store) -> None:
    answer(store, NORTH[:4], YES)
    assert sheet_cells(store, take_snapshot(store)) == ()
    make_sheets(store, take_snapshot(store), at=WHEN)
    assert sheet_cells(store, take_snapshot(store)) == ()
