"""`evaltools backup --store FILE --to FOLDER`: a verified copy of a store, made while it is in use."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from evaltools.store import open_store
from evaltools.store.keeping.backup import DAYS, KEEP, back_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    kept = f"the newest so many stay (default {KEEP}), and of older ones the last of each day for {DAYS} days"
    parser.add_argument("--store", type=Path, required=True, help="the store to copy; others may write to it meanwhile")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the backups lie")
    parser.add_argument("--keep", type=int, default=KEEP, metavar="N", help=kept)
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Write one backup, and remove those that the rule lets go."""
    with open_store(options.store) as store:
        backup, older = back_up(store, options.to, at=dt.datetime.now(dt.UTC), keep=options.keep, say=_say)
    removed = [one.path.name for one in older]
    if options.json:
        found = {"backup": str(backup.path), "sha256": backup.sha256, "head": backup.head, "removed": removed}
        print(json.dumps(found | {"counts": dict(backup.counts)}, ensure_ascii=False))
    else:
        print(f"{backup.path}: {backup.counts['events']} events, verified; {len(removed)} older backups removed")
    return 0


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr)
