"""What the groups' figures are made of: who was taken in when, and their answers as they stood then.

Later changes of an answer never reach the figures: what changes between two versions of a page would be one answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaltools.provenance import sha256_of
from evaltools.sheets.batches import Cell, next_batch
from evaltools.store import Response, Snapshot, Store, Unit, WaveSnapshot, versions

GROUPINGS: Final = ("region", "size")
"""The two frame columns that pages compare by."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches so far, oldest first: unit -> the version of its response that was taken in."""

    taken_in: tuple[Mapping[str, int], ...] = ()

    @property
    def versions(self) -> Mapping[str, int]:
        """Everybody who counts in the figures, with the version that does."""
        return {unit: version for batch in self.taken_in for unit, version in batch.items()}

    @property
    def sha256(self) -> str:
        """What the figures are made from, as a hash."""
        return sha256_of([dict(batch) for batch in self.taken_in])


def cell_of(unit: Unit) -> Cell:
    """The groups of a unit; "" where its frame has no such column."""
    first, second = (str(unit.frame.get(name, "")) for name in GROUPINGS)
    return first, second


def with_next(batches: Batches, wave: WaveSnapshot) -> Batches:
    """The batches with one more, where enough have answered since; else the same."""
    cells = {unit.code: cell_of(unit) for unit in wave.units}
    submitted = {each.unit: each.version for each in wave.responses if each.disposition == "submitted"}
    known = batches.versions
    batch = next_batch({unit: cells[unit] for unit in submitted if unit not in known})
    if not batch:
        return batches
    return Batches((*batches.taken_in, {unit: submitted[unit] for unit in sorted(batch)}))


def frozen_snapshot(store: Store, wave: WaveSnapshot, batches: Batches, *, erased: bool = False) -> Snapshot | None:
    """The wave as if only those taken in had answered, each with the version that was; None where one is erased.

    Figures without the erased answer would, beside the earlier ones, tell it: so the earlier ones stay.
    erased : give the others also where one is erased.
    """
    responses = tuple(_frozen(store, wave, batches))
    if len(responses) < len(batches.versions) and not erased:
        return None
    return Snapshot((replace(wave, responses=responses),), {}, batches.sha256)


def _frozen(store: Store, wave: WaveSnapshot, batches: Batches) -> Iterator[Response]:
    for unit, number in sorted(batches.versions.items()):
        for version in versions(store, wave.survey, wave.wave, unit):
            if version.number == number and version.content_sha256:
                yield Response(
                    wave.survey, wave.wave, unit, "", "submitted", version.answers, number, version.at, version.channel
                )
