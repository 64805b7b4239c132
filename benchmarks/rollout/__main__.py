"""Prints how long effects of a rollout take, beside plain numpy and pyfixest: `make bench-rollout`.

Ours is everything from a checked panel to averages by time since adoption with a band for all points at once. Plain
numpy is the same formulas written for this one design; pyfixest fits the saturated regression, whose coefficients are
the same effects. Aims are of processor time on one core, which others on the machine do not change; what passed on
the clock stands beside it. Ends with 1 where numbers differ or an aim is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Final

from rollout.contenders import CONTENDERS, Found, agree
from rollout.panels import Size, frame_of

SIZES: Final = (Size(98, 40), Size(25_000, 40))
AIMS: Final = {"98 x 40": 0.1, "25,000 x 40": 2.0}
"""Seconds for ours, by size."""
_PEER_ROWS: Final = 100_000
"""pyfixest has a column per cohort and period: more rows than this do not fit into memory."""


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="rollout", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="the small size only")
    asked = parser.parse_args(words)
    warnings.simplefilter("ignore")
    bad = False
    for size in SIZES[: 1 if asked.small else None]:
        frame = frame_of(size)
        print(f"{size.name} = {size.rows:,} rows")
        answers: list[Found] = []
        for contender in CONTENDERS:
            if contender.peer and size.rows > _PEER_ROWS:
                continue
            ready = contender.prepare(frame)
            (seconds, passed), found = timed(contender.run, ready, asked.runs)
            answers.append(found)
            aim = AIMS[size.name] if contender.name == "evaltools" else None
            missed = aim is not None and seconds > aim
            bad |= missed
            told = "" if aim is None else f"  aim {aim:g} s{' MISSED' if missed else ''}"
            print(f"  {contender.name:10} {seconds:8.3f} s ({passed:.3f} s on the clock)  {contender.what}{told}")
        if not all(agree(answers[0], each) for each in answers[1:]):
            print("  the numbers differ")
            bad = True
    return int(bad)


def timed(run: Callable[[object], Found], ready: object, runs: int) -> tuple[tuple[float, float], Found]:
    """The median seconds of processor and clock over several runs, after a first one that loads what is loaded once."""
    found = run(ready)
    taken = []
    for _ in range(runs):
        start = time.process_time(), time.perf_counter()
        found = run(ready)
        taken.append((time.process_time() - start[0], time.perf_counter() - start[1]))
    processor, clock = zip(*taken, strict=True)
    return (statistics.median(processor), statistics.median(clock)), found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
