"""Every CSV file and workbook is written by the one way that makes texts neutral."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "evaltools"
NEUTRAL = SOURCE / "document" / "neutral.py"


def sources_with(*words: str) -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if any(word in path.read_text("utf-8") for word in words)]


def test_rows_of_csv_are_written_in_one_place_only() -> None:
    assert sources_with("csv.writer(", "csv.DictWriter(", ".to_csv(") == [NEUTRAL]


def test_every_workbook_takes_texts_as_texts() -> None:
    writers = sources_with("xlsxwriter.Workbook(", ".to_excel(")
    assert writers
    assert [path.name for path in writers if "WORKBOOK_OPTIONS" not in path.read_text("utf-8")] == []
