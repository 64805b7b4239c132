"""Shares of many units against the size of their bases: the funnel plot, with exact limits and over-dispersion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call
from evaltools.estimate.curve import Curve, CurvePoint, Signal
from evaltools.estimate.monitor.counts import Count, Counts
from evaltools.estimate.monitor.quantiles import interpolated_limit
from evaltools.estimate.monitor.rules import named_some
from evaltools.language import Language, number, percent_sign, texts

Overdispersion = Literal["none", "multiplicative", "additive"]

_KINDS: Final[tuple[Overdispersion, ...]] = ("none", "multiplicative", "additive")
_OUTER: Final = (0.001, 0.999)
_INNER: Final = (0.025, 0.975)
_WINSOR: Final = (0.1, 0.9)
_LARGEST: Final = 1e8
"""Exact limits of more cases are no longer told apart from the centre."""
_SMALL: Final = 20
"""With fewer cases only a very large deviation can be seen."""
_FEWEST: Final = 5
"""Units from which on their spread is judged."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How much more the units differ than chance alone makes them. phi : mean squared z-score, winsorised.

    tau2 : variance of the true shares between units, by moments from phi.
    """

    phi: float
    tau2: float

    def widened(self, limits: Floats, share: float, n: Floats, kind: Overdispersion) -> Floats:
        """Limits moved away from the share as far as the spread asks for, and never nearer."""
        if kind == "none":
            return limits
        chance = share * (1 - share) / n
        factor = np.sqrt(max(self.phi, 1.0)) if kind == "multiplicative" else np.sqrt(1 + self.tau2 / chance)
        return np.asarray(np.clip(share + (limits - share) * factor, 0.0, 1.0))


def funnel(counts: Counts, *, target: float | None = None, overdispersion: Overdispersion = "none") -> Curve:
    """A funnel plot: the share of each unit, such as a municipality, against the size of its base.

    counts : from `counts` or `counts_of`, one row per unit, whole counts of a base. target : the share that the
    limits lie around, such as 0.33; the pooled share of all units where it is None. overdispersion : `none` for
    limits of chance alone; `multiplicative` widens them by the square root of phi (the winsorised mean squared
    z-score), `additive` by a variance between units (tau2). Where units differ by more than chance, a note says so.

    Returns a `Curve` with a point per unit: `low` and `high` are 99.8 per cent limits, `inner_low` and `inner_high`
    95 per cent limits, exact binomial and interpolated between counts. `extra` has `centre`, `phi`, `tau2`, `units`,
    `beyond`, `beyond_inner`. Units without cases have no point.
    Raises `DesignError`: NOT_FOR_THIS_CHART, COUNT_NOT_WHOLE, BASE_TOO_LARGE, TOO_FEW_UNITS, NOTHING_VARIES,
    TARGET_NOT_A_SHARE, NO_SUCH_METHOD.
    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202: appendix A.1.1 (exact limits), A.2
    (over-dispersion). The exact limits are widened in proportion, where his are normal.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"town": list("abc"), "found": [8, 41, 30], "new": [57, 291, 90]})
    >>> made = funnel(counts(table, at="town", count="found", base="new", language="en"), target=0.14)
    >>> round(made.point("a").inner_high, 4), made.signals[0].words
    (0.2269, 'c lies above the 99.8% limit.')
    """
    rows = _checked(counts, target, overdispersion)
    count, n = np.array([row.count for row in rows]), np.array([row.base for row in rows], dtype=float)
    share = float(count.sum() / n.sum()) if target is None else target
    if share in (0.0, 1.0):
        problem = f"all shares are {share:.0%}" if target is None else f"a target of {share:.0%} has no limits"
        raise DesignError(Fault("NOTHING_VARIES", counts.source.question, problem, "Tell the counts instead."))
    spread = spread_of(count, n, share)
    outer, inner = (limits_at(n, share, chances, spread, overdispersion) for chances in (_OUTER, _INNER))
    points = tuple(
        _point(row, share, (outer[0][place], outer[1][place]), (inner[0][place], inner[1][place]))
        for place, row in enumerate(rows)
    )
    signals = tuple(_signals(points, counts.source.language))
    say = texts(counts.source.language).say
    said = {"target": target, "overdispersion": None if overdispersion == "none" else overdispersion}
    return Curve(
        name=say("monitor.chart.funnel"),
        kind="funnel",
        measure="share",
        points=points,
        source=replace(counts.source, code=call("funnel", counts.source.code, said)),
        method=say(f"monitor.method.funnel_{overdispersion}"),
        notes=tuple(_notes(counts, points, share, spread, overdispersion)),
        signals=signals,
        verdict=say("monitor.note.signals") if signals else say("monitor.note.no_units_beyond", count=len(points)),
        x_name=say("monitor.x.base"),
        level=_OUTER[1] - _OUTER[0],
        extra={
            "centre": share,
            "phi": spread.phi,
            "tau2": spread.tau2,
            "units": float(len(points)),
            "target": float(target is not None),
            "beyond": float(sum("beyond" in point.flags for point in points)),
            "beyond_inner": float(sum("beyond_inner" in point.flags for point in points)),
            "multiplicative": float(overdispersion == "multiplicative"),
            "additive": float(overdispersion == "additive"),
        },
        r=_r(rows, share),
    )


def funnel_limits(made: Curve, bases: Sequence[float]) -> tuple[tuple[float, float, float, float], ...]:
    """The limits of a funnel plot at other sizes of the base, as its lines are drawn.

    made : from `funnel`. bases : sizes above 0. Returns 99.8 per cent low, 95 low, 95 high, 99.8 high for each.
    Raises `DesignError` BASE_NOT_POSITIVE.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"town": list("abc"), "found": [8, 41, 30], "new": [57, 291, 90]})
    >>> made = funnel(counts(table, at="town", count="found", base="new"), target=0.14)
    >>> [round(limit, 4) for limit in funnel_limits(made, [291])[0]]
    [0.0792, 0.0997, 0.1793, 0.2046]
    """
    n = np.array(bases, dtype=float)
    if not n.size or n.min() <= 0:
        problem, remedy = "a base is 0 or less", "Limits are for bases of 1 and more."
        raise DesignError(Fault("BASE_NOT_POSITIVE", made.name, problem, remedy))
    spread = Spread(made.extra["phi"], made.extra["tau2"])
    kind: Overdispersion = "none"
    if made.extra["multiplicative"] or made.extra["additive"]:
        kind = "multiplicative" if made.extra["multiplicative"] else "additive"
    share = made.extra["centre"]
    outer, inner = (limits_at(n, share, chances, spread, kind) for chances in (_OUTER, _INNER))
    return tuple(
        (float(low), float(inner_low), float(inner_high), float(high))
        for low, inner_low, inner_high, high in zip(outer[0], *inner, outer[1], strict=True)
    )


def limits_at(
    n: Floats, share: float, chances: tuple[float, float], spread: Spread, kind: Overdispersion
) -> tuple[Floats, Floats]:
    """Lower and upper limit at each base, widened where the units differ by more than chance."""
    low, high = (spread.widened(interpolated_limit(each, n, share), share, n, kind) for each in chances)
    return low, high


def spread_of(count: Floats, n: Floats, share: float) -> Spread:
    """How much more than chance units differ: z-scores winsorised at 10 and 90 per cent. Spiegelhalter (2005), A.2.

    >>> spread = spread_of(np.array([8.0, 41, 30]), np.array([57.0, 291, 90]), 0.14)
    >>> round(spread.phi, 3), round(spread.tau2, 5)
    (5.986, 0.00878)
    """
    variance = share * (1 - share) / n
    z = (count / n - share) / np.sqrt(variance)
    low, high = np.quantile(z, _WINSOR)
    phi = float((np.clip(z, low, high) ** 2).mean())
    weights = 1 / variance
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    excess = len(n) * phi - (len(n) - 1)
    return Spread(phi, max(excess / room, 0.0) if room > 0 else 0.0)


def _checked(counts: Counts, target: float | None, overdispersion: str) -> list[Count]:
    where = counts.source.question or "funnel"
    if counts.counted != "share":
        problem = "a funnel plot is for counts of a base, one row per unit"
        raise DesignError(Fault("NOT_FOR_THIS_CHART", where, problem, "Give `count` and `base` of each unit."))
    if overdispersion not in _KINDS:
        problem = f'there is no over-dispersion "{overdispersion}"'
        raise DesignError(Fault("NO_SUCH_METHOD", where, problem, near(overdispersion, _KINDS)))
    if target is not None and not 0 <= target <= 1:
        problem = f"the target {target:g} is not a share between 0 and 1"
        raise DesignError(Fault("TARGET_NOT_A_SHARE", "target", problem, "Write 0.33 for 33 pct."))
    for row in counts.rows:
        if not float(row.count).is_integer():
            problem = f"{row.count:g} in {row.at} is not a whole number"
            raise DesignError(Fault("COUNT_NOT_WHOLE", where, problem, "Give the counts, not a share."))
        if row.base is not None and row.base > _LARGEST:
            problem = f"the base of {row.at} is {row.base:g}"
            raise DesignError(Fault("BASE_TOO_LARGE", where, problem, f"Give at most {_LARGEST:g}."))
    rows = [row for row in counts.rows if row.base]
    if len(rows) < 2:
        problem = f"{len(rows)} units have cases"
        raise DesignError(Fault("TOO_FEW_UNITS", where, problem, "Compare two units with `two_proportions` instead."))
    return rows


def _point(row: Count, share: float, outer: tuple[float, float], inner: tuple[float, float]) -> CurvePoint:
    n = row.base or 1.0
    y = row.count / n
    beyond = not outer[0] <= y <= outer[1]
    flags = {"beyond": beyond, "beyond_inner": not beyond and not inner[0] <= y <= inner[1], "small": n < _SMALL}
    return CurvePoint(
        x=n,
        at=row.at,
        y=y,
        n=row.n,
        count=round(row.count),
        centre=share,
        low=float(outer[0]),
        high=float(outer[1]),
        inner_low=float(inner[0]),
        inner_high=float(inner[1]),
        flags=tuple(name for name, is_so in flags.items() if is_so),
    )


def _signals(points: Sequence[CurvePoint], language: Language) -> Iterator[Signal]:
    """Units beyond the outer limits, those above and those below told apart."""
    say = texts(language).say
    for side in ("above", "below"):
        found = [
            point.at
            for point in points
            if "beyond" in point.flags and ((point.y or 0.0) > (point.centre or 0.0)) == (side == "above")
        ]
        if found:
            key = f"monitor.signal.units_{side}_{'one' if len(found) == 1 else 'many'}"
            named = named_some(found, language)
            yield Signal(f"beyond_{side}", say(key, named=named, count=len(found)), tuple(found))


def _notes(
    counts: Counts, points: Sequence[CurvePoint], share: float, spread: Spread, kind: Overdispersion
) -> Iterator[str]:
    language, units = counts.source.language, len(points)
    say = texts(language).say
    yield say("monitor.note.inner", expected=number(0.05 * units, 1, language), units=units)
    empty = [row for row in counts.rows if not row.base]
    if empty:
        yield say("monitor.note.empty_units", count=len(empty))
    small = sum("small" in point.flags for point in points)
    if small:
        yield say("monitor.note.small", count=small, limit=_SMALL)
    if units < _FEWEST:
        yield say("monitor.note.few_units", count=units)
        return
    most = 1 + 2 * math.sqrt(2 / units)
    phi = number(spread.phi, 2, language)
    if kind == "none" and spread.phi > most:
        yield say("monitor.note.overdispersed", phi=phi, most=number(most, 2, language))
    if kind != "none":
        deviation = percent_sign(math.sqrt(spread.tau2), 1, language)
        yield say(f"monitor.note.{kind}", phi=phi, deviation=deviation, centre=percent_sign(share, 1, language))


def _r(rows: Sequence[Count], share: float) -> str:
    count, n = (
        ", ".join(f"{value:g}" for value in values)
        for values in ([row.count for row in rows], [row.base or 0.0 for row in rows])
    )
    return "\n".join(
        [
            f"r <- c({count}); n <- c({n}); theta <- {share!r}",
            "over <- function(k, p) (pbinom(k, n, theta) - p) / dbinom(k, n, theta)",
            "between <- function(k, p) pmin(pmax((k - over(k, p)) / n, 0), 1)",
            "limit <- function(p) between(qbinom(p, n, theta), p)",
            "cbind(y = r / n, sapply(c(0.001, 0.025, 0.975, 0.999), limit))",
            "# limits of chance alone; over-dispersion moves them by the square root of this, or by tau2 made of it:",
            "z <- (r / n - theta) / sqrt(theta * (1 - theta) / n); q <- quantile(z, c(0.1, 0.9))",
            "mean(pmin(pmax(z, q[1]), q[2])^2)",
        ]
    )
