"""The formulas: Kaplan-Meier with Greenwood's variance, Aalen-Johansen with the variance of each row's influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.durations.counting import Counted
from evaltools.estimate.durations.model import Spells

_ROUNDING: Final = 1e-15
"""What is left of a sum of squares that cancel."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A share at each of some times: from the time on, until the next one. se : NaN where it has none."""

    times: Floats
    share: Floats
    se: Floats


def survival(counts: Counted, events: Mask) -> Steps:
    """The share without event after each time, other endings censored. Kaplan and Meier (1958), JASA 53.

    The standard error is Greenwood's (1926); it has none where the last row at risk has the event.
    """
    ended = counts.ended[:, events].sum(axis=1)
    stay = 1 - ended / counts.at_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard_variance = np.cumsum(np.where(ended > 0, ended / (counts.at_risk * (counts.at_risk - ended)), 0.0))
        share = np.cumprod(stay)
        se = share * np.sqrt(hazard_variance)
    return Steps(counts.times, share, np.where(share > 0, se, np.nan))


def incidence(spells: Spells, counts: Counted, kind: int) -> Steps:
    """The share that has ended in one way by each time, when other ways compete. Aalen and Johansen (1978).

    The variance is the sum of the squared influence of each row (the infinitesimal jackknife, as in R `survfit`); with
    no delayed entry it is the delta-method variance. The influence of a row that entered at e and was last seen at x
    is, with F the incidence and S the share with no ending, at a time t

        [x <= t] (own S(x-) / n(x) - any (F(t) - F(x)) / (n(x) - d(x))) - [G(t^x) - G(e)] + F(t) [B(t^x) - B(e)]

    where dB = (d / n) / (n - d), dG = S(-) d_k / n^2 + F dB; own and any say whether the row ended so, or at all. So
    each square is a quadratic in F(t), and the sums over rows are running sums.
    """
    n, own, ended = counts.at_risk, counts.ended[:, kind], counts.any_ended
    before = np.concatenate([[1.0], np.cumprod(1 - ended / n)[:-1]])
    share = np.cumsum(before * own / n)
    last = np.where(n > ended, n - ended, np.inf)  # after the last row nothing depends on the hazard
    slope = np.cumsum(ended / n / last)
    level = np.cumsum(before * own / n**2 + share * ended / n / last)
    gone = _gone(spells, counts, kind, (before, share, slope, level, last))
    still = _still(spells, counts, slope, level)
    squares = gone[0] + still[0] + 2 * share * (gone[1] + still[1]) + share**2 * (gone[2] + still[2])
    return Steps(counts.times, np.minimum(share, 1.0), np.sqrt(np.where(squares > _ROUNDING, squares, 0.0)))


def _gone(
    spells: Spells, counts: Counted, kind: int, parts: tuple[Floats, Floats, Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Running sums over rows seen last by each time: of a^2, a b and b^2, their influence being a + F(t) b."""
    before, share, slope, level, last = parts
    place, n = counts.place, counts.at_risk
    own, ended = spells.ending == kind + 1, spells.ending > 0
    entry_slope, entry_level = _at_entry(spells, counts, slope), _at_entry(spells, counts, level)
    a = own * before[place] / n[place] + ended * share[place] / last[place] - (level[place] - entry_level)
    b = slope[place] - entry_slope - ended / last[place]
    size = len(counts.times)
    return (
        np.cumsum(np.bincount(place, a * a, size)),
        np.cumsum(np.bincount(place, a * b, size)),
        np.cumsum(np.bincount(place, b * b, size)),
    )


def _still(spells: Spells, counts: Counted, slope: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
    """The same sums over rows that entered before each time and are seen after it."""
    entry_slope, entry_level = _at_entry(spells, counts, slope), _at_entry(spells, counts, level)

    def sum_of(values: Floats) -> Floats:
        order = np.argsort(spells.entry)
        entered = np.concatenate([[0.0], np.cumsum(values[order])])
        came = entered[np.searchsorted(spells.entry[order], counts.times, side="left")]
        return came - np.cumsum(np.bincount(counts.place, values, len(counts.times)))

    many, slopes, levels = sum_of(np.ones(len(spells))), sum_of(entry_slope), sum_of(entry_level)
    squares = sum_of(entry_slope**2), sum_of(entry_level**2), sum_of(entry_slope * entry_level)
    return (
        many * level**2 - 2 * level * levels + squares[1],
        -(many * level * slope - level * slopes - slope * levels + squares[2]),
        many * slope**2 - 2 * slope * slopes + squares[0],
    )


def _at_entry(spells: Spells, counts: Counted, running: Floats) -> Floats:
    """What a running sum had come to when each row entered."""
    return np.concatenate([[0.0], running])[np.searchsorted(counts.times, spells.entry, side="right")]


def at_times(steps: Steps, times: Floats, start: float) -> tuple[Floats, Floats]:
    """Share and standard error at any times; `start` and 0 before the first step."""
    place = np.searchsorted(steps.times, times, side="right")
    return np.concatenate([[start], steps.share])[place], np.concatenate([[0.0], steps.se])[place]
