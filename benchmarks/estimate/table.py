"""The table that is printed: seconds side by side, ratios, memory, and which aims are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from estimate.aims import AIMS, MEGABYTE, SAME, memory_limit
from estimate.children import PHASES, Child, Done, apart

PEERS = ("svy", "R")
Found = Mapping[str, Sequence[Child]]
"""The processes of each contender."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of one task by one contender: the least and the median of repeated calls, and the least first call."""

    least: float
    middle: float
    first: float


def lines(found: Found, problems: Mapping[str, str], data: int) -> list[str]:
    """All that is to be printed. data : bytes of the sample."""
    tasks = [task for task in AIMS if _done(found, "ours", task)]
    told = [
        "Milliseconds: least (median) of repeated calls in one process; `first` is the first call in a new process,",
        "with the data read and the design made. How many times faster than peers we are: `cold` is the best peer's",
        "first call over our later ones, `first` its first over our first one, `warm` svy's later calls over ours.",
        "",
        f"{'task':<16}{'direct':>18}{'ours':>18}{'ratio':>7}{'first':>8}{'svy first':>11}{'again':>8}{'R first':>10}"
        f"{'cold':>7}{'first':>7}{'warm':>7}{'apart':>9}{'peak MB':>9}  aims",
    ]
    told += [_line(found, task, data) for task in tasks]
    told += ["", "Seconds before the first task, least of all processes: start (imports), read, design; in all with it"]
    told += [_phases(name, children) for name, children in found.items() if children]
    told += [f"{name} could not be asked: {problem}" for name, problem in problems.items()]
    told += [
        f"{name} failed at {task}: {done.failure}"
        for name in found
        for task, done in {task: each for child in found[name] for task, each in child.tasks.items()}.items()
        if done.failure
    ]
    return [*told, "", *_numbers_apart(found)]


def _done(found: Found, name: str, task: str) -> list[Done]:
    return [child.tasks[task] for child in found.get(name, ()) if task in child.tasks and not child.tasks[task].failure]


def _taken(found: Found, name: str, task: str) -> Taken | None:
    done = _done(found, name, task)
    if not done:
        return None
    again = [seconds for each in done for seconds in each.again] or [each.first for each in done]
    return Taken(min(again), median(again), min(each.first for each in done))


def _line(found: Found, task: str, data: int) -> str:
    ours, direct = _taken(found, "ours", task), _taken(found, "direct", task)
    svy, r = (_taken(found, name, task) for name in PEERS)
    assert ours is not None
    ratio = ours.least / direct.least if direct else None
    peers = min((each.first for each in (svy, r) if each), default=None)
    cold, first = (None if peers is None else peers / mine for mine in (ours.least, ours.first))
    warm = svy.least / ours.least if svy else None
    peak = max(child.peak for child in found["ours"] if task in child.tasks)
    direct_apart = _apart(found, "direct", task)
    return (
        f"{task:<16}{_pair(direct):>18}{_pair(ours):>18}{_number(ratio, 2):>7}{_ms(ours.first):>8}"
        f"{_ms(svy.first if svy else None):>11}{_ms(svy.least if svy else None):>8}"
        f"{_ms(r.first if r else None):>10}{_number(cold, 0):>7}{_number(first, 0):>7}{_number(warm, 1):>7}"
        f"{'' if direct_apart is None else f'{direct_apart:.0e}':>9}{peak / MEGABYTE:>9.0f}"
        f"  {_aims(task, {'direct': ratio, 'cold': cold, 'warm': warm}, peak, data)}".rstrip()
    )


def _aims(task: str, reached: Mapping[str, float | None], peak: float, data: int) -> str:
    aim = AIMS[task]
    asked = []
    if aim.direct is not None and reached["direct"] is not None:
        asked.append((f"{aim.direct:g} x direct", reached["direct"] <= aim.direct))
    for kind, least in (("cold", aim.cold), ("warm", aim.warm)):
        if least is not None and reached[kind] is not None:
            asked.append((f"{least:g} x {kind}", (reached[kind] or 0.0) >= least))
    asked.append((f"{memory_limit(data) / MEGABYTE:.0f} MB", peak <= memory_limit(data)))
    return ", ".join(f"{what} {'met' if met else 'MISSED'}" for what, met in asked)


def _phases(name: str, children: Sequence[Child]) -> str:
    least = [min(child.told.get(kind, float("inf")) for child in children) for kind in (*PHASES, "seconds")]
    return f"{name:<8}" + "".join(f"{seconds:>8.2f}" for seconds in least)


def _numbers_apart(found: Found) -> list[str]:
    told = []
    for name in found:
        by_task = {task: _apart(found, name, task) for task in AIMS} if name != "ours" else {}
        known = {task: value for task, value in by_task.items() if value is not None}
        if known:
            worst = max(known, key=lambda task: known[task])
            told.append(f"numbers of ours and {name}: at most {known[worst]:.1e} apart ({worst}), {len(known)} tasks")
    return told


def _apart(found: Found, name: str, task: str) -> float | None:
    """The largest relative difference of our numbers and those of another; None where one has none."""
    ours, other = _done(found, "ours", task), _done(found, name, task)
    return apart(ours[0].numbers, other[0].numbers) if ours and other else None


def differing(found: Found) -> list[str]:
    """The tasks in which ours and direct differ."""
    both = {task: _apart(found, "direct", task) for task in AIMS}
    return [task for task, value in both.items() if value is not None and not value <= SAME]


def _pair(taken: Taken | None) -> str:
    return "" if taken is None else f"{1000 * taken.least:.1f} ({1000 * taken.middle:.1f})"


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.0f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
