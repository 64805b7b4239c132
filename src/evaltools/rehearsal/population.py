"""Made-up municipalities: real regions, groups and size classes under names that no Danish municipality has."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib import resources

from evaltools.errors import Fault, StoreError
from evaltools.store import Unit

FIRST_CODE = 9001


def invented_units(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The same frame under invented names, labels and codes (9001, 9002, ...); nothing else of a unit goes along.

    Raises: `StoreError` TOO_MANY_UNITS where there are more units than invented names.
    """
    names = _names()
    if len(units) > len(names):
        problem = f"there are {len(units)} units and {len(names)} invented names"
        raise StoreError(Fault("TOO_MANY_UNITS", "rehearsal", problem, "Add names to rehearsal/names.csv."))
    return tuple(
        Unit(str(FIRST_CODE + place), name, _frame(unit, label))
        for place, (unit, (name, label)) in enumerate(zip(units, names, strict=False))
    )


def _frame(unit: Unit, label: str) -> dict[str, str]:
    return {column: label if column == "label" else value for column, value in unit.frame.items()}


def _names() -> list[tuple[str, str]]:
    text = resources.files("evaltools.rehearsal").joinpath("names.csv").read_text("utf-8")
    return [(row["name"], row["label"]) for row in csv.DictReader(text.splitlines())]
