"""Two or three people at one response, in any order: nobody's answer is silently lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evaltools.store import Store, Unit, open_store, open_wave, verify_store
from evaltools.store.answers import merging, receiving
from tiny_survey import FIELDWORK, WHEN, tiny, write_tiny
from two_editors import Lost, interleave

UNITS_OF_A_STORE = 500
SAMPLE = 250


def run(root: Path, seeds: range) -> Counter[str]:
    """Every interleaving at a unit of its own; a fresh store for each 500 of them."""
    write_tiny(root)
    questionnaire = tiny(root)
    tally: Counter[str] = Counter()
    for first in range(seeds.start, seeds.stop, UNITS_OF_A_STORE):
        part = range(first, min(first + UNITS_OF_A_STORE, seeds.stop))
        units = [Unit(f"{seed:05d}", f"Kommune {seed}", {}) for seed in part]
        with open_store(root / f"{first}.db", create=True) as store:
            relax(store)
            open_wave(store, questionnaire, units, origin="collected", at=WHEN, fieldwork=FIELDWORK)
            for seed in part:
                interleave(store, questionnaire, f"{seed:05d}", seed, tally)
            assert verify_store(store) == ()
    return tally


def relax(store: Store) -> None:
    """What is proven here is who overwrites whom, not the disk."""
    connection = store.engine.raw_connection()
    connection.cursor().execute("PRAGMA synchronous = OFF")
    connection.close()


def tell(tally: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(tally.items()))


def test_no_answer_is_silently_lost_in_a_sample_of_interleavings(tmp_path: Path) -> None:
    tally = run(tmp_path, range(SAMPLE))
    assert tally["interleavings"] == SAMPLE
    for event in (
        "Saved",
        "Conflict",
        "Refused",
        "retry",
        "reopen",
        "chose ours",
        "chose new",
        "chose theirs",
        "still shown as it was",
    ):
        assert tally[event] > 10, tell(tally)


@pytest.mark.proof
def test_no_answer_is_silently_lost_in_ten_thousand_interleavings(tmp_path: Path) -> None:
    tally = run(tmp_path, range(10_000))
    print(f"0 silently lost answers: {tell(tally)}")  # noqa: T201
    assert tally["interleavings"] == 10_000


def _nobody_conflicts(_connection: Any, _stand: Any, ours: Any, _language: Any, **_: Any) -> merging.Merged:
    return merging.Merged(ours)


def _everything_was_seen(*_: Any) -> Mapping[str, str]:
    return {}


def _the_version_of_the_page(stand: merging.Stand, _: str) -> int:
    return stand.base_version or 0


MUTATIONS: dict[str, tuple[Any, str, Any]] = {
    "a stale save overwrites": (receiving, "merge", _nobody_conflicts),
    "sums do not count as one": (merging, "tied_fields", lambda _: {}),
    "nobody knows what was seen": (merging, "_values_seen", _everything_was_seen),
    "what others changed is not told": (
        merging,
        "Merged",
        lambda changes, others=None: type("Quiet", (), {"changes": changes, "others": ()})(),
    ),
    "a save makes all seen that a page shows": (merging.Stand, "base_of", _the_version_of_the_page),
    "every stale value clashes": (merging._Sight, "is_ours", lambda _, name: True),
}


@pytest.fixture(params=sorted(MUTATIONS))
def _mutated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*MUTATIONS[request.param])


@pytest.mark.usefixtures("_mutated")
def test_a_merge_that_was_tampered_with_is_caught(tmp_path: Path) -> None:
    with pytest.raises(Lost):
        run(tmp_path, range(SAMPLE))
