"""Going on after faults of shape: what does not fit is left out, so that the rest is checked in the same go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from evaltools.errors import Fault, SchemaError
from evaltools.schema.reading import Document, KeyPath
from evaltools.schema.shape import Model, faulty_paths, shape

ELEMENTS: Final = ("items", "rules", "categories", "codelists", "paths")
MISSED: Final = ("RULE_UNKNOWN_NAME", "UNKNOWN_NAME", "UNKNOWN_CODELIST", "EMPTY_SECTION", "EMPTY_CODELIST")
"""Codes of faults that may only say that something was left out."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What was left out: names of items and code lists, or `everything` when a module could not be read."""

    names: frozenset[str] = frozenset()
    everything: bool = False

    def explains(self, fault: Fault) -> bool:
        """Whether a fault may be there only because something was left out."""
        if fault.code not in MISSED:
            return False
        if self.everything or (self.names and fault.code.startswith("EMPTY")):
            return True
        return any(re.search(rf'"{re.escape(name)}(_\w+)?"', fault.problem) for name in self.names)


def shape_what_fits(model: type[Model], document: Document) -> tuple[Model, Document, tuple[Fault, ...], Lost]:
    """The document as that model without what does not fit, the faults of that, and what was left out.

    :raises SchemaError: if too little is left
    """
    try:
        return shape(model, document), document, (), Lost()
    except SchemaError as error:
        left_out = {_element(path, unknown) for path, unknown in faulty_paths(model, document)}
        if None in left_out:
            raise
        kept = {path for path in left_out if path is not None}
        lost = Lost(frozenset(name for path in kept for name in _names(document, path)))
        rest = _without(document, kept)
        try:
            return shape(model, rest), rest, error.faults, lost
        except SchemaError:
            raise error from None


def _element(path: KeyPath, unknown: bool) -> KeyPath | None:
    """What to leave out: the unknown key itself, or the item, rule or list around the fault."""
    if unknown:
        return path
    for n in range(len(path) - 1, 0, -1):
        if path[n - 1] in ELEMENTS:
            return path[: n + 1]
    return None


def _names(document: Document, path: KeyPath) -> list[str]:
    node: Any = document.data
    for key in path:
        node = node[key]
    if path[0] in ("codelists", "paths"):
        return [str(path[1])]
    return [node["name"]] if isinstance(node, dict) and isinstance(node.get("name"), str) else []


def _without(document: Document, left_out: Iterable[KeyPath]) -> Document:
    gone = set(left_out)
    lines: dict[KeyPath, tuple[int, int]] = {}

    def copy(node: Any, old: KeyPath, new: KeyPath) -> Any:
        if old in document.lines:
            lines[new] = document.lines[old]
        if isinstance(node, dict):
            return {key: copy(node[key], (*old, key), (*new, key)) for key in node if (*old, key) not in gone}
        if isinstance(node, list):
            kept = [n for n in range(len(node)) if (*old, n) not in gone]
            return [copy(node[n], (*old, n), (*new, at)) for at, n in enumerate(kept)]
        return node

    return Document(document.name, copy(document.data, (), ()), lines, document.text)
