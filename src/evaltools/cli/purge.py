"""`evaltools purge SURVEY/WAVE --store FILE`: the end of keeping, for a wave whose retention date has come."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from evaltools.errors import Fault, SettingsError
from evaltools.store import Store, open_store
from evaltools.store.keeping.backup import back_up
from evaltools.store.keeping.copies import copies_from_before, remove_copies
from evaltools.store.keeping.purging import Purged, purge


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("wave", metavar="SURVEY/WAVE", help="such as network_methods/2018")
    parser.add_argument("--store", required=True, type=Path, help="the store that holds the answers")
    parser.add_argument("--at", type=dt.date.fromisoformat, metavar="DATE", help="try another day, with --dry-run")
    parser.add_argument("--early", action="store_true", help="purge before the retention date has come")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    parser.add_argument("--backups", type=Path, metavar="FOLDER", help="where the backups lie; a new one is made there")
    parser.add_argument("--delete-copies", action="store_true", help="delete copies that still hold what was erased")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Purge, then make a backup without what was erased, then look for copies from before."""
    now = dt.datetime.now(dt.UTC)
    at = now if options.at is None else dt.datetime.combine(options.at, dt.time(), dt.UTC)
    if at > now and not options.dry_run:
        remedy = "Add --dry-run to see what would go then, or --early to purge now."
        raise SettingsError(Fault("DATE_NOT_COME", "--at", f"{options.at} has not come", remedy))
    survey, _, wave = options.wave.partition("/")
    with open_store(options.store) as store:
        found = purge(store, survey, wave, at=at, early=options.early, dry_run=options.dry_run)
        copies = () if options.dry_run else _copies(store, (survey, wave), options, now)
    _tell(found, copies, options)
    return 0


def _copies(store: Store, wave: tuple[str, str], options: argparse.Namespace, now: dt.datetime) -> tuple[Path, ...]:
    if options.backups is not None:
        back_up(store, options.backups, at=now)
    copies = copies_from_before(store, *wave, options.backups)
    if options.delete_copies:
        remove_copies(copies)
    return copies


def _tell(found: Purged, copies: Sequence[Path], options: argparse.Namespace) -> None:
    if options.json:
        report = {**asdict(found), "copies": [str(path) for path in copies], "deleted": options.delete_copies}
        print(json.dumps(report, ensure_ascii=False))
        return
    went = ", ".join(f"{count} {what}" for what, count in asdict(found).items())
    print(f"{options.wave}: {went} {'would go' if options.dry_run else 'are gone'}; counts, codes and chains stand")
    for path in copies:
        print(f"  {'deleted' if options.delete_copies else 'still holds them'}: {path}")
    if copies and not options.delete_copies:
        print("Add --delete-copies to delete these copies.")
