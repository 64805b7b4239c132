"""The figures that stand beside an answer: what was answered last time, and what the register says."""

from __future__ import annotations

from collections.abc import Mapping

from evaltools.collect.workbook.cells import shown_kind, shown_value
from evaltools.collect.workbook.layout import Line
from evaltools.collect.workbook.model import Contents
from evaltools.language import Language


def figures_beside(line: Line, contents: Contents, language: Language) -> Mapping[str, object]:
    """What stands in the columns `last` and `register` of a line; only what there is."""
    figures = {"last": _last(line, contents, language), "register": _register(line, contents, language)}
    return {role: figure for role, figure in figures.items() if figure != ""}


def _last(line: Line, contents: Contents, language: Language) -> object:
    if line.field is None or line.kind not in ("field", "choice", "options") or not contents.responses:
        return ""
    value = contents.responses[0].last.get(line.field.name)
    shown = "" if line.kind == "options" else shown_value(line, value, language)
    return shown_kind(line.field, value, language) if shown == "" and line.kind != "choice" else shown


def _register(line: Line, contents: Contents, language: Language) -> object:
    """The register's figure; a code by its label."""
    if line.field is None or line.kind != "field" or line.field.part or line.field.row is not None:
        return ""
    figure = contents.references.get(line.field.item.reference)
    if figure is None or line.field.kind != "single":
        return "" if figure is None else figure
    return shown_value(line, f"{figure:g}", language)
