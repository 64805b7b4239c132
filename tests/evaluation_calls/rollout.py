"""Effects of rollouts: each case answered through `ev.rollout`, with every argument taken from the case itself."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
from evaltools.estimate.result import Row
from evaltools.estimate.rollout import GroupTimeEffects, RolloutPanel
from evaluation_calls import REFERENCE, Calls, Case

Kind = Literal["simple", "dynamic", "group", "calendar"]
KINDS: tuple[Kind, ...] = ("simple", "dynamic", "group", "calendar")


@dataclass(frozen=True)
class File:
    """What the columns of a public data file are, where a case does not say it."""

    unit: str
    time: str
    outcome: str
    cohort: str = ""
    treat: str = ""


FILES = MappingProxyType(
    {
        "mpdta.csv": File("countyreal", "year", "lemp", cohort="first.treat"),
        "base_stagg.csv": File("id", "year", "y", cohort="year_treated"),
        "castle.csv": File("sid", "year", "l_homicide", cohort="ft"),
        "math_reform.csv": File("state", "class", "incearn_ln", treat="reform_math"),
        "california_prop99.csv": File("State", "Year", "PacksPerCapita", treat="treated"),
    }
)


def file_of(case: Case) -> Path:
    """The data file that the case names; the test is skipped where it is not there."""
    file = REFERENCE / "data" / str(case["dataset"]).split(" ")[0]
    if not file.exists():
        pytest.skip("the reference data lie only beside the project, in ../shared/reference/data")
    return file


@cache
def panel_at(file: str, unit: str, time: str, adopted: str, separator: str) -> RolloutPanel:
    """The panel of a data file; read once."""
    frame = pd.read_csv(file, sep=separator)
    treated = set(frame[adopted].dropna().unique()) <= {0, 1}
    about = ev.rollout.About(language="en")
    if treated:
        return ev.rollout.panel(frame, unit=unit, period=time, treated=adopted, about=about)
    return ev.rollout.panel(frame, unit=unit, period=time, first=adopted, about=about)


def panel_of(case: Case) -> RolloutPanel:
    """The panel of a case: its own words first, then what is known of the file."""
    known, said = FILES[file_of(case).name], case["parameters"]
    adopted = str(said.get("cohort", said.get("treat", known.cohort or known.treat))).split(" ")[0]
    separator = found[1] if (found := re.search(r"sep=(.)", case["dataset"])) else ","
    unit, time = str(said.get("unit", known.unit)), str(said.get("time", known.time))
    return panel_at(str(file_of(case)), unit, time, adopted, separator)


def outcome_of(case: Case) -> str:
    """What is measured."""
    return str(case["parameters"].get("outcome", FILES[file_of(case).name].outcome))


def effects_of(case: Case) -> GroupTimeEffects:
    """Callaway and Sant'Anna's effects as the case asks for them."""
    said, text = case["parameters"], f"{case['method']} {case['parameters']}"
    anticipation = re.search(r"anticipation'?[=:] ?(\d+)", text)
    never = "nevertreated" in text.replace("-", "").replace(" ", "") or "never-treated" in text
    robust = said.get("est_method", "reg") == "dr"
    return ev.rollout.group_time_effects(
        panel_of(case),
        outcome_of(case),
        controls="never_treated" if never else "not_yet_treated",
        covariates=tuple(part for part in re.split(r"[~+ ]+", said.get("xformla", "~1")) if part not in ("", "1")),
        adjustment="doubly_robust" if robust else "regression",
        anticipation=int(anticipation[1]) if anticipation else 0,
        base="universal" if said.get("base_period") == "universal" else "varying",
    )


def told(rows: Sequence[Row], *, errors: bool = True) -> list[float]:
    """Estimates, then standard errors."""
    return [row.estimate for row in rows] + [row.se or 0.0 for row in rows if errors]


def group_time(case: Case) -> list[float]:
    said = case["parameters"]
    wanted = said["order"] if "order" in said else list(zip(said["group"], said["t"], strict=True))
    effects = effects_of(case)
    return told([effects.row(cohort=str(cohort), period=str(period)) for cohort, period in wanted])


def average(case: Case) -> list[float]:
    kind = next(each for each in KINDS if each in case["method"])
    return told(ev.rollout.aggregate(effects_of(case), kind).rows[-1:])


def by_event(case: Case) -> list[float]:
    study = ev.rollout.event_study(effects_of(case))
    return told([study.row(event=str(event)) for event in case["parameters"]["e"]])


def pre_test(case: Case) -> list[float]:
    test = ev.rollout.pre_trend_test(effects_of(case))
    return [test.statistic, test.p_value]


def interactions(case: Case) -> list[float]:
    found = ev.rollout.sun_abraham(panel_of(case), outcome_of(case))
    if "ATT" in case["method"]:
        return told([found.row(event="all")])
    events = [name.rpartition(":")[2] for name in case["parameters"]["names"]]
    return told([found.row(event=event) for event in events])


def imputed(case: Case) -> list[float]:
    return told([ev.rollout.imputation(panel_of(case), outcome_of(case)).row(event="all")])


def decomposed(case: Case) -> list[float]:
    found = ev.rollout.goodman_bacon(panel_of(case), outcome_of(case))
    kinds = {
        "Earlier vs Later Treated": "earlier_vs_later",
        "Later vs Earlier Treated": "later_vs_earlier",
        "Treated vs Untreated": "treated_vs_never",
    }
    rows = [found.row(comparison=kinds[name], treated="all") for name in case["parameters"]["order"]]
    return [number for row in rows for number in (row.base, row.base * row.estimate)]


def two_way(case: Case) -> list[float]:
    panel, outcome = panel_of(case), outcome_of(case)
    row = ev.rollout.two_way_fixed_effects(panel, outcome).row()
    if "Goodman-Bacon" in case["method"]:
        assert abs(ev.rollout.goodman_bacon(panel, outcome).extra["two_way"] - row.estimate) < case["tolerance"]
    return told([row], errors=case["se"] is not None)


def synthetic(case: Case) -> list[float]:
    named = [unit for unit in panel_of(case).units if unit in case["method"]]
    return [ev.rollout.synthetic_difference(panel_of(case), outcome_of(case), units=named, draws=20).row().estimate]


def mixture(case: Case) -> list[float]:
    return [ev.rollout.synthetic_control(panel_of(case), outcome_of(case)).row(period="mean").estimate]


def honest(case: Case) -> list[float]:
    said, data = case["parameters"], json.loads(file_of(case).read_text("utf-8"))
    events = [*range(-said["numPre"] - 1, -1), *range(said["numPost"])]
    study = ev.rollout.published_event_study(dict(zip(events, data["betahat"], strict=True)), np.array(data["sigma"]))
    bounds = [float(each) for each in re.findall(r"(?<![\w.])\d*\.?\d+", re.sub(r".*(?:M=|Mbar )", "", case["method"]))]
    kind: Literal["relative", "smooth"] = "relative" if "DeltaRM" in case["method"] else "smooth"
    found = ev.rollout.sensitivity(study, kind, bounds=bounds, effect="first", level=1 - said.get("alpha", 0.05))
    return [limit for row in found.rows[1:] for limit in (row.low or 0.0, row.high or 0.0)]


CALLS: Calls = MappingProxyType(
    {
        "ATT(g,t)": group_time,
        "CS aggregate": average,
        "CS simple": average,
        "CS event study": by_event,
        "CS Wald pre-test": pre_test,
        "Sun-Abraham": interactions,
        "imputation ATT": imputed,
        "Goodman-Bacon by type": decomposed,
        "Goodman-Bacon weighted sum": two_way,
        "plain DiD": two_way,
        "Synthetic DiD": synthetic,
        "Synthetic control ATT": mixture,
        "HonestDiD": honest,
    }
)
