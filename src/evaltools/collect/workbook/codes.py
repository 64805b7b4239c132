"""The lists that drop-downs offer. They stand on a sheet of their own, and each has a named range.

A list inside a validation is split at commas by every program and may hold 255 characters; a range may not be.
"""

from __future__ import annotations

from typing import Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from evaltools.collect.workbook.identity import PREFIX
from evaltools.language import Language
from evaltools.schema.missing import missing_label
from evaltools.schema.model import Field

CODES: Final = f"{PREFIX}codes"
MARK: Final = "x"
"""What stands in the cell of a choice that is chosen."""


class CodeSheet:
    """The lists of one workbook, each once."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._names: dict[tuple[str, ...], str] = {}

    def choices(self, field: Field) -> str:
        """The named range with the categories of a single item."""
        return self._name(self.labels(field))

    def kinds(self, field: Field) -> str:
        """The named range with the kinds of missing that the field offers."""
        return self._name(self.missing_labels(field))

    def choices_and_kinds(self, field: Field) -> str:
        """Both in one list, where a table has one cell per field."""
        return self._name((*self.labels(field), *self.missing_labels(field)))

    def mark(self) -> str:
        """The named range with the mark of a choice."""
        return self._name((MARK,))

    def labels(self, field: Field) -> tuple[str, ...]:
        """The categories as the drop-down shows them; none for an item without a code list."""
        codelist = field.item.codelist if field.kind == "single" else None
        return tuple(category.label.to(self._language) for category in codelist.categories) if codelist else ()

    def missing_labels(self, field: Field) -> tuple[str, ...]:
        """The kinds of missing as the drop-down shows them."""
        return tuple(missing_label(kind, self._language) for kind in field.item.missing)

    def _name(self, labels: tuple[str, ...]) -> str:
        return self._names.setdefault(labels, f"codes_{len(self._names) + 1}")

    def write(self, workbook: xlsxwriter.Workbook, name: str) -> None:
        """The hidden sheet, one list per column."""
        sheet = workbook.add_worksheet(name)
        sheet.write_string(0, 0, CODES)
        for column, (labels, range_name) in enumerate(self._names.items()):
            for row, label in enumerate(labels, start=1):
                sheet.write_string(row, column, label)
            first, last = (xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in (1, len(labels)))
            workbook.define_name(range_name, f"='{name}'!{first}:{last}")
        sheet.protect()
        sheet.very_hidden()
