"""A server that is killed at any instant has lost no answer that it said was saved, by whichever channel it came."""

from __future__ import annotations

import datetime as dt
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from acknowledged import WAVE, Writer, enter, lost, writers
from evaltools.store import NewGrant, make_grant, open_store, verify_store
from served_form import EIGHT, EVALTOOLS, NO_LIMITS, ROOT, Program, Served, open_with_links, start

HASTY: Program = (sys.executable, ROOT / "tests" / "hasty_server.py")
LONGEST = 600
"""Seconds of a cycle."""
CYCLES_OF_A_STORE = 10
SAMPLE = ("form", "form", "autosave", "API", "Excel")
ALL = ("form",) * 6 + ("autosave",) * 6 + ("API",) * 4 + ("Excel",) * 2


@dataclass
class Tally:
    """What came of the cycles."""

    cycles: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    least: int = 10**9
    under_way: int = 0
    lost: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)

    def begin_cycle(self, people: Sequence[Writer]) -> None:
        self.before = by_channel(people)

    def is_enough(self, people: Sequence[Writer], wanted: int) -> bool:
        """Whether so many writes are acknowledged in this cycle, and some of every channel."""
        fresh = by_channel(people) - self.before
        return fresh.total() >= wanted and set(fresh) == {one.ledger.channel for one in people}

    def end_cycle(self, people: Sequence[Writer]) -> None:
        self.cycles += 1
        self.least = min(self.least, (by_channel(people) - self.before).total())

    def end(self, people: Sequence[Writer]) -> None:
        """Take in the ledgers."""
        self.acknowledged = by_channel(people)
        self.under_way = sum(not write.acknowledged for one in people for write in one.ledger.writes)
        self.strange = [line for one in people for line in one.ledger.strange]

    def add(self, other: Tally) -> None:
        """Count what came of another store too."""
        self.cycles += other.cycles
        self.acknowledged += other.acknowledged
        self.least = min(self.least, other.least)
        self.under_way += other.under_way
        self.lost |= other.lost
        self.faults |= other.faults
        self.strange += other.strange

    def told(self) -> str:
        channels = ", ".join(f"{name} {count:,}" for name, count in sorted(self.acknowledged.items()))
        codes = Counter(self.faults.values())
        broken, differing = codes.pop("CHAIN_BROKEN", 0), codes.pop("STATE_DIFFERS", 0)
        return (
            f"{self.cycles} kills, {self.acknowledged.total():,} acknowledged writes ({channels}), at least "
            f"{self.least} a cycle, {self.under_way} under way when killed: {len(self.lost)} lost, {broken} chain "
            f"breaks, {differing} differences between state and log, {codes.total()} other faults"
        )


def by_channel(people: Sequence[Writer]) -> Counter[str]:
    """The acknowledged writes so far."""
    counted: Counter[str] = Counter()
    for one in people:
        counted[one.ledger.channel] += one.ledger.acknowledged
    return counted


def kill_again_and_again(
    folder: Path, seed: int, *, cycles: int, channels: Sequence[str], wanted: int, program: Program = (EVALTOOLS,)
) -> Tally:
    """Serve a store and kill its server `cycles` times; each time it is up again, compare ledgers and database."""
    chance, tally = random.Random(seed), Tally()
    store = folder / f"{seed}.db"
    with _everybody(store, channels) as people:
        for number in range(cycles):
            with _started(store, people, program) as server:
                if number:
                    _compare(store, people, tally)
                tally.begin_cycle(people)
                _write_until_killed(server, people, tally, wanted, chance)
        _compare(store, people, tally)
        tally.end(people)
    return tally


@contextmanager
def _everybody(store: Path, channels: Sequence[str]) -> Iterator[Sequence[Writer]]:
    """A wave that is open, and its writers with sessions and a token; these outlive a server that is killed."""
    links = open_with_links(EIGHT, store)
    asked = NewGrant(*WAVE, "", "system", "Fagsystemet", scopes=("read", "draft"))
    with open_store(store) as opened:
        _, token = make_grant(opened, asked, at=dt.datetime.now(dt.UTC))
        people = writers(links, token, channels)
        enter(opened, people, links)
    try:
        yield people
    finally:
        for one in people:
            one.client.close()


@contextmanager
def _started(store: Path, people: Sequence[Writer], program: Program) -> Iterator[Served]:
    """A server that everybody writes to, at a port of its own; killed at the latest at the end of the block."""
    server = start(store, *NO_LIMITS, program=program)
    try:
        for one in people:
            one.client.base_url = httpx.URL(server.url)
        yield server
    finally:
        server.kill()


def _write_until_killed(
    server: Served, people: Sequence[Writer], tally: Tally, wanted: int, chance: random.Random
) -> None:
    """All write at once; the server is killed at a random instant after the wanted writes were acknowledged."""
    ended = threading.Event()
    threads = [threading.Thread(target=one.go_on, args=(ended,)) for one in people]
    for thread in threads:
        thread.start()
    given_up = time.monotonic() + LONGEST
    while not tally.is_enough(people, wanted) and time.monotonic() < given_up:
        if server.process.poll() is not None or any(one.ledger.strange for one in people):
            break
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.4))
    server.kill()
    ended.set()
    for thread in threads:
        thread.join()
    tally.end_cycle(people)


def _compare(store: Path, people: Sequence[Writer], tally: Tally) -> None:
    with open_store(store) as opened:
        tally.lost |= set(lost(opened, [one.ledger for one in people]))
        tally.faults.update({str(fault): fault.code for fault in verify_store(opened)})


def test_no_acknowledged_answer_is_lost_in_a_few_kills(tmp_path: Path) -> None:
    tally = kill_again_and_again(tmp_path, 1, cycles=2, channels=SAMPLE, wanted=20)
    assert tally.cycles == 2
    assert (tally.lost, tally.faults, tally.strange) == (set(), {}, []), tally.told()
    assert set(tally.acknowledged) == set(SAMPLE)


def test_a_server_that_acknowledges_before_it_commits_is_caught(tmp_path: Path) -> None:
    tally = kill_again_and_again(tmp_path, 2, cycles=1, channels=("autosave", "API"), wanted=10, program=HASTY)
    assert tally.lost


@pytest.mark.proof
def test_no_acknowledged_answer_is_lost_in_a_hundred_kills(tmp_path: Path) -> None:
    total = Tally()
    for seed in range(100 // CYCLES_OF_A_STORE):
        total.add(kill_again_and_again(tmp_path, seed, cycles=CYCLES_OF_A_STORE, channels=ALL, wanted=500))
        print(total.told(), flush=True)  # noqa: T201
    assert total.cycles == 100
    assert total.least >= 500
    assert (total.lost, total.faults, total.strange) == (set(), {}, [])
