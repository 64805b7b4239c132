"""A yearly register: one record a year, what a year tells, and where the children of a year live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaltools.collect import Answers
from evaltools.local.counting import amount, quotient, whole
from evaltools.local.dividing import divided, part_number
from evaltools.local.model import LocalRecord
from evaltools.local.setting import Local
from evaltools.present import Released
from evaltools.schema.thresholds import thresholds

KINDS: Final = ("network", "foster", "institution", "other")
"""Where placed children live."""
_REST: Final = "rest"
_SHARES: Final[Mapping[str, str]] = {"r5_network": "network", "r5_foster": "foster", "r5_institution": "institution"}
"""Indicators that are a part of the children of a year."""
_IN_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "foster": ("placed_network", "placed_foster"),
    "institution": ("placed_institution",),
}
_DAYS_PER_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the register."""

    year: int
    record: LocalRecord

    @property
    def values(self) -> Answers:
        """The answers of the year."""
        return self.record.values


def years(local: Local) -> tuple[Year, ...]:
    """The years in order; of several records for a year the first one in the file counts."""
    found: dict[int, Year] = {}
    for record in local.records:
        at = whole(record.values, "record_year")
        if at is not None:
            found.setdefault(at, Year(at, record))
    return tuple(found[at] for at in sorted(found))


def told_year(over: tuple[Year, ...]) -> Year:
    """The latest year that tells how many children lived in network care; the latest of all where none does."""
    return ([year for year in over if knows(year, "network")] or list(over))[-1]


def mix(local: Local, over: tuple[Year, ...]) -> Released | None:
    """Where the children of each year live, released as one: the parts of a year add up to those placed."""
    return divided(local, (each for year in over for each in _children(year)), "children")


def _children(year: Year) -> Iterator[tuple[str, str]]:
    """One pair per placed child; those whose place is not told are a part of their own."""
    placed = whole(year.values, "placed")
    if placed is None:
        return
    told = {kind: whole(year.values, f"placed_{kind}") or 0 for kind in KINDS}
    told[_REST] = placed - sum(told.values())
    for kind, count in told.items():
        yield from [(str(year.year), kind)] * count


def knows(year: Year, kind: str) -> bool:
    """Whether the year tells how many children lived in a kind of place."""
    return whole(year.values, "placed") is not None and whole(year.values, f"placed_{kind}") is not None


def of_year(local: Local, year: Year, together: Released | None) -> Local:
    """The register with one year only; its shares are hidden where the parts of that year are.

    together : the parts of all years, from `mix`.
    """
    hidden = set()
    for name, kind in _SHARES.items():
        number = part_number(local, together, str(year.year), kind) if together is not None else None
        if number is not None and number.disclosure == "hidden":
            hidden.add(name)
    return replace(local, file=replace(local.file, records=(year.record,)), veiled=frozenset(hidden), counted={})


def may_tell_days(local: Local, year: Year, kind: str) -> bool:
    """Whether what a day costs may be told: not where it would be the cost of a handful of children."""
    if local.internal:
        return True
    least = thresholds()["children"]
    days = amount(year.values.get(f"days_{kind}"))
    told = [whole(year.values, name) for name in _IN_KIND[kind]]
    count = sum(each for each in told if each is not None)
    return days is not None and days >= least * _DAYS_PER_YEAR and not 0 < count < least


def per_post(local: Local, year: Year) -> float | None:
    """Cases per caseworker post, where both may be told."""
    found = quotient(local.indicators["r5_cases_per_post"], local.file.questionnaire, year.values)
    if found is None or (
        not local.internal and (found[1] < thresholds()["staff"] or found[0] < thresholds()["children"])
    ):
        return None
    return found[0] / found[1]
