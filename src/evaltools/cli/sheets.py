"""`evaltools sheets --store FILE`: make the comparison pages, once or for as long as answers come in."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from evaltools.sheets import Made, make_sheets
from evaltools.store import Store, open_store, take_snapshot

EVERY = 30.0
NICE = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--store", type=Path, required=True, help="the store; pages are kept in it")
    parser.add_argument("--follow", action="store_true", help="go on until stopped, making pages as answers come in")
    parser.add_argument("--every", type=float, default=EVERY, metavar="SECONDS", help=f"between looks ({EVERY:g})")
    parser.add_argument("--json", action="store_true", help="report as JSON, one line per round")


def run(options: argparse.Namespace) -> int:
    """Make the pages; with `--follow` again whenever the store has changed, out of the way of those who answer."""
    with open_store(options.store) as store:
        if not options.follow:
            _round(store, {}, options)
            return 0
        os.nice(NICE)
        with _until_stopped() as stopped:
            _follow(store, stopped, options)
    return 0


def _follow(store: Store, stopped: threading.Event, options: argparse.Namespace) -> None:
    heads: dict[str, str] | None = None
    while not stopped.is_set():
        heads = _round(store, heads, options)
        stopped.wait(options.every)
    print(f"stopped; every page in {options.store} is whole", flush=True)


def _round(store: Store, heads: dict[str, str] | None, options: argparse.Namespace) -> dict[str, str]:
    """Make what is to be made since those chain heads; the heads as they are now."""
    snapshot = take_snapshot(store)
    now = dict(snapshot.heads)
    if now != heads:
        _tell(make_sheets(store, snapshot, at=dt.datetime.now(dt.UTC)), options)
    return now


def _tell(made: tuple[Made, ...], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps([asdict(wave) for wave in made], ensure_ascii=False), flush=True)
        return
    for wave in made:
        print(f"{wave.wave}: {wave.pages} pages; {wave.counted} in the figures, {wave.added} of them new", flush=True)


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that a round is always finished."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
