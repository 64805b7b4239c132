"""Writes a dataset for other programs, with a list of what each file keeps, changes and cannot hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args

from pyreadstat import PyreadstatError, ReadstatError

from evaltools.dataset import Dataset
from evaltools.errors import ExchangeError, Fault, near
from evaltools.exchange.csv_file import write_codes, write_csv
from evaltools.exchange.losses import loss_json, loss_text
from evaltools.exchange.model import ExportReport, Feature, Format, Note, Sheet
from evaltools.exchange.parquet_file import write_parquet
from evaltools.exchange.sheets import sheet_of
from evaltools.exchange.spss_file import write_spss
from evaltools.exchange.stata_file import write_stata
from evaltools.language import Language
from evaltools.store.keeping.statistics import refuse_in_statistics_mode

Writer = Callable[[Sheet, Path], tuple[Note, ...]]


@dataclass(frozen=True, slots=True)
class FormatWriter:
    """How one format is written: the endings of its files with their writers, and what it cannot hold at all."""

    files: tuple[tuple[str, Writer], ...]
    cannot_hold: frozenset[Feature]


FORMATS: Final[Mapping[Format, FormatWriter]] = MappingProxyType(
    {
        "spss": FormatWriter(((".sav", write_spss),), frozenset()),
        "stata": FormatWriter(
            ((".dta", write_stata),),
            frozenset({"measure_levels", "notes", "question_texts", "universes", "concepts", "families"}),
        ),
        "parquet": FormatWriter(((".parquet", write_parquet),), frozenset()),
        "csv": FormatWriter(((".csv", write_csv), ("_codes.csv", write_codes)), frozenset({"file_label", "notes"})),
    }
)


def export(data: Dataset, folder: Path | str, formats: Iterable[Format], *, language: Language = "da") -> ExportReport:
    """Write the dataset into a folder, one file per format and a list of what was changed or lost.

    folder : made if it does not exist; files of the same names are replaced, all or none.
    formats : any of `spss`, `stata`, `parquet`, `csv`. language : of labels and texts.

    Returns the files and the loss list, which also stands beside them as `..._loss_list.txt` and `.json`.

    Raises `ExchangeError`: UNKNOWN_FORMAT, NO_FORMAT, NO_PYARROW, CANNOT_WRITE; `StoreError`: STATISTICS_MODE.
    data : from `load`.
    """
    refuse_in_statistics_mode(data.code, data.mode)
    wanted = _known(formats)
    sheet = sheet_of(data, language)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".export-", dir=target))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        return _write_all(sheet, wanted, aside, target)
    except (OSError, PyreadstatError, ReadstatError) as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _known(formats: Iterable[Format]) -> tuple[Format, ...]:
    wanted = tuple(dict.fromkeys(formats))
    for each in wanted:
        if each not in FORMATS:
            raise ExchangeError(Fault("UNKNOWN_FORMAT", "", f'there is no format "{each}"', near(each, FORMATS)))
    if not wanted:
        raise ExchangeError(Fault("NO_FORMAT", "", "no format is named", f"Use one of: {', '.join(FORMATS)}."))
    return wanted


def _write_all(sheet: Sheet, formats: tuple[Format, ...], aside: Path, target: Path) -> ExportReport:
    notes: list[Note] = []
    names: list[str] = []
    for each in formats:
        for ending, write in FORMATS[each].files:
            notes.extend(write(sheet, aside / (sheet.name + ending)))
            names.append(sheet.name + ending)
    endings = ("_loss_list.txt", "_loss_list.json")
    files = tuple(target / name for name in [*names, *(sheet.name + ending for ending in endings)])
    report = _report(files, formats, notes)
    personal = tuple(column.name for column in sheet.columns if column.confidentiality == "personal")
    if personal:
        warnings = tuple(Note(each, "values", "personal", personal) for each in formats)
        report = replace(report, kept=(*warnings, *report.kept))
    for ending, text in zip(endings, (loss_text(report, sheet.language), loss_json(report)), strict=True):
        (aside / (sheet.name + ending)).write_text(text, encoding="utf-8")
    for file in files:
        (aside / file.name).replace(file)
    return report


def _report(files: tuple[Path, ...], formats: Iterable[Format], changed: Iterable[Note]) -> ExportReport:
    cannot = [(each, feature) for each in formats for feature in get_args(Feature) if _cannot(each, feature)]
    notes = tuple(changed)
    touched = {(note.format, note.feature) for note in notes}
    kept = [
        Note(each, feature)
        for each in formats
        for feature in get_args(Feature)
        if not _cannot(each, feature) and (each, feature) not in touched
    ]
    lost = tuple(Note(each, feature, "format_cannot") for each, feature in cannot)
    gone = ("negative_values", "text_without_kind")
    return ExportReport(
        files=files,
        kept=tuple(kept),
        changed=tuple(note for note in notes if note.reason not in gone),
        lost=(*lost, *(note for note in notes if note.reason in gone)),
    )


def _cannot(format_: Format, feature: Feature) -> bool:
    return feature in FORMATS[format_].cannot_hold


def _cannot_write(target: Path, error: Exception) -> ExchangeError:
    problem = f"the files could not be written: {error}"
    remedy = "Make room or name another folder; files that were there before are unchanged."
    return ExchangeError(Fault("CANNOT_WRITE", str(target), problem, remedy))
