"""Local reports made once for all tests that look at them: each system for publication and for its owner alone."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaltools.language import Language
from evaltools.local import Report, Wish, report_from, write_report
from local_files import ROOT, Line, first_place, lines, write_csv
from pdf_words import pdf_words

SURVEYS = {"investment": "investment", "interviews": "foster_interview", "leaders": "leaders_network"}
DAY = dt.date(2018, 12, 31)


@dataclass(frozen=True)
class Made:
    """A report, its files, and all that can be read in any of them."""

    report: Report
    files: dict[str, Path]
    text: dict[str, str]

    @property
    def shown(self) -> str:
        return " ".join(self.text[".pdf"].split())


@cache
def rehearsed(system: str) -> tuple[Line, ...]:
    return tuple(row | {"origin": "Øvelsesdata"} for row in lines(SURVEYS[system]))


def made(
    system: str, rows: list[Line], folder: Path, *, language: Language = "da", internal: bool = False,
    assumptions: Path | None = None,
) -> Made:  # fmt: skip
    report = report_on(system, rows, folder, language=language, internal=internal, assumptions=assumptions)
    files = {path.suffix: path for path in write_report(report, folder / "out")}
    return Made(report, files, {suffix: text_in(path) for suffix, path in files.items()})


def report_on(
    system: str, rows: list[Line], folder: Path, *, language: Language = "da", internal: bool = False,
    assumptions: Path | None = None,
) -> Report:  # fmt: skip
    place = "" if system == "leaders" else first_place(SURVEYS[system])
    path = write_csv(folder / f"{system}.csv", rows)
    return report_from(system, path, ROOT / "data_dictionary", Wish(place, internal, language, assumptions), DAY)


def text_in(path: Path) -> str:
    """All text of a file, whatever its format."""
    if path.suffix == ".pdf":
        return pdf_words(path)
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            return " ".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    return path.read_text("utf-8-sig")
