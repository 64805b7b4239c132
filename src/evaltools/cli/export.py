"""`evaltools export SURVEY/WAVE --store FILE --to spss,stata,parquet,csv -o DIR`: labelled data for other programs."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from evaltools.dataset import build_dataset
from evaltools.exchange import FORMATS, export, loss_json, loss_text
from evaltools.language.text import LANGUAGES
from evaltools.settings import person_at_work
from evaltools.store import note_read, open_store, take_snapshot


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("wave", metavar="SURVEY/WAVE", help="such as network_methods/2018")
    parser.add_argument("--store", required=True, type=Path, help="the store that holds the answers")
    parser.add_argument("--to", default="spss", help=f"formats, separated by commas: {', '.join(FORMATS)}")
    parser.add_argument("-o", "--out", default="out", type=Path, metavar="DIR", help="folder for the files")
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="language of labels")
    parser.add_argument("--json", action="store_true", help="print the loss list as JSON")


def run(options: argparse.Namespace) -> int:
    """Do it; return the exit code."""
    survey, _, wave = options.wave.partition("/")
    with open_store(options.store) as store:
        note_read(store, survey, wave, at=dt.datetime.now(dt.UTC), actor=person_at_work(), what="export")
        data = build_dataset(options.wave, take_snapshot(store))
    formats = [name.strip() for name in options.to.split(",") if name.strip()]
    report = export(data, options.out, formats, language=options.language)
    if options.json:
        print(loss_json(report), end="")
    else:
        print("\n".join([*(str(file) for file in report.files), "", loss_text(report, options.language)]).rstrip())
    return 0
