"""Counted shares, small places and agreement of coders: each case's counts, table or formula decides the call."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from evaltools.estimate import agreement, indicators
from evaltools.estimate.indicators import Indicator, Rate
from evaltools.language import Text
from evaluation_calls import Calls, Case, data_of

Pair = tuple[int, int]
_ONE: Final[Mapping[str, Callable[[int, int], tuple[float, float]]]] = {
    "Clopper-Pearson": indicators.clopper_pearson, "Wilson": indicators.wilson, "Jeffreys": indicators.jeffreys,
}  # fmt: skip
_TWO: Final[Mapping[str, str]] = {"Miettinen-Nurminen": "interval", "Newcombe": "newcombe"}


def indicator(name: str) -> Indicator:
    """What a case counts: it says no more than its counts."""
    return Indicator(name, *(Text(name, name) for _ in range(4)))  # type: ignore[arg-type]  # four texts


def rates_of(case: Case) -> list[Rate]:
    """`8/57 vs 22/98`: the earlier rate and the later."""
    found = re.findall(r"(\d+)/(\d+)", case["dataset"])
    return [indicators.rate(indicator("case"), int(count), int(base)) for count, base in found]


def compared(case: Case) -> dict[str, float]:
    earlier, later = rates_of(case)
    found = indicators.two_proportions(earlier, later)
    row = found.rows[0]
    return {**found.extra, "difference": row.estimate, "interval_low": row.low or 0.0, "interval_high": row.high or 0.0}


def boschloo(case: Case) -> list[float]:
    """scipy takes the columns of a table as the groups; its reference was given the years as rows.

    So its groups are those in the network and those not; with the years as groups p is 0.2216.
    """
    (x1, n1), (x2, n2) = ((each.count, each.base) for each in rates_of(case))
    if "scipy" in case["source"]:
        return [indicators.boschloo((x2, x1 + x2), (n2 - x2, n1 - x1 + n2 - x2))]
    return [compared(case)["boschloo_p"]]


def risk_ratio(case: Case) -> list[float]:
    found = compared(case)
    return [found["risk_ratio"], found["risk_ratio_low"], found["risk_ratio_high"]]


def against_target(case: Case) -> list[float]:
    target = float(re.findall(r"target (0?\.\d+)", case["dataset"])[0])
    return [indicators.status(rates_of(case)[0], target).p_value]


def intervals(case: Case) -> list[float]:
    """The intervals that the method names, in its order."""
    two = [name for name in re.findall("|".join(_TWO), case["method"]) if name]
    if two:
        found = compared(case)
        return [found[f"{_TWO[name]}_{end}"] for name in two for end in ("low", "high")]
    (rate,) = rates_of(case)
    named = re.findall("|".join(_ONE), case["method"])
    return [limit for name in named for limit in _ONE[name](rate.count, rate.base)]


def mixed(case: Case) -> list[float]:
    """`cbind(incidence,size-incidence)~period+(1|herd)` names count, base, time and place."""
    pattern = r"cbind\((\w+),(\w+)-\w+\)~(\w+)\+\(1\|(\w+)\)"
    count, base, when, place = re.findall(pattern, case["parameters"]["formula"].replace(" ", ""))[0]
    frame = data_of(case)
    rates = indicators.rates(frame, indicator("case"), count=count, base=base, place=place, when=when)
    return [row.estimate for row in indicators.variation(rates).rows]


def beta_binomial(case: Case) -> list[float]:
    """a, b and mean of the prior, then as many shrunk shares as the method names."""
    file, place = re.findall(r"(\S+) \(summed by (\w+)\)", case["dataset"])[0]
    frame = data_of({**case, "dataset": file})
    count, base = [name for name in frame.columns if name not in (place, "period")]
    summed = frame.groupby(place, as_index=False)[[count, base]].sum()
    found = indicators.shrunken(indicators.rates(summed, indicator("case"), count=count, base=base, place=place))
    first = int(re.findall(r"first (\d+)", case["method"])[0])
    return [found.extra[name] for name in ("a", "b", "mean")] + [row.estimate for row in found.rows[:first]]


def cohen(case: Case) -> list[float]:
    """A square table of two coders' codes, unit by unit."""
    table = np.array(json.loads(case["dataset"]))
    pairs = [pair for pair, count in np.ndenumerate(table) for _ in range(int(count))]
    weights = next((name for name in ("linear", "quadratic") if name in case["method"]), "none")
    found = agreement.cohen(pd.DataFrame(pairs, columns=["a", "b"]), ["a", "b"], weights=weights).rows[0]  # type: ignore[arg-type]  # the literals
    return [found.estimate, found.se or 0.0]


def coded(case: Case) -> pd.DataFrame:
    """The codes by coder: the parameters have a line per coder."""
    return pd.DataFrame({f"coder {place}": codes for place, codes in enumerate(case["parameters"]["data"])})


def krippendorff(case: Case) -> list[float]:
    scale = next(name for name in ("nominal", "ordinal", "interval", "ratio") if name in case["method"])
    frame = coded(case)
    found = agreement.krippendorff(frame, list(frame.columns), scale=scale, resampled=agreement.Resampled(100))  # type: ignore[arg-type]  # the literals
    return [found.rows[0].estimate]


def fleiss(case: Case) -> list[float]:
    frame = coded(case)
    return [agreement.fleiss(frame, list(frame.columns)).rows[0].estimate]


def one_of(name: str) -> Callable[[Case], Sequence[float]]:
    """A number beside the difference of two shares."""
    return lambda case: [compared(case)[name]]


CALLS: Calls = {
    "Boschloo": boschloo,
    "Fisher": one_of("fisher_p"),
    "risk ratio": risk_ratio,
    "P(p_new > p_old)": one_of("probability_larger"),
    "exact binomial two-sided": against_target,
    "Clopper-Pearson": intervals,
    "Wilson": intervals,
    "Jeffreys interval": intervals,
    "Miettinen-Nurminen": intervals,
    "Newcombe": intervals,
    "binomial GLMM": mixed,
    "beta-binomial": beta_binomial,
    "Cohen kappa": cohen,
    "Fleiss kappa": fleiss,
    "Krippendorff alpha": krippendorff,
}
