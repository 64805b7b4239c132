"""Makes a local report from a file: PDF, Word and web page, the figures as data; inside, what could not be used."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from evaltools.document.docx import docx_bytes
from evaltools.document.html import body_html, html_bytes
from evaltools.document.model import Document
from evaltools.document.neutral import write_rows
from evaltools.document.pdf import pdf_bytes
from evaltools.document.writing import write_file
from evaltools.errors import DataError, Fault, near
from evaltools.language import Language, date
from evaltools.local.aalborg import AALBORG
from evaltools.local.assumptions import NOTHING_ASSUMED, read_assumptions
from evaltools.local.blocks import indicator_values
from evaltools.local.interviews import INTERVIEWS
from evaltools.local.investment import INVESTMENT
from evaltools.local.joint import Ledger, settled
from evaltools.local.koebenhavn import KOEBENHAVN
from evaltools.local.leaders import LEADERS, population_of
from evaltools.local.model import LocalFile
from evaltools.local.pathway import PATHWAY
from evaltools.local.randers import RANDERS
from evaltools.local.reading import read_local
from evaltools.local.report import System, one_place, report_document
from evaltools.local.setting import Local
from evaltools.schema import read_dictionary, read_survey, read_units_table

_ALL: Final = (AALBORG, RANDERS, KOEBENHAVN, PATHWAY, INVESTMENT, INTERVIEWS, LEADERS)
SYSTEMS: Final[Mapping[str, System]] = MappingProxyType({system.name: system for system in _ALL})
"""The local systems by name."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report before it is written.

    document : its pages. figures : every indicator as data. file : what was read. internal : whether it is for the
    municipality alone.
    """

    system: System
    document: Document
    figures: Sequence[Mapping[str, object]]
    file: LocalFile
    internal: bool

    def _repr_html_(self) -> str:
        return body_html(self.document)


def system_named(name: str) -> System:
    """One of the systems. Raises `DataError` NO_SUCH_SYSTEM."""
    if name not in SYSTEMS:
        raise DataError(Fault("NO_SUCH_SYSTEM", name, f'there is no local system "{name}"', near(name, SYSTEMS)))
    return SYSTEMS[name]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report: of which municipality of the file, for it alone or for all, in which language, assuming what."""

    place: str = ""
    internal: bool = False
    language: Language = "da"
    assumptions: Path | None = None


def report_from(name: str, path: Path, dictionary: Path, wish: Wish, today: dt.date) -> Report:
    """The report of a local system on the register in a file.

    name : of the system. path : the register. dictionary : the folder `data_dictionary`, beside which the surveys lie.
    Raises `DataError`: NO_SUCH_SYSTEM, SEVERAL_PLACES, NO_SUCH_PLACE, ONLY_TOGETHER, those of `read_local` and of
    `read_assumptions`.
    """
    system, root = system_named(name), dictionary.resolve().parent
    questionnaire = read_survey(root / "surveys" / system.survey / "1")
    units = read_units_table(dictionary / "codelists" / "municipalities.csv")
    names = {row["kommunekode"]: row["navn"] for row in units}
    file = read_local(path, questionnaire, names=names, language=wish.language)
    place = one_place(system, file, wish.place)
    assumed = NOTHING_ASSUMED if wish.assumptions is None else read_assumptions(wish.assumptions, system.assumes)
    file = file.together() if system.together else file
    local = Local(file, place, read_dictionary(root).indicators, wish.language, wish.internal, assumed=assumed)
    if system.together:
        local = replace(local, population=population_of(local, len(units)))
    return make_report(system, local, today)


def make_report(system: System, local: Local, today: dt.date) -> Report:
    """The report of a system on what `local` holds; for publication, what all of it tells together is settled first."""
    if not local.internal:
        local = replace(local, ledger=settled(lambda ledger: tell_all(system, local, ledger)))
    local = replace(local, apart=system.apart)
    document = report_document(system, local, today.isoformat(), date(today, local.language))
    return Report(system, document, figures_of(system, local), local.file, local.internal)


def tell_all(system: System, local: Local, ledger: Ledger) -> None:
    """Write down what all reports on the same register tell, since they may be published side by side.

    Those are the other systems of the register, and where municipalities stand beside each other, the reports of all.
    """
    places = local.file.places if system.beside else (local.place,)
    for each in (each for each in _ALL if each.survey == system.survey):
        for place in places:
            tell(each, replace(local, place=place), ledger)


def tell(system: System, local: Local, ledger: Ledger) -> None:
    """Write down in a ledger all that a report tells: every part of it but the pictures, and its figures as data."""
    told = replace(local, ledger=ledger, apart=system.apart)
    report_document(system, told, "", "")
    figures_of(system, told)


def figures_of(system: System, local: Local) -> list[dict[str, object]]:
    """The indicators of a report as data."""
    if system.values is not None:
        return system.values(local)
    return [indicator_values(local, name) for name in system.indicators]


def write_report(report: Report, folder: Path | str) -> tuple[Path, ...]:
    """Write a local report: as PDF, Word and web page, its figures as data; inside the municipality also the list.

    The list of what could not be used quotes single records, so it never lies beside a report for publication.

    report : from `local_report`. folder : made if it is not there; files of the same names are replaced.
    Returns the files. Raises `MemoError` DOCUMENT_NOT_WRITTEN.
    """
    name = report.system.name
    files = {
        f"{name}.pdf": pdf_bytes(report.document),
        f"{name}.docx": docx_bytes(report.document),
        f"{name}.html": html_bytes(report.document),
        f"{name}.json": json.dumps(_data(report), ensure_ascii=False, indent=1).encode(),
    }
    if report.internal:
        files[f"{name}_told.csv"] = _told(report.file)
    for file, content in files.items():
        write_file(Path(folder) / file, content)
    return tuple(Path(folder) / file for file in files)


def _data(report: Report) -> dict[str, object]:
    file = report.file
    about = {"system": report.system.name, "survey": file.questionnaire.id, "origin": file.origin}
    return {"meta": {**about, "file": file.name, "sha256": file.sha256}, "indicators": list(report.figures)}


def _told(file: LocalFile) -> bytes:
    text = io.StringIO(newline="")
    lines = [(one.line, one.column, one.kind, one.problem, one.remedy) for one in file.told]
    write_rows(text, [("line", "column", "kind", "problem", "remedy"), *lines], delimiter=";")
    return b"\xef\xbb\xbf" + text.getvalue().encode()
