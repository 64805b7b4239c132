"""What is known before a rollout: counts by unit and period from the user's own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, check_columns
from evaltools.estimate.calls import call
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.planning.checking import check_deviation
from evaltools.estimate.rollout.planning.periods import in_order, written
from evaltools.estimate.saying import check_said
from evaltools.language import Language
from evaltools.provenance import Origin

_ENOUGH: Final = 20
"""With this many counts, all of them even is no chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Shares before a rollout. bases : units x periods, what is counted of. level : by unit, its share 0-1.

    mean : of all cases. noise : standard deviation of a unit's share from period to period, besides chance.
    between : the same between units. left_out : units with a period without cases. times : what all counts are a
    multiple of. language : of the results. code : gives it again.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    bases: Codes
    level: Floats
    mean: float
    noise: float
    between: float
    left_out: tuple[str, ...]
    times: int
    origin: Origin
    language: Language
    code: str


def baseline(  # noqa: PLR0913 a file has these columns
    frame: pd.DataFrame | RolloutPanel,
    *,
    unit: str = "unit",
    period: str = "period",
    count: str = "count",
    base: str = "base",
    noise: float | None = None,
    origin: Origin = "collected",
    language: Language = "da",
) -> Baseline:
    """The baseline of a rollout from plain rows: one for each unit and period before anybody adopts.

    frame : with the columns `unit`, `period`, `count` and `base`, such as 6 network placements of 75 new ones; or a
    `panel`, of which the periods before anybody adopted count, with its own names, origin and language.
    noise : standard deviation of a unit's share from period to period besides chance (0.015 for 1.5 pct. points); found
    from the file where it has several periods. A unit with a period without cases is left out.
    origin : of the rows. language : of the results.
    Where all counts are multiples of one number, somebody has multiplied them to see what more cases would give: the
    spread is then found from the counts before that.
    Returns a `Baseline`. The level of a unit is its own share drawn to that of all as far as few cases make it unsure.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_ROWS, NOT_A_NUMBER, COUNT_NOT_WHOLE, COUNT_ABOVE_BASE, TWICE_IN_A_PERIOD,
    INCOMPLETE_BASELINE, NO_UNITS_LEFT, NOTHING_COUNTED, BASELINE_TOO_SHORT, DEVIATION_NEGATIVE.

    >>> rows = pd.DataFrame({"unit": list("aabb"), "period": [2013, 2014] * 2, "count": [5, 7, 2, 4], "base": 50})
    >>> found = baseline(rows)
    >>> found.periods, round(found.mean, 3)
    (('2013', '2014'), 0.09)
    """
    made = "frame"
    if isinstance(frame, RolloutPanel):
        made, origin, language = frame.code, frame.about.origin, frame.about.language
        frame, unit, period = _before(frame), "unit", "period"
    check_said(origin, "practice", language)
    _check_columns(frame, [unit, period, count, base])
    keys = [frame[unit].map(written), frame[period].map(written)]
    rows = pd.DataFrame(
        {"unit": keys[0], "period": keys[1], "count": _whole(frame, count), "base": _whole(frame, base)}
    )
    _check_counts(rows, count, base)
    wide = {name: _wide(rows, name) for name in ("count", "base")}
    full = (wide["base"] > 0).all(axis=1)
    left_out = tuple(wide["base"].index[~full])
    counts, bases = (wide[name][full].to_numpy(dtype=float) for name in ("count", "base"))
    if len(counts) < 2:
        problem = f"{len(counts)} units have cases in every period"
        raise DesignError(Fault("NO_UNITS_LEFT", base, problem, "Merge periods, so that each has cases."))
    mean = float(counts.sum() / bases.sum())
    if not 0 < mean < 1:
        problem = f'"{count}" adds up to {counts.sum():g} of {bases.sum():g}'
        raise DesignError(Fault("NOTHING_COUNTED", count, problem, "A share of 0 or 1 has no chance to vary."))
    times = _times(counts, bases)
    known = counts / times, bases / times
    moved = _noise(*known) if noise is None else noise
    check_deviation("noise", moved)
    between = _between(*known, moved)
    arguments = {"unit": unit, "period": period, "count": count, "base": base, "noise": noise, "origin": origin}
    usual = {"unit": "unit", "period": "period", "count": "count", "base": "base", "origin": "collected"}
    said = {name: value for name, value in arguments.items() if usual.get(name) != value} | {"language": language}
    if made != "frame":
        said = {name: value for name, value in said.items() if name not in ("origin", "language")}
    return Baseline(
        units=tuple(wide["base"].index[full]),
        periods=tuple(wide["base"].columns),
        bases=bases.astype(np.int64),
        level=_levels(*known, between, moved),
        mean=mean,
        noise=moved,
        between=between,
        left_out=left_out,
        times=times,
        origin=origin,
        language=language,
        code=call("rollout.baseline", made, said),
    )


def _before(panel: RolloutPanel) -> pd.DataFrame:
    """The rows of a panel before anybody adopted, with its units and periods in words."""
    rows = panel.frame.assign(
        unit=np.repeat(panel.units, len(panel.periods)), period=np.tile(panel.periods, len(panel.units))
    )
    return rows[np.tile(np.arange(len(panel.periods)) < panel.starts.min(), len(panel.units))]


def _check_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    check_columns(frame, names, "baseline")
    if frame.empty:
        raise DesignError(Fault("NO_ROWS", "baseline", "there is no row", "Give one row per unit and period."))


def _whole(frame: pd.DataFrame, name: str) -> pd.Series:
    numbers = pd.to_numeric(frame[name], errors="coerce").astype(float)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        problem = f'"{frame[name][wrong].iloc[0]}" in "{name}" is not a number'
        raise DesignError(Fault("NOT_A_NUMBER", name, problem, "Give the counts; leave out rows that have none."))
    if (numbers % 1 != 0).any() or (numbers < 0).any():
        problem = f'{numbers[(numbers % 1 != 0) | (numbers < 0)].iloc[0]:g} in "{name}" is no count'
        raise DesignError(Fault("COUNT_NOT_WHOLE", name, problem, "Give counts, not shares or per cent."))
    return numbers


def _check_counts(rows: pd.DataFrame, count: str, base: str) -> None:
    above = rows["count"] > rows["base"]
    if above.any():
        where = rows[above].iloc[0]
        problem = f'"{count}" is {where["count"]:g} of {where["base"]:g} in {where["unit"]} {where["period"]}'
        raise DesignError(Fault("COUNT_ABOVE_BASE", base, problem, "See whether the two columns were swapped."))
    twice = rows.duplicated(["unit", "period"])
    if twice.any():
        where = rows[twice].iloc[0]
        problem = f"{where['unit']} has several rows in {where['period']}"
        raise DesignError(Fault("TWICE_IN_A_PERIOD", "baseline", problem, "Add them up to one row."))


def _wide(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Units x periods, in order."""
    wide = rows.pivot(index="unit", columns="period", values=name)
    ordered = sorted(map(str, wide.columns), key=in_order)
    wide = wide[ordered]
    if wide.isna().to_numpy().any():
        unit = wide.index[wide.isna().any(axis=1)][0]
        problem = f"{unit} has no row in {wide.columns[wide.loc[unit].isna()][0]}"
        remedy = "Give each unit a row in every period, with a base of 0 where it had no case."
        raise DesignError(Fault("INCOMPLETE_BASELINE", "baseline", problem, remedy))
    return wide


def _times(counts: Floats, bases: Floats) -> int:
    """The greatest number that all counts are multiples of; 1 where they are too few to show it."""
    whole = np.concatenate([counts.ravel(), bases.ravel()]).astype(np.int64)
    return int(np.gcd.reduce(whole)) if len(whole) >= _ENOUGH else 1


def _noise(counts: Floats, bases: Floats) -> float:
    """Root of what the squares around unit and period are above chance, weighted by cases; its square is unbiased."""
    periods = counts.shape[1]
    if periods < 2:
        remedy = "Give more periods, or say noise=0.015 (1.5 pct. points) as an assumption."
        problem = "one period does not show how much shares move from period to period"
        raise DesignError(Fault("BASELINE_TOO_SHORT", "baseline", problem, remedy))
    share, size, whole = counts / bases, bases.mean(axis=1), bases.sum(axis=1)
    part = size / size.sum()
    left = share - share.mean(axis=1, keepdims=True)
    left = left - part @ left
    mean = counts.sum(axis=1) / whole
    chance = mean * (1 - mean) * whole / np.maximum(whole - 1, 1)
    squares = (size @ left**2).sum() / (periods - 1) - (chance * (1 - part)).sum()
    return float(np.sqrt(max(0.0, squares / (size.sum() - part @ size))))


def _between(counts: Floats, bases: Floats, noise: float) -> float:
    """Standard deviation between units' levels, by the squares of their shares above what chance and noise make."""
    share, within = _own(counts, bases, noise)
    return float(np.sqrt(max(0.0, share.var(ddof=1) - within.mean())))


def _levels(counts: Floats, bases: Floats, between: float, noise: float) -> Floats:
    share, within = _own(counts, bases, noise)
    trust = between**2 / (between**2 + within)
    mean = counts.sum() / bases.sum()
    return np.asarray(mean + trust * (share - mean))


def _own(counts: Floats, bases: Floats, noise: float) -> tuple[Floats, Floats]:
    """Each unit's share over all periods, and its variance where all units are alike."""
    size = bases.sum(axis=1)
    mean = counts.sum() / bases.sum()
    return counts.sum(axis=1) / size, mean * (1 - mean) / size + noise**2 / bases.shape[1]
