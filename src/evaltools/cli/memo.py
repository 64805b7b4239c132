"""`evaltools memo NOTEBOOKS --store FILE -o DIR`: execute the chapters and write the memo."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

from evaltools import settings
from evaltools.cli.published import published_content
from evaltools.codebook import build_codebook, codebook_cells
from evaltools.errors import Fault, SettingsError
from evaltools.memo.build import MemoRequest, build_memo
from evaltools.memo.model import MemoReport
from evaltools.memo.private import ChapterFiles
from evaltools.memo.stages import Stages
from evaltools.sheets import sheet_cells
from evaltools.store import note_reads, open_store, take_snapshot


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("notebooks", type=Path, help="folder of chapters and memo.yaml")
    parser.add_argument("--store", type=Path, required=True, help="the store to read")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the outputs")
    parser.add_argument("--only", action="append", default=[], metavar="CHAPTER", help="build only this chapter")
    parser.add_argument("--draft", action="store_true", help="deliver with its faults listed, stamped as a draft")
    parser.add_argument("--dictionary", type=Path, help="the data_dictionary folder, if not beside the notebooks")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Build the memo from the store as it is now."""
    _check_places(options)
    dictionary = options.dictionary or settings.nearest(options.notebooks, Path("data_dictionary"))
    stages = Stages(lambda line: print(f"  {line}", file=sys.stderr))
    with stages.stage("snapshot"), open_store(options.store) as store:
        snapshot = take_snapshot(store)
        note_reads(store, snapshot, "memo", actor=settings.person_at_work(), at=dt.datetime.now(dt.UTC))
        with stages.stage("sheets"):
            on_pages = sheet_cells(store, snapshot)
    with stages.stage("codebook"):
        in_codebook = codebook_cells(snapshot)
    request = MemoRequest(
        notebooks=options.notebooks,
        out=options.out,
        store=options.store.name,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        published=published_content(dictionary),
        only=tuple(options.only),
        draft=options.draft,
        beside=(*on_pages, *in_codebook),
    )

    def environment(files: ChapterFiles) -> Mapping[str, str]:
        private = {
            settings.SNAPSHOT: str(files.snapshot),
            settings.PLAN: str(files.plan),
            settings.CELLS: str(files.cells),
        }
        found = {settings.DICTIONARY: str(dictionary.resolve())} if dictionary else {}
        return {**os.environ, **private, **found}

    report = build_memo(request, snapshot, environment, stages)
    with stages.stage("codebook"):
        register = json.loads((options.out / "notat.json").read_text("utf-8"))
        build_codebook(snapshot, options.out / "codebook", plan=report.plan, register=register)
    _tell(report, stages, options)
    return 0


def _check_places(options: argparse.Namespace) -> None:
    """What would come to light only when the chapters have been executed."""
    if options.notebooks.is_file():
        remedy = f"Name its folder, and the chapter with --only {options.notebooks.stem}."
        raise SettingsError(Fault("NOT_A_FOLDER", str(options.notebooks), "this is a file", remedy))
    if options.dictionary is not None and not options.dictionary.is_dir():
        remedy = "Name the folder data_dictionary."
        raise SettingsError(Fault("NO_DATA_DICTIONARY", str(options.dictionary), "there is no such folder", remedy))
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=options.out):
        pass


def _tell(report: MemoReport, stages: Stages, options: argparse.Namespace) -> None:
    if options.json:
        faults = [str(fault) for fault in report.faults]
        content = {"files": report.files, "seconds": stages.seconds, "numbers": report.numbers, "faults": faults}
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    memo = [str(options.out / file) for file in report.files if "/" not in file]
    print(f"{report.numbers} numbers in {', '.join(memo)}; figures and chapters beside them")
    for fault in report.faults:
        print(f"draft: {fault}")
