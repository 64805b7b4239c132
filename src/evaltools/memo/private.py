"""The private files of a build: the release plan goes in to a chapter, its confidential cells come out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaltools.present.model import ConfidentialCell, Group, Part, ReleasePlan, Told


@dataclass(frozen=True, slots=True)
class ChapterFiles:
    """What one chapter reads (snapshot, plan) and writes (cells). The folder is deleted after the build."""

    snapshot: Path
    plan: Path
    cells: Path


def write_plan(plan: ReleasePlan, path: Path) -> None:
    """Write the plan for chapters to read."""
    cells = {"hidden": sorted(plan.hidden), "decided": sorted(plan.decided)}
    content = {"id": plan.id, "thresholds": dict(plan.thresholds), **cells}
    path.write_text(json.dumps(content), "utf-8")


def read_plan(path: Path) -> ReleasePlan:
    """The plan of the build that this chapter is part of."""
    content = json.loads(path.read_text("utf-8"))
    hidden, decided = frozenset(content["hidden"]), frozenset(content["decided"])
    return ReleasePlan(content["id"], hidden, content["thresholds"], decided=decided)


def append_cells(cells: Iterable[ConfidentialCell], path: Path) -> None:
    """Hand the confidential cells of one exhibit to the build."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(cell)) + "\n" for cell in cells)


def read_cells(path: Path) -> tuple[ConfidentialCell, ...]:
    """All cells that a chapter handed over; none if it showed nothing confidential."""
    if not path.exists():
        return ()
    return tuple(_cell(json.loads(line)) for line in path.read_text("utf-8").splitlines())


def _cell(content: dict[str, Any]) -> ConfidentialCell:
    tells = tuple(Told(told["value"], tuple(map(_part, told["parts"]))) for told in content["tells"])
    within = None if content["within"] is None else tuple(content["within"])
    read = {"group": _group(content["group"]), "codes": tuple(content["codes"]), "tells": tells, "within": within}
    return ConfidentialCell(**{**content, **read})


def _part(content: dict[str, Any]) -> Part:
    return Part(**{**content, "group": _group(content["group"]), "codes": tuple(content["codes"])})


def _group(content: Iterable[Iterable[str]]) -> Group:
    return tuple((name, value) for name, value in content)
