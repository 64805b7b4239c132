"""Krippendorff's alpha: agreement of any number of coders, on any scale, with units that some left open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.agreement.codings import PLAIN, Codes, Codings, read_codings, source_of
from evaltools.estimate.agreement.resampling import BY_DEFAULT, Resampled, call_code, no_variation, resampled_limits
from evaltools.estimate.arrays import Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.language import number, texts

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
_RELIABLE: Final = 0.8
_TENTATIVE: Final = 2 / 3
"""Krippendorff (2019), chapter 12: below this nothing can be built on the codes."""


def krippendorff(
    frame: pd.DataFrame | Dataset,
    coders: Sequence[str],
    *,
    scale: Scale = "nominal",
    codes: Codes = PLAIN,
    resampled: Resampled = BY_DEFAULT,
    level: float = 0.95,
) -> Estimate:
    """Krippendorff's alpha: 1 where coders agree wholly, 0 where they do no better than chance.

    frame : one row per unit that was coded. coders : their columns, at least two. scale : what a difference between
    codes means. codes : their order (for words on an ordinal scale), and which mean missing. Units that at least two
    coders coded are used, whoever they were. resampled : how the interval is drawn. level : of the interval.

    Returns one row; `extra` has the disagreement `observed` and `expected`, and the number of `replicates` that had an
    alpha; the first of `notes` says what can be built on it. Raises `DesignError`: TOO_FEW_CODERS, NO_SUCH_VARIABLE,
    CODER_TWICE, CODE_WITHOUT_ORDER, NO_CODES, NO_SUCH_SCALE, CODES_NOT_NUMBERS, NO_ORDER, TOO_FEW_UNITS,
    NO_VARIATION_IN_CODES, TOO_FEW_REPLICATES, LEVEL_NOT_A_SHARE.
    Source: Krippendorff (2019), Content Analysis, chapter 12. The interval draws units again.

    >>> frame = pd.DataFrame({"a": [1, 2, 3, 3, 2], "b": [1, 2, 3, 3, 2], "c": [None, 3, 3, 3, 2]})
    >>> round(krippendorff(frame, ["a", "b", "c"], scale="interval").rows[0].estimate, 3)
    0.871
    """
    check_level(level)
    found = read_codings(frame, coders, codes)
    _check_scale(found, scale, codes)
    counts = found.counts
    counts = counts[counts.sum(axis=1) >= 2]
    if len(counts) < 2:
        problem = f"{len(counts)} units are coded by two"
        raise DesignError(Fault("TOO_FEW_UNITS", "coders", problem, "Let them code the same units, at least two."))
    pairs = _pairs(counts)
    apart = _APART[scale]
    seen, expected = (float(each[0]) for each in _disagreement(np.ones((1, len(counts))), counts, pairs, found, apart))
    if expected <= 0:
        raise no_variation()
    limits = resampled_limits(
        len(counts), lambda drawn: _alpha(*_disagreement(drawn, counts, pairs, found, apart)), resampled, level
    )
    code = call_code("krippendorff", found, codes, resampled, {"scale": scale, "level": level})
    return _estimate(found, (1 - seen / expected, seen, expected, len(counts)), limits, (scale, code), level)


def _pairs(counts: Floats) -> Floats:
    """Units x codes x codes: pairs of codes that different coders gave a unit, each coder counting once."""
    size = counts.shape[1]
    both = counts[:, :, None] * counts[:, None, :] - np.eye(size) * counts[:, :, None]
    return np.asarray(both / (counts.sum(axis=1) - 1)[:, None, None])


def _disagreement(
    drawn: Floats, counts: Floats, pairs: Floats, found: Codings, apart: Callable[[Floats, Codings], Floats]
) -> tuple[Floats, Floats]:
    """Disagreement seen and expected in samples of units (samples x units)."""
    size = counts.shape[1]
    totals = drawn @ counts
    distance = apart(totals, found)
    whole = totals.sum(axis=1)
    together = (drawn @ pairs.reshape(len(counts), -1)).reshape(-1, size, size)
    seen = (together * distance).sum(axis=(1, 2)) / whole
    expected = np.einsum("ti,tj,tij->t", totals, totals, distance) / (whole * (whole - 1))
    return seen, expected


def _alpha(seen: Floats, expected: Floats) -> Floats:
    return np.where(expected > 0, 1 - seen / np.where(expected > 0, expected, 1.0), np.inf)


def _nominal(totals: Floats, found: Codings) -> Floats:
    return np.broadcast_to(1 - np.eye(totals.shape[1]), (len(totals), *[totals.shape[1]] * 2))


def _ordinal(totals: Floats, found: Codings) -> Floats:
    """How many codes lie between two, the outer ones half: squared."""
    upto = np.cumsum(totals, axis=1) - totals / 2
    return np.asarray((upto[:, :, None] - upto[:, None, :]) ** 2)


def _interval(totals: Floats, found: Codings) -> Floats:
    values = np.asarray(found.numbers)
    return np.broadcast_to(np.subtract.outer(values, values) ** 2, (len(totals), len(values), len(values)))


def _ratio(totals: Floats, found: Codings) -> Floats:
    values = np.asarray(found.numbers)
    sums = np.add.outer(values, values)
    shares = np.subtract.outer(values, values) / np.where(sums == 0, 1.0, sums)
    return np.broadcast_to(shares**2, (len(totals), len(values), len(values)))


_APART: Final[Mapping[Scale, Callable[[Floats, Codings], Floats]]] = MappingProxyType(
    {"nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio}
)
"""How far codes lie apart on each scale (samples x codes x codes)."""


def _check_scale(found: Codings, scale: Scale, codes: Codes) -> None:
    if scale not in get_args(Scale):
        problem = f'there is no scale "{scale}"'
        raise DesignError(Fault("NO_SUCH_SCALE", "scale", problem, near(scale, get_args(Scale))))
    if scale in ("interval", "ratio") and (found.numbers is None or (scale == "ratio" and (found.numbers < 0).any())):
        wanted = "numbers of 0 and more" if scale == "ratio" else "numbers"
        problem = f"the codes are no {wanted}: {', '.join(found.codes[:6])}"
        raise DesignError(Fault("CODES_NOT_NUMBERS", "scale", problem, 'Use scale="ordinal" or "nominal".'))
    if scale == "ordinal" and found.numbers is None and not codes.order:
        problem = f"the codes have no order: {', '.join(found.codes[:6])}"
        raise DesignError(Fault("NO_ORDER", "codes", problem, 'Give it: Codes(order=("low", "middle", "high")).'))


def _estimate(
    found: Codings,
    value: tuple[float, float, float, int],
    limits: tuple[float, float, int],
    said: tuple[Scale, str],
    level: float,
) -> Estimate:
    alpha, seen, expected, units = value
    low, high, replicates = limits
    scale, code = said
    say = texts(found.language).say
    verdict = "reliable" if low >= _RELIABLE else "tentative" if low >= _TENTATIVE else "weak"
    open_units = len(found.placed) - units
    named = ", ".join(f'"{name}"' for name in found.coders)
    row = Row(
        coordinates=(("coefficient", "krippendorff"),),
        labels=(say("agreement.label.krippendorff"),),
        estimate=alpha,
        n=units,
        base=float(units),
        method=say(f"agreement.method.krippendorff_{scale}"),
        low=low,
        high=high,
        level=level,
    )
    return Estimate(
        measure="coefficient",
        rows=(row,),
        source=source_of(found, code),
        notes=(
            say(f"agreement.note.{verdict}", low=number(low, 2, found.language)),
            *((say("agreement.note.one_coder", count=open_units),) if open_units else ()),
        ),
        extra={"observed": seen, "expected": expected, "replicates": float(replicates)},
        r=f'irr::kripp.alpha(t(as.matrix(data[, c({named})])), method = "{scale}")',
    )
