"""Doubly robust effects by group and time: a model of who adopts and a model of how outcomes move; one must be right.

Written here rather than taken from the engine, which stops the logistic regression early: its effects are off by up to
1e-5, and Wald tests of several of them by more. Here Newton's method goes on until nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout.comparing import compared, pairs_of
from evaltools.estimate.rollout.engine import Cells, Heard, Layout

_MOST: Final = 50
_CLOSE: Final = 0.995
"""Units that are this likely to adopt are not compared with: Sant'Anna and Zhao's package does the same."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """One cohort and period with those it is compared with. change : of the outcome. x : with a constant."""

    treated: Floats
    change: Floats
    x: Floats
    weights: Floats


def doubly_robust(layout: Layout, *, controls: str, anticipation: int, base: str) -> Cells:
    """Effects by start and period with the influence of every unit.

    Source: Sant'Anna and Zhao (2020), Journal of Econometrics 219, equations 2.6 and 3.1, logit and least squares.
    Raises `DesignError` TOO_FEW_TO_ADJUST where a cohort and those it is compared with cannot be told apart so.
    """
    cells, effects, influences, sizes = [], [], [], []
    trimmed = False
    for start, period, before in pairs_of(layout, anticipation, base):
        used, mine = compared(layout, start, max(period, before), controls, anticipation)
        if not (used & ~mine).any():
            continue
        pair = _Pair(
            mine[used].astype(float),
            (layout.values[:, period] - layout.values[:, before])[used],
            np.column_stack([np.ones(int(used.sum())), *(matrix[used, before] for _, matrix in layout.covariates)]),
            layout.weights[used] / layout.weights[used].mean(),
        )
        effect, influence, cut = _effect(pair)
        trimmed |= cut
        spread = np.zeros(len(layout.starts))
        spread[used] = influence / used.sum()
        cells.append((start, period))
        effects.append(effect)
        influences.append(spread)
        sizes.append(int((used & ~mine).sum()))
    heard = Heard(("propensity",)) if trimmed else Heard()
    return Cells(tuple(cells), np.array(effects), np.stack(influences, axis=1), tuple(sizes), heard)


def _effect(pair: _Pair) -> tuple[float, Floats, bool]:
    """The effect, the influence of each unit (its mean is 0), and whether some were too likely to adopt."""
    likely, spread = _propensity(pair)
    d, w, x = pair.treated, pair.weights, pair.x
    close = (likely >= _CLOSE) & (d == 0)
    w_cont = np.where(close, 0.0, w * likely * (1 - d) / (1 - likely))
    w_treat = w * d
    gram = (w * (1 - d))[:, None] * x
    inverse = _inverse(gram.T @ x / len(d))
    residual = pair.change - x @ (inverse @ (gram.T @ pair.change / len(d)))
    line = (gram * residual[:, None]) @ inverse
    curve = (w * (d - likely))[:, None] * x @ spread
    treat = float((w_treat * residual).mean() / w_treat.mean())
    cont = float((w_cont * residual).mean() / w_cont.mean())
    moved = w_treat * (residual - treat) - line @ (w_treat[:, None] * x).mean(axis=0)
    against = (
        w_cont * (residual - cont)
        + curve @ (w_cont[:, None] * (residual - cont)[:, None] * x).mean(axis=0)
        - line @ (w_cont[:, None] * x).mean(axis=0)
    )
    return treat - cont, moved / w_treat.mean() - against / w_cont.mean(), bool(close.any())


def _propensity(pair: _Pair) -> tuple[Floats, Floats]:
    """The probability of being in the cohort by logistic regression, and the inverse of its mean information."""
    d, w, x = pair.treated, pair.weights, pair.x
    beta = np.zeros(x.shape[1])
    for _ in range(_MOST):
        likely = 1 / (1 + np.exp(-(x @ beta)))
        inverse = _inverse((x * (w * likely * (1 - likely))[:, None]).T @ x / len(d))
        step = inverse @ (x.T @ (w * (d - likely)) / len(d))
        beta = beta + step
        if np.abs(step).max() <= 1e-12 * max(1.0, float(np.abs(beta).max())):
            likely = 1 / (1 + np.exp(-(x @ beta)))
            return likely, _inverse((x * (w * likely * (1 - likely))[:, None]).T @ x / len(d))
    raise _too_few()


def _inverse(matrix: Floats) -> Floats:
    if not np.isfinite(matrix).all() or np.linalg.cond(matrix) > 1e13:
        raise _too_few()
    return np.asarray(np.linalg.inv(matrix))


def _too_few() -> DesignError:
    problem = "a cohort and those it is compared with can be told apart by the covariates alone, or these move together"
    remedy = 'Use fewer covariates, or adjustment="regression".'
    return DesignError(Fault("TOO_FEW_TO_ADJUST", "covariates", problem, remedy))
