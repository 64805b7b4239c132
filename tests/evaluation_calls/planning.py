"""Power, and pooled projects: each case answered through `ev.rollout`, with every argument read from the case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np

import evaltools as ev
from evaltools.estimate.rollout.pooling import Between
from evaluation_calls import Calls, Case, data_of

DESIGNS = MappingProxyType({"hh_1": "mu0 .05 mu1 .035 tau .01"})
"""A design that a case names and that is described elsewhere: the example in the manual of `swCRTdesign::swPwr`."""
RULES: MappingProxyType[str, Between] = MappingProxyType(
    {"DL": "dersimonian_laird", "PM": "paule_mandel", "REML": "reml"}
)


def number(text: str, pattern: str) -> float:
    """The number that stands where a pattern says."""
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])


def two_shares(case: Case) -> Sequence[float]:
    earlier, later = (float(each) for each in re.findall(r"\.\d+", case["dataset"]))
    goal = number(case["method"], r"for (\d+) %") / 100
    size = ev.rollout.two_proportion_size(earlier, later, power=goal)
    power = ev.rollout.two_proportion_power(earlier, later, int(number(case["method"], r"n=(\d+)")))
    return [size.rows[0].estimate, power.rows[0].estimate]


def wedge(case: Case) -> Sequence[float]:
    """Clusters in equal waves; a design that is only named is looked up by its name."""
    named = re.search(r"as (\w+)", case["method"])
    told = f"{DESIGNS[named[1]]} {case['method']}" if named else case["method"]
    clusters, steps, cases = (
        int(number(case["dataset"], pattern)) for pattern in (r"(\d+) cl", r"(\d+) st", r"n=(\d+)")
    )
    plan = ev.rollout.Wedge(
        (clusters // steps,) * steps,
        cases=cases,
        between=number(told, r"tau ([\d.]+)"),
        effect_between=number(told, r"effect sd ([\d.]+)") if "effect sd" in told else 0.0,
    )
    before, after = number(told, r"mu0 ([\d.]+)"), number(told, r"mu1 ([\d.]+)")
    return [ev.rollout.stepped_wedge_power(plan, before, after).rows[0].estimate]


def pooled(case: Case) -> Sequence[float]:
    rows = data_of(case)
    columns = {"yi": "yi", "vi": "vi", **case["parameters"]}
    rule = next(rule for name, rule in RULES.items() if re.search(rf"\b{name}\b", case["method"]))
    closely = f"{rule}_as_in_r" if "metafor" in case["source"] else rule
    way: Literal["knapp_hartung", "normal"] = "knapp_hartung" if "Knapp-Hartung" in case["method"] else "normal"
    found = ev.rollout.pool_numbers(
        rows[columns["yi"]].tolist(),
        np.sqrt(rows[columns["vi"]]).tolist(),
        between=next(each for each in get_args(Between) if each == closely) if closely in get_args(Between) else rule,
        uncertainty=way,
    )
    row = found.row(project="pooled")
    known = {"b": row.estimate, "lo": row.low, "hi": row.high, "tau2": found.extra["tau2"], "I2": found.extra["i2"]}
    names = re.search(r"\[([\w,]+)\]", case["method"])
    assert names
    return [*(known[name] or 0.0 for name in names[1].split(",")), row.se or 0.0]


CALLS: Calls = {
    "n per arm for": two_shares,
    "Hussey-Hughes": wedge,
    "with random treatment effect": wedge,
    "random-effects meta-analysis": pooled,
    "with Knapp-Hartung": pooled,
}
