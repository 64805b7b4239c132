"""`evaltools restore BACKUP --store FILE`: bring a backup back as the store."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from evaltools.store import due_for_purge, open_store
from evaltools.store.keeping.restore import restore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("backup", type=Path, help="the backup, a .db file that `evaltools backup` wrote")
    parser.add_argument("--store", type=Path, required=True, help="where it shall lie")
    parser.add_argument("--renew", action="store_true", help="replace a store that holds what the backup does not")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Verify the backup, and only then put a copy of it in the store's place."""
    now = dt.datetime.now(dt.UTC)
    found = restore(options.backup, options.store, at=now, renew=options.renew, say=_say)
    with open_store(found.path) as store:
        due = due_for_purge(store, now)
    if options.json:
        replaced = None if found.replaced is None else str(found.replaced)
        print(
            json.dumps(
                {"store": str(found.path), "replaced": replaced, "lost": found.lost, "purge": due}, ensure_ascii=False
            )
        )
        return 0
    print(f"{found.path} is {options.backup.name} again, verified")
    if found.replaced is not None:
        print(f"what lay there is now {found.replaced}" + (f"; only that one holds {found.lost}" if found.lost else ""))
    for wave in due:
        print(f"{wave} may no longer be kept: evaltools purge {wave} --store {found.path}")
    return 0


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr)
