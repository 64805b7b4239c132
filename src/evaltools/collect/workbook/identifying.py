"""Whose workbook came in: said on a hidden sheet and again in the properties of the file, and signed."""

from __future__ import annotations

from collections.abc import Mapping

from evaltools.collect.model import Problem
from evaltools.collect.workbook.gate import said
from evaltools.collect.workbook.identity import ABOUT, SIGNATURE, VERSION, WHOLE_UNIT, from_text, is_signed
from evaltools.collect.workbook.model import Identity
from evaltools.collect.workbook.opening import RawCell, RawWorkbook
from evaltools.language import Language
from evaltools.schema.model import Questionnaire


def identify(raw: RawWorkbook, key: bytes, language: Language) -> Identity | Problem:
    """Whose workbook it is, or why that cannot be trusted. The copy for reading belongs to nobody: its unit is empty.

    Codes: WORKBOOK_NO_IDENTITY, WORKBOOK_MIXED (the two places disagree), WORKBOOK_NOT_OURS (not signed with `key`).
    """
    on_sheet, sheet_signature = _on_sheet(raw)
    in_file, file_signature = _in_properties(raw)
    found = on_sheet or in_file
    if found is None:
        return said("WORKBOOK_NO_IDENTITY", language)
    if _disagree(on_sheet, in_file) or (sheet_signature and file_signature and sheet_signature != file_signature):
        return said("WORKBOOK_MIXED", language)
    signature = sheet_signature or file_signature
    if not found.unit and not signature:
        return found
    return found if is_signed(found, signature, key) else said("WORKBOOK_NOT_OURS", language)


def mismatch(identity: Identity, q: Questionnaire, unit: str, language: Language) -> Problem | None:
    """Why a workbook is not for this questionnaire and unit; None where it is.

    Codes: WORKBOOK_OTHER_WAVE, WORKBOOK_OTHER_VERSION (of the questionnaire), WORKBOOK_OTHER_UNIT.
    """
    if (identity.survey, identity.wave) != (q.survey, q.wave):
        return said("WORKBOOK_OTHER_WAVE", language, title=q.titled(language))
    if identity.schema_sha256 != q.content_sha256:
        return said("WORKBOOK_OTHER_VERSION", language)
    return said("WORKBOOK_OTHER_UNIT", language) if identity.unit not in ("", unit) else None


def _on_sheet(raw: RawWorkbook) -> tuple[Identity | None, str]:
    for cells in raw.sheets.values():
        texts = {(cell.row, cell.column): cell for cell in cells}
        if _text(texts, 1, 1) == ABOUT:
            signature = _text(texts, 2, 2) if _text(texts, 2, 1) == SIGNATURE else ""
            return from_text(_text(texts, 1, 2), _versions(cells)), signature
    return None, ""


def _versions(cells: tuple[RawCell, ...]) -> Mapping[str, int]:
    by_place = {(cell.row, cell.column): cell for cell in cells}
    rows = [cell.row for cell in cells if cell.column == 1 and cell.value == VERSION]
    versions: dict[str, int] = {}
    for row in rows:
        version = by_place.get((row, 3))
        if version is not None and isinstance(version.value, int):
            versions[_text(by_place, row, 2)] = version.value
    return versions


def _in_properties(raw: RawWorkbook) -> tuple[Identity | None, str]:
    version = raw.properties.get(VERSION, "")
    versions = {WHOLE_UNIT: int(version)} if version.isascii() and version.isdigit() else {}
    return from_text(raw.properties.get(ABOUT, ""), versions), raw.properties.get(SIGNATURE, "")


def _disagree(left: Identity | None, right: Identity | None) -> bool:
    """Whether both are there and tell different things. Records stand on the sheet only."""
    if left is None or right is None:
        return False
    names = ("survey", "wave", "schema_sha256", "unit", "language")
    return any(getattr(left, name) != getattr(right, name) for name in names) or (
        bool(right.versions) and right.versions != left.versions
    )


def _text(cells: Mapping[tuple[int, int], RawCell], row: int, column: int) -> str:
    cell = cells.get((row, column))
    return str(cell.value) if cell is not None else ""
