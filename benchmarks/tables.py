"""Prints the seconds for all tables of a survey: `python benchmarks/tables.py STORE [WAVE]`.

Every item that holds choices or numbers, without and by five breakdowns; choices of a grid are one table.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from evaltools.dataset import build_dataset
from evaltools.estimate import Design, Estimate, choices, design, mean, proportion
from evaltools.schema import Item
from evaltools.store import open_store, take_snapshot

BREAKDOWNS = (None, "region", "size", "group", "landsdel", "a5_project")


def table(made: Design, item: Item, by: str | None) -> Estimate | None:
    """The table of one item; None for notes and texts."""
    if item.kind in ("note", "text", "email", "date", "month", "count"):
        return None
    if item.kind == "multiple" or (item.kind == "grid" and item.cell == "multiple"):
        return choices(made, item.name, by=by)
    if item.kind == "single" or (item.kind == "grid" and item.cell == "single"):
        return proportion(made, item.name, by=by)
    return mean(made, item.name, by=by)


def main(arguments: list[str]) -> None:
    """One line per design: tables, rows and seconds."""
    with open_store(Path(arguments[0])) as store:
        snapshot = take_snapshot(store)
    data = build_dataset(arguments[1] if len(arguments) > 1 else "network_methods/2018", snapshot)
    for strata in (None, "region"):
        started = time.perf_counter()
        made = design(data, strata=strata)
        found = [table(made, item, by) for item in data.questionnaire.items for by in BREAKDOWNS]
        seconds = time.perf_counter() - started
        tables = [each for each in found if each is not None]
        rows = sum(len(each.rows) for each in tables)
        print(f"strata {strata or 'none':<8} {len(tables)} tables, {rows} rows: {seconds:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
