"""Rounding and merging in place of hiding, and what each costs."""

from __future__ import annotations

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.present import information_lost, merges, plan, release, release_rounded
from made_results import shares, source

DATA = 'design(load("network_methods/2018"))'
KIND = source("children", code=f'proportion({DATA}, "why", by="size")')


def counted(count: int, n: int, size: str) -> Row:
    coordinates = (("item", "why"), ("category", "1"), ("size", size))
    return Row(coordinates, ("", "", size), count / n, n, float(n), "exact", count=count, counted=("why", ("1",)))


def by_size(*counts: int) -> Estimate:
    return Estimate("share", tuple(counted(count, 60, str(place)) for place, count in enumerate(counts)), KIND)


def test_rounded_counts_are_shown_where_exact_ones_would_be_hidden() -> None:
    result = by_size(2, 17, 33)
    assert release(result).hidden
    rounded = release_rounded(result)
    assert not rounded.hidden
    assert isinstance(rounded.result, Estimate)
    assert [row.count for row in rounded.result.rows] == [0, 20, 30]
    assert rounded.result.rows[1].method == "antal afrundet til nærmeste 10"
    assert rounded.result.rows[1].low is None


def test_a_rounded_figure_leaves_the_range_that_its_cell_needs() -> None:
    decided = plan(release_rounded(by_size(2, 17, 33)).cells)
    assert decided.audit is not None
    assert not decided.audit.breaches
    assert decided.audit.narrowest is not None
    assert decided.audit.narrowest.share < 3, "what a rounded figure tells counts as known"


def test_what_is_shown_beside_a_rounded_figure_counts_too() -> None:
    """Rounded by size and exact in all: the exact total of the hidden sizes narrows what the rounding leaves."""
    rounded = release_rounded(by_size(2, 1, 33))
    whole = Row(
        (("item", "why"), ("category", "1")), ("", ""), 36 / 180, 180, 180.0, "", count=36, counted=("why", ("1",))
    )
    total = release(Estimate("share", (whole,), source("children", code=f'proportion({DATA}, "why")')))
    decided = plan([*rounded.cells, *total.cells])
    assert decided.audit is not None
    assert not decided.audit.breaches


def test_the_base_is_never_so_small_that_nought_means_too_few() -> None:
    rows = release_rounded(by_size(4, 5, 33), base=3).result
    assert isinstance(rows, Estimate)
    assert [row.count for row in rows.rows] == [0, 0, 30]


def test_neighbours_are_merged_until_each_may_be_shown() -> None:
    assert merges(by_size(2, 17, 33, 3, 20), "size") == (("0", "1"), ("2",), ("3", "4"))
    assert merges(by_size(20, 17), "size") == (("0",), ("1",))


@pytest.mark.parametrize(
    ("counts", "by", "code"), [((2, 1), "size", "NOTHING_TO_MERGE"), ((9, 9), "region", "NO_SUCH_COORDINATE")]
)
def test_what_cannot_be_merged_is_refused(counts: tuple[int, ...], by: str, code: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        merges(by_size(*counts), by)
    assert refused.value.code == code


def test_practice_is_not_rounded() -> None:
    with pytest.raises(ReleaseError) as refused:
        release_rounded(shares({"m1": (20, 60)}))
    assert refused.value.code == "NOT_ROUNDED"


def test_the_author_is_told_what_hiding_and_rounding_cost() -> None:
    result = by_size(2, 18, 30)
    hidden, rounded = information_lost(release(result)), information_lost(release_rounded(result))
    assert (hidden.cells, hidden.of, hidden.counted, hidden.moved) == (2, 3, 20 / 50, 0)
    assert (rounded.cells, rounded.counted, round(rounded.moved, 2)) == (0, 0, 1.33)
