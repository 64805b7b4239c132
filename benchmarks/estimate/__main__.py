"""Prints how fast tasks are in evaltools, directly in numpy, in svy and in R: `make bench-estimate`.

Each task runs in a process of its own, ours and direct in turn, several times; peers once. `--only ours direct` leaves
peers out, `--tasks` picks some, `--together` gives a contender one process for all tasks. Stops at Ctrl-C with what it
has. Ends with 1 where ours and direct differ.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from estimate.aims import AIMS
from estimate.children import Child, read, start
from estimate.contenders import KNOWN, Contender
from estimate.population import ROWS, population
from estimate.table import PEERS, differing, lines

ROOT = Path(__file__).parents[2]


def main(words: Sequence[str]) -> int:
    asked = _arguments(words)
    place = population(asked.folder, asked.rows)
    data = sum(path.stat().st_size for path in place.glob("*.npy"))
    contenders = {name: KNOWN[name](asked.folder) for name in asked.only}
    problems = {name: each.problem for name, each in contenders.items() if each.problem}
    found: dict[str, list[Child]] = {name: [] for name in contenders}
    able = {name: each for name, each in contenders.items() if not each.problem}
    try:
        for name, tasks in _turns(
            able, [asked.tasks] if asked.together else [[task] for task in asked.tasks], asked.runs
        ):
            print(f"{name}: {', '.join(tasks)}", file=sys.stderr, flush=True)
            found[name].append(_child(name, able[name], place, tasks, asked))
    except KeyboardInterrupt:
        print("stopped; this is what there is", file=sys.stderr)
    print(f"{asked.rows:,} rows, {data / 1e6:.0f} MB of data")
    print("\n".join(lines(found, problems, data)))
    differ = differing(found)
    if differ:
        print(f"ours and direct differ in: {', '.join(differ)}")
    return 1 if differ else 0


def _child(name: str, able: Contender, place: Path, tasks: Sequence[str], asked: argparse.Namespace) -> Child:
    """One process; what a peer printed is kept, and with `--remembered` taken from there."""
    kept = asked.folder / f"{name}, {place.name}, {', '.join(tasks)}.txt"
    if name in PEERS and asked.remembered and kept.exists():
        return read(kept.read_text("utf-8"))
    again = asked.again if name not in PEERS else min(asked.again, 2) if name == "svy" else 0
    printed = start(able.command, place, tasks, again, ROOT / "benchmarks")
    if name in PEERS:
        kept.write_text(printed, "utf-8")
    return read(printed)


def _turns(able: dict[str, Contender], sets: Sequence[Sequence[str]], runs: int) -> Iterator[tuple[str, Sequence[str]]]:
    """Who is to do which tasks, in turn; peers once."""
    for tasks in sets:
        for number in range(runs):
            yield from ((name, tasks) for name in able if number == 0 or name not in PEERS)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="estimate", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--runs", type=int, default=3, help="processes of ours and of direct for each task")
    parser.add_argument("--again", type=int, default=5, help="repeated calls in each process")
    parser.add_argument("--only", nargs="+", choices=list(KNOWN), default=list(KNOWN))
    parser.add_argument("--tasks", nargs="+", choices=list(AIMS), default=list(AIMS))
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--remembered", action="store_true", help="take peers from the last run, where they were asked")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
