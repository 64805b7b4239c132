"""Labels and names fitted to one format, with a note for each thing that had to change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from evaltools.exchange.limits import Limit, safe_names
from evaltools.exchange.model import Column, Format, Note, Sheet


@dataclass(frozen=True, slots=True)
class FormatLimits:
    """How long names and labels may be in one format, and the names it keeps for itself."""

    format: Format
    name: Limit
    variable_label: Limit
    value_label: Limit
    text: Limit
    reserved: Collection[str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Names and labels as they will be written, by the column's own name, and the notes on changes."""

    names: Mapping[str, str]
    labels: Mapping[str, str]
    notes: tuple[Note, ...]


def fit_labels(sheet: Sheet, limits: FormatLimits) -> Fitted:
    """Fit the names and variable labels of a sheet, and say which of all its texts had to be cut."""
    names = safe_names([column.name for column in sheet.columns], limits.name, limits.reserved)
    renamed = {old: new for old, new in names.items() if old != new}
    detail = ", ".join(f"{old} -> {new}" for old, new in renamed.items())
    cut_labels = [column.name for column in sheet.columns if not limits.variable_label.holds(column.label)]
    cut_values = [column.name for column in sheet.columns if not _labels_fit(column, limits)]
    cut_texts = [column.name for column in sheet.columns if not _texts_fit(column, limits)]
    notes = [
        Note(limits.format, "names", "renamed", tuple(renamed), detail),
        Note(
            limits.format,
            "variable_labels",
            f"cut_{limits.variable_label.counted_in}",
            tuple(cut_labels),
            str(limits.variable_label.size),
        ),
        Note(
            limits.format,
            "value_labels",
            f"cut_{limits.value_label.counted_in}",
            tuple(cut_values),
            str(limits.value_label.size),
        ),
        Note(limits.format, "values", f"cut_{limits.text.counted_in}", tuple(cut_texts), str(limits.text.size)),
    ]
    labels = {column.name: limits.variable_label.fit(column.label) for column in sheet.columns}
    return Fitted(names, labels, tuple(note for note in notes if note.columns))


def _labels_fit(column: Column, limits: FormatLimits) -> bool:
    return all(limits.value_label.holds(label) for label in [*column.labels.values(), *column.missing.values()])


def _texts_fit(column: Column, limits: FormatLimits) -> bool:
    return column.kind != "text" or all(limits.text.holds(text) for text in column.values.dropna())
