"""Who is timed, on what, and whether all give the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyfixest

import evaltools as ev
from evaltools.estimate.arrays import Floats

Found = Mapping[int, float]
"""Average effect by time since adoption."""


@dataclass(frozen=True)
class Contender:
    """A name, what it does, what is made ready before the clock starts, and what is timed."""

    name: str
    what: str
    prepare: Callable[[pd.DataFrame], Any]
    run: Callable[[Any], Found]
    peer: bool = False


def _ours(panel: Any) -> Found:
    effects = ev.rollout.group_time_effects(panel, "y", controls="never_treated", base="universal")
    return {int(row.coordinate("event")): row.estimate for row in ev.rollout.event_study(effects).rows}


def _matrix(frame: pd.DataFrame) -> tuple[Floats, Any]:
    units = frame["unit"].nunique()
    return frame["y"].to_numpy().reshape(units, -1), frame["first"].to_numpy().reshape(units, -1)[:, 0]


def _numpy(ready: tuple[Floats, Any]) -> Found:
    """Differences of means by cohort and period, their influence, averages by time and a band, for this design only."""
    y, first = ready
    never = first == 0
    parts: dict[int, list[tuple[float, Floats, int]]] = {}
    for cohort in np.unique(first[~never]).tolist():
        mine = first == cohort
        for period in range(1, y.shape[1] + 1):
            if period == cohort - 1:
                continue
            change = y[:, period - 1] - y[:, cohort - 2]
            means = change[mine].mean(), change[never].mean()
            influence = np.zeros(len(y))
            influence[mine] = (change[mine] - means[0]) / mine.sum()
            influence[never] = -(change[never] - means[1]) / never.sum()
            parts.setdefault(period - cohort, []).append((means[0] - means[1], influence, int(mine.sum())))
    found, spread = {}, []
    for event in sorted(parts):
        sizes = np.array([size for *_, size in parts[event]], dtype=float)
        found[event] = float(sizes @ [effect for effect, *_ in parts[event]] / sizes.sum())
        spread.append(sum(size * influence for _, influence, size in parts[event]) / sizes.sum())
    stacked = np.stack(spread, axis=1)
    covariance = stacked.T @ stacked
    scale = np.sqrt(np.diag(covariance))
    draws = np.random.default_rng(1).multivariate_normal(
        np.zeros(len(scale)), covariance / np.outer(scale, scale), 20_000
    )
    np.quantile(np.abs(draws).max(axis=1), 0.95)
    return found


def _saturated(frame: pd.DataFrame) -> Any:
    event = (frame["period"] - frame["first"]).where(frame["first"] > 0, -1)
    columns = {
        f"d{cohort}_{'m' if each < 0 else 'p'}{abs(each)}": ((frame["first"] == cohort) & (event == each)).astype(float)
        for cohort in sorted(set(frame["first"]) - {0})
        for each in sorted(set(event[frame["first"] == cohort]) - {-1})
    }
    sizes = frame.groupby("unit")["first"].first().value_counts().to_dict()
    return pd.concat([frame, pd.DataFrame(columns)], axis=1), tuple(columns), sizes


def _pyfixest(ready: Any) -> Found:
    frame, columns, sizes = ready
    fit = pyfixest.feols(f"y ~ {' + '.join(columns)} | unit + period", frame, vcov={"CRV1": "unit"})
    found: dict[int, list[tuple[float, float]]] = {}
    for name, value in fit.coef().items():
        cohort, event = str(name)[1:].split("_")
        found.setdefault(int(event[1:]) * (-1 if event[0] == "m" else 1), []).append((value, sizes[int(cohort)]))
    return {
        event: float(np.average([v for v, _ in each], weights=[w for _, w in each])) for event, each in found.items()
    }


def agree(one: Found, other: Found) -> bool:
    """Whether two have the same times and numbers."""
    return set(one) == set(other) and all(abs(one[event] - other[event]) < 1e-6 for event in one)


CONTENDERS = (
    Contender(
        "evaltools",
        "effects by cohort and period, influence, averages, band, notes",
        lambda frame: ev.rollout.panel(frame, first="first"),
        _ours,
    ),
    Contender("numpy", "the same formulas for this design only", _matrix, _numpy),
    Contender("pyfixest", "saturated regression, no band", _saturated, _pyfixest, peer=True),
)
