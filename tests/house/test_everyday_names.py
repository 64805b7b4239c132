"""The face of the package: what it promises is there, loads lazily, and is one list."""

from __future__ import annotations

import evaltools as ev


def test_every_everyday_name_can_be_used() -> None:
    for name in ev.__all__:
        assert getattr(ev, name) is not None


def test_the_names_are_sorted_and_are_what_completion_offers() -> None:
    assert list(ev.__all__) == sorted(set(ev.__all__))
    assert dir(ev) == sorted(ev.__all__)
    assert set(ev._HOME) == set(ev.__all__)


def test_a_misspelt_name_is_an_attribute_error() -> None:
    assert not hasattr(ev, "proportoin")
