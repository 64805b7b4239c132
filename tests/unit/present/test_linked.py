"""No hidden cell can be computed from the shown ones, also where they were asked for in different ways."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from evaltools.estimate.result import Estimate, Row, Source
from evaltools.present import plan, release
from evaltools.present.disclosure import cell_key
from evaltools.present.linked import also_hidden
from evaltools.present.model import ConfidentialCell
from made_results import share_row, source

DATA = 'design(load("network_methods/2018"))'


def children(code: str = f'proportion({DATA}, "why")') -> Source:
    return source("children", code=code)


def counted(count: int, n: int, *codes: str, **by: str) -> Row:
    """A share of one column, whose coordinates say as little as the call that asked for it."""
    row = share_row(count, n, None, (), item="why", category="+".join(codes), **by)
    return Row(**{**{name: getattr(row, name) for name in Row.__slots__}, "counted": ("why", codes)})


def cell(name: str, count: int, base: int, *codes: str, hidden: bool = False, **by: str) -> ConfidentialCell:
    rule = "small_count" if hidden else "complementary"
    return ConfidentialCell(
        name, count, base, rule, hidden, "why", tuple(by.items()), codes, 5, min(5, base) if hidden else 1
    )


def test_a_set_of_categories_does_not_give_back_the_hidden_one_in_it() -> None:
    singles = [cell("1", 2, 60, "1", hidden=True), cell("2", 9, 60, "2", hidden=True), cell("3", 49, 60, "3")]
    assert not also_hidden(singles)
    assert also_hidden([*singles, cell("1+3", 51, 60, "1", "3")]) == {"1+3"}


def test_two_sets_whose_difference_is_the_hidden_category_do_not_both_stay() -> None:
    cells = [cell("1", 2, 60, "1", hidden=True), cell("12", 22, 60, "1", "2"), cell("2", 20, 60, "2")]
    assert also_hidden(cells) == {"12"}


def test_hidden_cells_of_a_line_are_together_as_many_as_may_be_shown() -> None:
    cells = [cell("a", 1, 20, hidden=True, region="a"), cell("b", 1, 20, hidden=True, region="b")]
    assert also_hidden([*cells, cell("c", 7, 20, region="c"), cell("d", 30, 60, region="d")]) == {"c"}


def test_groups_that_were_released_one_by_one_are_held_against_their_whole() -> None:
    cells = [cell("a", 2, 20, hidden=True, region="a"), cell("b", 9, 40, region="b"), cell("all", 11, 60)]
    assert also_hidden(cells) == {"b"}


def test_groups_that_do_not_add_up_to_the_whole_are_not_held_against_it() -> None:
    cells = [cell("a", 2, 20, hidden=True, region="a"), cell("b", 0, 0, region="b"), cell("all", 30, 60)]
    assert also_hidden([cells[0], cells[2]]) == frozenset()


def test_two_cycles_of_hidden_cells_with_a_bridge_between_them_do_not_give_back_the_bridge() -> None:
    pattern = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)]
    cells = [
        cell(
            f"{row}{column}",
            9 + row + column,
            42 + 4 * row,
            str(column),
            hidden=(row, column) in pattern,
            region=str(row),
        )
        for row, column in itertools.product(range(4), range(4))
    ]
    assert also_hidden(cells)


@pytest.mark.parametrize("seed", range(30))
def test_no_hidden_cell_of_a_random_table_is_fixed_by_its_margins(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.choice([0, 1, 3, 6, 12, 40], size=(int(rng.integers(2, 6)), int(rng.integers(2, 6))))
    rows = tuple(
        counted(int(count), int(table[place].sum()), str(column), region=str(place))
        for place, line in enumerate(table)
        for column, count in enumerate(line)
    )
    released = release(Estimate("share", rows, children()))
    hidden = [(place // table.shape[1], place % table.shape[1]) for place in sorted(released.hidden)]
    if hidden and len(hidden) < table.size:
        _assert_not_fixed(hidden)


def _assert_not_fixed(hidden: list[tuple[int, int]]) -> None:
    """Each hidden cell takes part in a change of the hidden cells that leaves every row and column total as it is."""
    lines = [("row", row) for row, _ in hidden] + [("column", column) for _, column in hidden]
    sums = np.array(
        [[float(line in (("row", row), ("column", column))) for row, column in hidden] for line in dict.fromkeys(lines)]
    )
    _, size, vectors = np.linalg.svd(sums)
    free = vectors[int((size > 1e-9).sum()) :]
    assert (np.abs(free).max(axis=0, initial=0) > 1e-9).all()


def test_one_cell_has_one_key_however_it_was_asked_for() -> None:
    row = counted(9, 60, "4", "5", region="a")
    asked = [
        f'proportion({DATA}, "b1_stage", category="user", by="region")',
        f'proportion({DATA}, ["b1_stage_m1", "b1_stage_m2"], category=("4", "5"), by="region")',
        'proportion(design(load("network_methods/2018"), strata="region"), "b1_stage", by="region").only(region="a")',
    ]
    assert len({cell_key(Estimate("share", (row,), children(code)), row) for code in asked}) == 1
    other = [
        f'proportion({DATA}.domain("size == 1"), "b1_stage")',
        'proportion(design(load("network_methods/2015")), "x")',
    ]
    assert len({cell_key(Estimate("share", (row,), children(code)), row) for code in (asked[0], *other)}) == 3


def test_the_plan_sees_links_between_exhibits_that_neither_shows_alone() -> None:
    parts = release(Estimate("share", (counted(2, 60, "1"), counted(20, 60, "2"), counted(38, 60, "3")), children()))
    union = children(f'proportion({DATA}, "why", category=("1", "3"))')
    joined = release(Estimate("share", (counted(40, 60, "1", "3"),), union))
    assert parts.hidden == {0, 1}
    assert not joined.hidden
    decided = plan([*parts.cells, *joined.cells])
    assert release(joined.result, decided).hidden == {0}
    assert release(parts.result, decided).hidden == {0, 1}


def test_sums_and_quartiles_of_few_municipalities_are_hidden_because_they_can_be_solved() -> None:
    def hidden(measure: str, n: int) -> bool:
        row = Row((("item", "placed"),), ("placed",), 500.0, n, float(n), "sum", summed=4919.0)
        return bool(release(Estimate(measure, (row,), children())).hidden)  # type: ignore[arg-type]

    assert [hidden("total", n) for n in (3, 4, 5)] == [True, True, False]
    assert [hidden("quantile", n) for n in (4, 9, 10)] == [True, True, False]


def test_what_two_crossed_groups_leave_over_is_not_taken_for_the_same() -> None:
    """Small ones in the north and large ones in the south are not told of: their remainders are of other sizes."""
    told = {("north", "large"): 9, ("south", "small"): 2, ("north", ""): 20, ("south", ""): 30, ("", "large"): 40}
    cells = []
    for (region, size), count in told.items():
        group = tuple((name, value) for name, value in (("region", region), ("size", size)) if value)
        hidden = count < 5
        rule = "small_count" if hidden else "complementary"
        cells.append(
            ConfidentialCell(f"{group}", count, 3 * count, rule, hidden, "why", group, ("1",), 5, 5 if hidden else 1)
        )
    cells.append(ConfidentialCell("all", 50, 150, "complementary", False, "why", (), ("1",), 5, 1))
    found = plan(cells).audit
    assert found is not None
    assert not found.breaches
