"""Which fields a sum ties together."""

from __future__ import annotations

from pathlib import Path

from evaltools.schema import read_survey, tied_fields

SURVEYS = Path(__file__).parents[3] / "surveys"
NETWORK = tied_fields(read_survey(SURVEYS / "network_methods/2018"))
INVESTMENT = tied_fields(read_survey(SURVEYS / "investment/1"))


def test_a_part_is_tied_to_its_total_and_no_further() -> None:
    assert NETWORK["f1_placed"] == {"f2_foster"}
    assert NETWORK["f2_foster"] == {"f1_placed", "f3_network"}


def test_parts_that_are_added_up_are_tied_to_one_another_and_to_the_total() -> None:
    parts = {"placed_foster", "placed_network", "placed_institution", "placed_other"}
    for part in parts:
        assert INVESTMENT[part] == parts - {part} | {"placed"}


def test_parts_that_are_only_held_against_the_total_are_not_tied_to_one_another() -> None:
    assert NETWORK["d5_core_m1_a"] == {"d4_meetings_m1"}
    assert len(NETWORK["d4_meetings_m1"]) == 9


def test_a_count_and_what_it_is_out_of_are_tied() -> None:
    assert NETWORK["b8_considered"] == {"b8_considered_of"}
    assert INVESTMENT["dropouts_of"] == {"dropouts"}


def test_ties_go_both_ways_and_hold_numbers_only() -> None:
    for ties in (NETWORK, INVESTMENT):
        for name, others in ties.items():
            assert name not in others
            assert all(name in ties[other] for other in others)
    assert not {name for name in NETWORK if name.startswith(("b1_", "c1_"))}
