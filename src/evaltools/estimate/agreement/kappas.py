"""Kappa: agreement beyond chance of two coders (Cohen) or several (Fleiss)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import ndtri

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.agreement.codings import PLAIN, Codes, Codings, read_codings, source_of
from evaltools.estimate.agreement.resampling import BY_DEFAULT, Resampled, call_code, no_variation, resampled_limits
from evaltools.estimate.arrays import Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.language import texts

Weights = Literal["none", "linear", "quadratic"]
_IN_R: Final[Mapping[Weights, str]] = {"none": "unweighted", "linear": "equal", "quadratic": "squared"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A coefficient with its parts: agreement seen and expected, units and interval."""

    value: float
    seen: float
    expected: float
    units: int
    limits: tuple[float, float]
    se: float | None = None


def cohen(
    frame: pd.DataFrame | Dataset,
    coders: Sequence[str],
    *,
    weights: Weights = "none",
    codes: Codes = PLAIN,
    resampled: Resampled | None = None,
    level: float = 0.95,
) -> Estimate:
    """Cohen's kappa: how much better two coders agree than chance would.

    frame : one row per unit that was coded. coders : the columns of the two. weights : `none` counts any difference
    alike; `linear` and `quadratic` count far ones more, for codes in order. codes : their order, and which mean
    missing; units that one of the two left open are left out, and the notes say how many. resampled : a bootstrap
    interval instead of the one from the standard error. level : of the interval.

    Returns one row with `se` for large samples; `extra` has the agreement `observed` and `expected`. Raises
    `DesignError`: TOO_FEW_CODERS, TOO_MANY_CODERS, NO_SUCH_VARIABLE, CODER_TWICE, CODE_WITHOUT_ORDER, NO_CODES,
    NO_SUCH_WEIGHTS, TOO_FEW_UNITS, NO_VARIATION_IN_CODES, TOO_FEW_REPLICATES, LEVEL_NOT_A_SHARE.
    Source: Cohen (1960, 1968); standard error of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72.

    >>> frame = pd.DataFrame({"a": ["1"] * 25 + ["2"] * 25, "b": ["1"] * 20 + ["2"] * 5 + ["1"] * 10 + ["2"] * 15})
    >>> row = cohen(frame, ["a", "b"]).rows[0]
    >>> round(row.estimate, 3), round(row.se, 3)
    (0.4, 0.127)
    """
    check_level(level)
    found = read_codings(frame, coders, codes)
    if len(coders) > 2:
        problem, remedy = f"{len(coders)} coders are named", "Take two, or use `fleiss` or `krippendorff`."
        raise DesignError(Fault("TOO_MANY_CODERS", "coders", problem, remedy))
    weighing = _weighing(found, weights)
    both = found.placed[(found.placed >= 0).all(axis=1)]
    _check_units(len(both), "coded by both")
    size = len(found.codes)
    table = np.bincount(both[:, 0] * size + both[:, 1], minlength=size**2) / len(both)
    kappa, seen, expected = (float(each[0]) for each in _kappa(table[None, :], weighing))
    if not np.isfinite(kappa):
        raise no_variation()
    se = _standard_error(table.reshape(size, size), weighing, kappa) / float(np.sqrt(len(both)))
    half = float(ndtri((1 + level) / 2)) * se
    limits = max(kappa - half, -1.0), min(kappa + half, 1.0)
    if resampled is not None:
        cell = np.eye(size**2)[both[:, 0] * size + both[:, 1]]
        low, high, _ = resampled_limits(
            len(both), lambda drawn: _kappa(drawn @ cell / len(both), weighing)[0], resampled, level
        )
        limits = low, high
    ways = {"weights": None if weights == "none" else weights}
    code = call_code("cohen", found, codes, resampled, {**ways, "level": level})
    r = f'irr::kappa2(data[, c("{coders[0]}", "{coders[1]}")], weight = "{_IN_R[weights]}")'
    name = "cohen" if resampled is None else "cohen_resampled"
    return _estimate(found, _Found(kappa, seen, expected, len(both), limits, se), (name, code, r), level)


def fleiss(
    frame: pd.DataFrame | Dataset,
    coders: Sequence[str],
    *,
    codes: Codes = PLAIN,
    resampled: Resampled = BY_DEFAULT,
    level: float = 0.95,
) -> Estimate:
    """Fleiss' kappa: how much better several coders agree than chance would, on codes without order.

    frame : one row per unit that was coded. coders : their columns. codes : which mean missing; units that a coder left
    open are left out, since every unit must be coded equally often (`krippendorff` uses them too). resampled : how the
    interval is drawn. level : of the interval.
    Returns one row; `extra` has the agreement `observed` and `expected`. Raises `DesignError`: TOO_FEW_CODERS,
    NO_SUCH_VARIABLE, CODER_TWICE, CODE_WITHOUT_ORDER, NO_CODES, TOO_FEW_UNITS, NO_VARIATION_IN_CODES,
    TOO_FEW_REPLICATES, LEVEL_NOT_A_SHARE.
    Source: Fleiss (1971), Psychological Bulletin 76; the interval is a bootstrap.

    >>> frame = pd.DataFrame({"a": list("xxyyz"), "b": list("xxyyz"), "c": list("xyyyz")})
    >>> round(fleiss(frame, ["a", "b", "c"]).rows[0].estimate, 3)
    0.789
    """
    check_level(level)
    found = read_codings(frame, coders, codes)
    counts = found.counts[(found.placed >= 0).all(axis=1)]
    _check_units(len(counts), "coded by all")
    every = np.ones((1, len(counts)))
    kappa, seen, expected = (float(each[0]) for each in _fleiss(every, counts))
    if not np.isfinite(kappa):
        raise no_variation()
    low, high, _ = resampled_limits(len(counts), lambda drawn: _fleiss(drawn, counts)[0], resampled, level)
    code = call_code("fleiss", found, codes, resampled, {"level": level})
    named = ", ".join(f'"{name}"' for name in coders)
    return _estimate(
        found,
        _Found(kappa, seen, expected, len(counts), (low, high)),
        ("fleiss", code, f"irr::kappam.fleiss(data[, c({named})])"),
        level,
    )


def _kappa(tables: Floats, weighing: Floats) -> tuple[Floats, Floats, Floats]:
    """Kappa of tables (tables x cells) with the agreement seen and expected."""
    size = len(weighing)
    square = tables.reshape(-1, size, size)
    first, second = square.sum(axis=2), square.sum(axis=1)
    seen = (square * weighing).sum(axis=(1, 2))
    expected = np.einsum("ti,tj,ij->t", first, second, weighing)
    return _beyond(seen, expected), seen, expected


def _fleiss(drawn: Floats, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Kappa of samples of units (samples x units) with the agreement seen and expected."""
    coders = counts[0].sum()
    alike = ((counts**2).sum(axis=1) - coders) / (coders * (coders - 1))
    units = drawn.sum(axis=1)
    seen = drawn @ alike / units
    expected = ((drawn @ counts / (units * coders)[:, None]) ** 2).sum(axis=1)
    return _beyond(seen, expected), seen, expected


def _beyond(seen: Floats, expected: Floats) -> Floats:
    room = 1 - expected
    return np.where(room > 1e-12, (seen - expected) / np.where(room > 1e-12, room, 1.0), np.inf)


def _standard_error(table: Floats, weighing: Floats, kappa: float) -> float:
    """For one unit; divide by the root of their number."""
    first, second = table.sum(axis=1), table.sum(axis=0)
    expected = float(first @ weighing @ second)
    mean = (weighing @ second)[:, None] + (first @ weighing)[None, :]
    spread = (table * (weighing - mean * (1 - kappa)) ** 2).sum() - (kappa - expected * (1 - kappa)) ** 2
    return float(np.sqrt(max(spread, 0.0))) / (1 - expected)


def _weighing(found: Codings, weights: Weights) -> Floats:
    """How much each pair of codes agrees: 1 on the diagonal."""
    if weights not in get_args(Weights):
        problem = f'there are no weights "{weights}"'
        raise DesignError(Fault("NO_SUCH_WEIGHTS", "weights", problem, near(weights, get_args(Weights))))
    size = len(found.codes)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    return np.eye(size) if weights == "none" else 1 - (apart if weights == "linear" else apart**2)


def _check_units(units: int, how: str) -> None:
    if units < 2:
        problem = f"{units} units are {how}"
        raise DesignError(Fault("TOO_FEW_UNITS", "coders", problem, "Let them code the same units, at least two."))


def _estimate(found: Codings, what: _Found, said: tuple[str, str, str], level: float) -> Estimate:
    name, code, r = said
    say = texts(found.language).say
    open_units = len(found.placed) - what.units
    row = Row(
        coordinates=(("coefficient", name.partition("_")[0]),),
        labels=(say(f"agreement.label.{name.partition('_')[0]}"),),
        estimate=what.value,
        n=what.units,
        base=float(what.units),
        method=say(f"agreement.method.{name}"),
        se=what.se,
        low=what.limits[0],
        high=what.limits[1],
        level=level,
    )
    return Estimate(
        measure="coefficient",
        rows=(row,),
        source=source_of(found, code),
        notes=(say("agreement.note.left_out", count=open_units),) if open_units else (),
        extra={"observed": what.seen, "expected": what.expected},
        r=r,
    )
