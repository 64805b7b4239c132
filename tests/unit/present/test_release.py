"""What may be shown and what stays hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.present import plan, release
from evaltools.schema.model import Confidentiality
from made_results import METHODS, published, share_row, shares, source

REGIONS = {"1081": "Nordjylland", "1082": "Midtjylland", "1083": "Syddanmark"}


def hidden_rows(confidentiality: Confidentiality, *pairs: tuple[int, int]) -> set[int]:
    counts = {f"m{index}": pair for index, pair in enumerate(pairs)}
    return set(release(shares(counts, where=source(confidentiality))).hidden)


@pytest.mark.parametrize("kind", ["children", "families"])
def test_counts_of_children_from_one_to_four_are_hidden_and_zero_is_shown(kind: Confidentiality) -> None:
    assert hidden_rows(kind, (0, 40), (1, 40), (4, 40), (5, 40)) == {1, 2}


def test_a_complement_of_one_to_four_children_is_hidden_too() -> None:
    assert hidden_rows("children", (40, 40), (39, 40), (36, 40), (35, 40)) == {1, 2}


def test_a_practice_answer_is_shown_unless_the_group_has_fewer_than_three_municipalities() -> None:
    assert hidden_rows("practice", (1, 40), (39, 40), (1, 2), (0, 1), (2, 3)) == {2, 3}


def test_one_or_two_municipalities_with_an_opinion_are_hidden_and_so_is_their_complement() -> None:
    assert hidden_rows("opinion", (0, 40), (1, 40), (2, 40), (3, 40), (38, 40), (40, 40)) == {1, 2, 4}


def test_staff_are_hidden_under_three() -> None:
    assert hidden_rows("staff", (2, 40), (3, 40)) == {0}


def test_personal_data_are_never_released() -> None:
    with pytest.raises(ReleaseError) as refused:
        release(shares({"m1": (20, 40)}, where=source("personal")))
    assert refused.value.code == "NEVER_RELEASED"


def test_a_total_of_few_children_is_hidden_whatever_the_number_of_municipalities() -> None:
    rows = tuple(Row((("row", name),), (name,), total, 60, 60.0, "total") for name, total in (("a", 3.0), ("b", 300.0)))
    assert release(Estimate("total", rows, source("children"))).hidden == {0}


def test_a_ratio_is_hidden_when_its_numerator_or_the_rest_is_small() -> None:
    rows = tuple(
        Row((("row", str(index)),), ("",), share, 60, base, "ratio")
        for index, (share, base) in enumerate([(0.1, 30.0), (0.95, 60.0), (0.2, 60.0)])
    )
    assert release(Estimate("ratio", rows, source("children"))).hidden == {0, 1}


def test_a_single_hidden_region_hides_the_next_smallest_so_that_the_total_does_not_give_it_back() -> None:
    counts = {"1081": (2, 20), "1082": (30, 60), "1083": (9, 40)}
    released = release(shares(counts, labels=REGIONS, name="region", where=source("children")))
    assert released.hidden == {0, 2}
    assert [cell.rule for cell in released.cells if cell.hidden] == ["small_count", "complementary"]


def test_an_empty_cell_is_hidden_only_where_there_is_no_other() -> None:
    counts = {"1081": (2, 20), "1082": (0, 60), "1083": (9, 40)}
    assert release(shares(counts, name="region", where=source("children"))).hidden == {0, 2}
    counts = {"1081": (2, 20), "1082": (0, 60)}
    assert release(shares(counts, name="region", where=source("children"))).hidden == {0, 1}


def test_no_line_of_a_crosstab_keeps_a_single_hidden_cell() -> None:
    table = {("a", "1"): 2, ("a", "2"): 8, ("a", "3"): 12, ("b", "1"): 9, ("b", "2"): 7, ("b", "3"): 30}
    rows = tuple(
        share_row(count, {"a": 22, "b": 46}[region], None, (), region=region, category=code)
        for (region, code), count in table.items()
    )
    released = release(Estimate("share", rows, source("children")))
    shown = {row.coordinates for index, row in enumerate(released.result.rows) if index not in released.hidden}  # type: ignore[union-attr]
    for name in ("region", "category"):
        for value in {row.coordinate(name) for row in rows}:
            line = [row for row in rows if row.coordinate(name) == value]
            assert sum(row.coordinates not in shown for row in line) != 1


def test_ticks_of_one_question_are_not_added_up() -> None:
    rows = tuple(share_row(count, 60, None, (), item="c1", category=str(count)) for count in (2, 40, 50))
    assert release(Estimate("share", rows, source("opinion"))).hidden == {0}


def test_different_methods_are_not_added_up_and_stay_open() -> None:
    assert hidden_rows("children", (2, 40), (20, 40), (30, 40)) == {0}


def test_published_numbers_are_shown_whole() -> None:
    released = release(published(1, 38))
    assert (released.ground, released.hidden, released.cells) == ("published_elsewhere", frozenset(), ())


@pytest.mark.parametrize("changes", [{"citation": ""}, {"code": 'proportion(design(load("x/1")), "b1")'}])
def test_only_the_file_of_published_cases_makes_a_number_published(changes: dict[str, str]) -> None:
    with pytest.raises(ReleaseError) as refused:
        release(published(1, 38, share=None, **changes))
    assert refused.value.code == "PUBLISHED_WITHOUT_SOURCE"


def test_a_plan_hides_a_cell_in_every_exhibit_that_has_the_same_key() -> None:
    loose = shares({"m1": (30, 60), "m2": (20, 60)})
    cell = release(loose).cells[1]
    decided = plan([replace(cell, hidden=True)])
    assert release(loose, decided).hidden == {1}
    assert release(loose.only(row="m2"), decided).hidden == {0}


def test_a_later_plan_only_ever_adds() -> None:
    cells = release(shares({"m1": (2, 60), "m2": (20, 60)}, where=source("children"))).cells
    first = plan(cells)
    later = plan([replace(cell, hidden=False) for cell in cells], first)
    assert later.hidden == first.hidden == {cells[0].key}
    assert later.id == first.id
    assert plan([replace(cells[1], hidden=True)], first).hidden == {cell.key for cell in cells}


def test_a_plan_names_its_thresholds() -> None:
    assert plan([]).thresholds == {
        "children": 5,
        "families": 5,
        "staff": 3,
        "municipalities": 3,
        "one_unit_percent": 75,
        "two_units_percent": 90,
        "told_within_percent": 10,
    }


def test_a_key_tells_nothing_about_the_count() -> None:
    one, other = (shares({"m1": (count, 60)}, labels=METHODS) for count in (3, 30))
    assert release(one).cells[0].key == release(other).cells[0].key


def test_a_share_of_municipalities_counts_municipalities_whatever_it_is_about() -> None:
    counts = {f"m{count}": (count, 75) for count in (2, 3, 72, 73)}
    about_children = shares(counts, where=source("children", unit="municipality"))
    assert release(about_children).hidden == {0, 3}


def test_the_sums_behind_a_ratio_decide_whether_it_is_shown() -> None:
    rows = tuple(
        Row((("row", str(place)),), ("",), above / below, 60, 60.0, "ratio", summed=above, summed_of=below)
        for place, (above, below) in enumerate([(4.0, 600.0), (598.0, 600.0), (5.0, 600.0), (0.0, 600.0)])
    )
    assert release(Estimate("ratio", rows, source("children"), unit="percent")).hidden == {0, 1}


def test_a_mean_of_an_opinion_is_shown_and_a_difference_has_no_count() -> None:
    row = Row((("row", "a"),), ("a",), 0.02, 60, 60.0, "mean")
    assert not release(Estimate("mean", (row,), source("opinion"))).hidden
    assert not release(Estimate("difference", (row,), source("children"))).hidden
