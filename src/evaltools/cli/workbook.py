"""`evaltools workbook WAVE --store FILE --unit CODE -o FILE.xlsx`: the workbook that a unit can answer in."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Final

from evaltools.collect.workbook import Contents, write_workbook
from evaltools.document.writing import write_file
from evaltools.errors import Fault, SettingsError
from evaltools.language.text import LANGUAGES
from evaltools.schema import read_survey
from evaltools.settings import person_at_work
from evaltools.store import Store, dispositions, make_workbook, note_read, open_store

SUFFIX: Final = ".xlsx"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("wave", help="such as network_methods/2018, or the folder of the wave")
    parser.add_argument("--store", type=Path, help="the store with the answers; without it, a copy for reading is made")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--unit", help="code or name of the unit whose workbook it is")
    who.add_argument("--all", action="store_true", help="one workbook for every unit, in the folder of -o")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE.xlsx", help="the file, or with --all the folder"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="of texts, lists and messages")


def run(options: argparse.Namespace) -> int:
    """Write one workbook, or one per unit; what is there already is replaced."""
    if options.store is None:
        _refuse_unit(options)
        files = {options.out: write_workbook(read_survey(options.wave), Contents(), options.language)}
    else:
        files = _of_units(options)
    for path, content in files.items():
        write_file(path, content)
    print("\n".join(str(path) for path in files))
    return 0


def _refuse_unit(options: argparse.Namespace) -> None:
    if options.unit or options.all:
        problem = "a workbook of a unit is made from the store that keeps its answers"
        raise SettingsError(Fault("STORE_NOT_NAMED", options.wave, problem, "Name it with --store FILE."))


def _of_units(options: argparse.Namespace) -> dict[Path, bytes]:
    survey, wave = _named(options.wave)
    with open_store(options.store) as store:
        if options.unit:
            return {options.out: _noted(store, survey, wave, options.unit, options)}
        if not options.all:
            remedy = "Name one with --unit CODE, or write --all."
            raise SettingsError(Fault("UNIT_NOT_NAMED", options.wave, "no unit was named", remedy))
        units = dispositions(store, survey, wave)
        return {
            options.out / f"{survey}_{wave}_{unit}{SUFFIX}": _noted(store, survey, wave, unit, options)
            for unit in units
        }


def _noted(store: Store, survey: str, wave: str, unit: str, options: argparse.Namespace) -> bytes:
    """The workbook of a unit, with its answers, after it was noted who has it made."""
    at = dt.datetime.now(dt.UTC)
    note_read(store, survey, wave, at=at, actor=person_at_work(), what="workbook", unit=unit)
    return make_workbook(store, survey, wave, unit, language=options.language)


def _named(wave: str) -> tuple[str, str]:
    """Survey and wave, from `survey/wave` or from the folder of the questionnaire."""
    if Path(wave).exists():
        found = read_survey(wave)
        return found.survey, found.wave
    survey, _, name = wave.strip("/").rpartition("/")
    return survey, name
