"""Which cohorts and periods are set against which others: what can be told at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Mask
from evaltools.estimate.rollout.engine import Cells, Layout
from evaltools.estimate.rollout.unlike import widened


def pairs_of(layout: Layout, anticipation: int, base: str) -> list[tuple[int, int, int]]:
    """Start, period and the period that it is set against, for every cohort that has one."""
    periods = layout.values.shape[1]
    found = []
    for start in sorted({int(each) for each in layout.starts if each < periods}):
        common = start - 1 - anticipation
        if common < 0:
            continue
        for period in range(periods):
            before = common if period >= start or base == "universal" else period - 1
            if before >= 0 and period != before:
                found.append((start, period, before))
    return found


def compared(layout: Layout, start: int, latest: int, controls: str, anticipation: int) -> tuple[Mask, Mask]:
    """Which units are used for a cohort up to the latest of two periods, and which of them are the cohort."""
    never = layout.starts == layout.values.shape[1]
    mine = layout.starts == start
    others = never if controls == "never_treated" else never | (layout.starts > latest + anticipation)
    return mine | (others & ~mine), mine


def widened_cells(layout: Layout, cells: Cells, *, controls: str, anticipation: int, base: str) -> Cells:
    """The same effects; where units count unlike, each unit's influence is widened by its weight in its group."""
    if not layout.weighted:
        return cells
    before_of = {(start, period): before for start, period, before in pairs_of(layout, anticipation, base)}
    factors = np.ones_like(cells.influence)
    for place, (start, period) in enumerate(cells.cells):
        used, mine = compared(layout, start, max(period, before_of[start, period]), controls, anticipation)
        for group in (mine, used & ~mine):
            factors[group, place] = widened(layout.weights[group])
    return replace(cells, influence=cells.influence * factors)


def check_identified(layout: Layout, *, controls: str, anticipation: int) -> None:
    """`DesignError` NOTHING_IDENTIFIED where no cohort has a period before and somebody to be compared with."""
    for start, period, before in pairs_of(layout, anticipation, "varying"):
        used, mine = compared(layout, start, max(period, before), controls, anticipation)
        if (used & ~mine).any():
            return
    problem = "nothing can be told: nobody is without the method where others have it, or there are no periods before"
    remedy = "See `adoption(panel)`; give periods before adoption, and units that adopt later or never."
    raise DesignError(Fault("NOTHING_IDENTIFIED", "rollout", problem, remedy))
