"""The audit solves the range of every hidden cell, and hides what would make one too narrow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate, Row, Source, Sum, Term
from evaltools.language import Language
from evaltools.present import check_audit, nesting, plan, release
from evaltools.present.model import ConfidentialCell, Part, Told
from evaltools.schema.model import Confidentiality
from made_results import source

DATA = 'design(load("network_methods/2018"))'
LATER = 'design(load("network_methods/2020"))'


def cell(name: str, count: float, base: int, *codes: str, hidden: bool = False, **by: str) -> ConfidentialCell:
    rule = "small_count" if hidden else "complementary"
    width = min(5, base) if hidden else 1
    return ConfidentialCell(name, count, base, rule, hidden, "why", tuple(sorted(by.items())), codes, 5, width)


def amount(count: float, n: int, *largest: float, **by: str) -> Row:
    coordinates = (("item", "placed"), *by.items())
    return Row(
        coordinates, tuple(by.values()), count, n, float(n), "sum",
        summed=count, counted=("placed", ()), largest=largest,
    )  # fmt: skip


def of(kind: Confidentiality, code: str) -> Source:
    return source(kind, code=code)


def test_the_range_of_a_hidden_cell_is_what_the_shown_ones_leave() -> None:
    cells = [
        cell("a", 2, 30, hidden=True, region="a"),
        cell("b", 9, 30, hidden=True, region="b"),
        cell("c", 8, 30, region="c"),
        cell("all", 19, 90),
    ]
    found = plan(cells).audit
    assert found is not None
    assert {each.cell.key: (each.low, each.high) for each in found.ranges} == {"a": (0, 11), "b": (0, 11)}
    assert (found.hidden, found.breaches) == (2, ())


def test_a_cell_that_is_public_elsewhere_cannot_protect_and_the_gate_says_so() -> None:
    known = replace(cell("b", 9, 30, region="b"), public=True)
    total = replace(cell("all", 11, 60), public=True)
    decided = plan([cell("a", 2, 30, hidden=True, region="a"), known, total])
    with pytest.raises(ReleaseError) as refused:
        check_audit(decided)
    assert refused.value.code == "BOUNDED_CLOSELY"
    assert "region=a" in str(refused.value)
    assert "can be worked out exactly" in str(refused.value)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Hvorfor?: Tid, Nord: the number is hidden",
                'ev.merges(result, "region")',
                "leave out the breakdown by region",
            ),
        ),
        ("da", ("Hvorfor?: Tid, Nord: tallet er skjult", "på nær 3; mindst 5", "udelad opdelingen efter region")),
    ],
)
def test_the_gate_names_the_cell_as_the_memo_does_and_says_what_to_do(
    language: Language, words: tuple[str, ...]
) -> None:
    beside = [replace(cell("b", 1, 30, region="b"), public=True), replace(cell("all", 4, 60), public=True)]
    narrow = replace(cell("a", 3, 30, hidden=True, region="a"), label="Hvorfor?: Tid, Nord")
    exact = plan([narrow, *beside])
    bounded = plan(
        [
            narrow,
            replace(beside[0], count=0, public=False, hidden=True, rule="small_count"),
            replace(beside[1], count=3),
        ]
    )
    messages = []
    for decided in (exact, bounded):
        with pytest.raises(ReleaseError) as refused:
            check_audit(decided, language=language)
        messages.append(str(refused.value))
    assert all(any(each in message for message in messages) for each in words), messages


def test_a_released_cell_carries_its_question_and_labels() -> None:
    row = Row((("category", "1"), ("region", "n")), ("Tid", "Nord"), 0.5, 4, 4.0, "", count=2, counted=("why", ("1",)))
    (found,) = release(Estimate("share", (row,), source("opinion", code=DATA))).cells
    assert found.label.endswith("Tid, Nord")


def test_a_range_that_is_narrow_but_not_a_point_is_widened_too() -> None:
    """2 and 1 beside each other are 3 together: each is then known to be at most 3."""
    cells = [
        cell("a", 2, 30, hidden=True, region="a"),
        cell("b", 1, 30, hidden=True, region="b"),
        cell("c", 8, 30, region="c"),
        cell("all", 11, 90),
    ]
    assert plan(cells).hidden == {"a", "b", "c"}


def test_a_national_total_is_the_last_to_vanish() -> None:
    cells = [cell(str(place), 40 + place, 90, region=str(place)) for place in range(4)]
    cells += [cell("small", 3, 50, hidden=True, region="x"), cell("all", 209, 410)]
    hidden = plan(cells).hidden
    assert len(hidden) == 2
    assert "all" not in hidden


def test_a_weighted_total_with_public_weights_does_not_give_a_count_back() -> None:
    parts = [cell("a", 2, 30, hidden=True, region="a"), cell("b", 9, 30, region="b"), cell("c", 30, 30, region="c")]
    weights = {"a": 2.0, "b": 1.5, "c": 1.25}
    told = Told(
        2 * 2 + 9 * 1.5 + 30 * 1.25,
        tuple(Part(weight, "why", (("region", name),), (), 30) for name, weight in weights.items()),
    )
    whole = replace(cell("all", 41, 90), tells=(told,))
    without, hidden = plan([*parts, cell("all", 41, 90)]).hidden, plan([*parts, whole]).hidden
    assert without == {"a", "b"}
    assert hidden > without, "two sums of two hidden cells would give both back"


def test_the_sum_below_a_ratio_is_a_cell_of_its_own_column() -> None:
    placed = release(Estimate("total", (amount(4, 20, 2, 1),), of("children", f'total({DATA}, "placed")')))
    assert placed.hidden == {0}
    below = Sum(4.0, (Term(1.0, DATA, "placed", 20, (("item", "placed"),)),))
    row = Row((("item", "share"),), ("share",), 0.0, 20, 20.0, "r", summed=0.0, summed_of=60.0, counted=("kin", ()))
    ratio = release(
        Estimate("ratio", (replace(row, tells=(below,)),), of("children", f'ratio({DATA}, "kin", "placed")'))
    )
    assert not ratio.hidden
    assert ratio.cells[0].key in plan([*placed.cells, *ratio.cells]).hidden


def test_a_difference_between_waves_does_not_give_the_hidden_wave_back() -> None:
    earlier, later = (
        Row((("item", "why"), ("category", "1")), ("", ""), count / 60, 60, 60.0, "", count=count,
            counted=("why", ("1",)))
        for count in (2, 20)
    )  # fmt: skip
    first = release(Estimate("share", (earlier,), of("opinion", f'proportion({DATA}, "why")')))
    second = release(Estimate("share", (later,), of("opinion", f'proportion({LATER}, "why")')))
    terms = (
        Term(1 / 60, LATER, "why", 60, later.coordinates, ("1",)),
        Term(-1 / 60, DATA, "why", 60, earlier.coordinates, ("1",)),
    )
    change = Row(later.coordinates, ("", ""), 18 / 60, 60, 60.0, "", tells=(Sum(18 / 60, terms),))
    third = release(Estimate("difference", (change,), of("opinion", f'change({DATA}, {LATER}, "why")')))
    assert (len(first.hidden), len(second.hidden), len(third.hidden)) == (1, 0, 0)
    hidden = plan([*first.cells, *second.cells, *third.cells]).hidden
    assert second.cells[0].key in hidden or third.cells[0].key in hidden


def test_a_hierarchy_links_towns_to_their_region_and_the_country() -> None:
    frames = [{"region": "a", "town": "a1"}, {"region": "a", "town": "a2"}, {"region": "b", "town": "b1"}]
    cells = [
        cell("a1", 2, 20, hidden=True, town="a1"),
        cell("a2", 9, 20, town="a2"),
        cell("b1", 8, 20, hidden=True, town="b1"),
        cell("a", 11, 40, region="a"),
        cell("b", 8, 20, region="b"),
    ]
    assert "a2" not in plan(cells).hidden
    assert {"a2", "b"} <= plan(cells, nested=nesting([*frames, {"region": "b", "town": "b2"}])).hidden


def test_what_a_total_leaves_when_the_shown_parts_are_taken_from_it_is_a_cell_too() -> None:
    """60 municipalities in all and 58 in two regions: the difference tells two municipalities' answers."""
    cells = [cell("a", 20, 30, "1", region="a"), cell("b", 20, 28, "1", region="b"), cell("all", 41, 60, "1")]
    assert plan(cells).hidden
    assert not plan([*cells[:2], replace(cells[2], count=40, base=58)]).hidden


@pytest.mark.parametrize(
    ("largest", "hidden"), [((80, 5), True), ((60, 35), True), ((55, 40), True), ((30, 20), False), ((74, 1), False)]
)
def test_an_amount_that_one_or_two_units_dominate_is_hidden(largest: tuple[int, int], hidden: bool) -> None:
    row = amount(100, 20, *largest, region="a")
    assert bool(release(Estimate("total", (row,), of("children", f'total({DATA}, "placed")'))).hidden) is hidden
    assert not release(Estimate("total", (row,), of("practice", f'total({DATA}, "placed")'))).hidden


def test_a_group_in_which_everybody_answered_the_same_is_flagged_and_shown() -> None:
    decided = plan([cell("all-alike", 30, 30, "1", region="a"), cell("mixed", 12, 30, "1", region="b")])
    assert decided.audit is not None
    assert (decided.audit.alike, decided.hidden) == (("all-alike",), frozenset())
