"""Synthetic difference-in-differences: one or a few units against a weighted mean of those that never adopt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Mask
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.outcomes import Measured, Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel, named
from evaltools.estimate.rollout.rcode import r_synthetic
from evaltools.estimate.rollout.wording import Story, effect_row, source_of, story_of, target
from evaltools.language import listed, number, percent_sign

_SHOWN = 5
"""How many units of the comparison are named."""


def synthetic_difference(
    panel: RolloutPanel,
    outcome: Outcome,
    *,
    units: Sequence[str] = (),
    draws: int = 200,
    seed: int = 20150101,
    level: float = 0.95,
) -> Estimate:
    """The effect in one or a few units that adopted together, against a weighted mean of units that never adopt.

    Units and periods before adoption are weighted so that the comparison moves as the unit did before.
    panel, outcome : as in `group_time_effects`. units : whose effect; all that adopt where none are named. draws :
    placebos for the standard error, each giving the method to units that never adopt. seed : of the draws.
    level : of the interval.

    Returns one row; `extra` has `p_value` (share of placebos at least as far from 0), `fit` (how far the comparison
    is off before adoption), `donors`, and `weight_<unit>` for each unit of the comparison that has weight.
    Raises `DesignError`: those of `group_time_effects` about panel and outcome, NO_SUCH_UNIT, NOT_ONE_START,
    TOO_FEW_TO_COMPARE, TOO_FEW_DRAWS, LEVEL_NOT_A_SHARE, ROLLOUT_NOT_INSTALLED, ENGINE_REFUSES.
    Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review 111; placebo variance:
    algorithm 4.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [5, 6, 9, 1, 2, 3, 2, 3.5, 4, 3, 4, 5.2, 2, 2.5, 4]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcde" for _ in range(3)], "period": [2015, 2016, 2017] * 5, "y": y,
    ...                      "first": [2017] * 3 + [None] * 12})
    >>> found = ev.rollout.synthetic_difference(ev.rollout.panel(rows, first="first"), "y", draws=20)
    >>> round(found.row().estimate, 1)
    2.0
    """
    check_level(level)
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 10:
        raise DesignError(
            Fault("TOO_FEW_DRAWS", "draws", f"{draws!r} draws tell nothing", "Give 10 or more; 200 is usual.")
        )
    found = measured(panel, outcome)
    treated, start = _treated(found, units)
    donors = found.panel.starts == found.panel.never
    if donors.sum() <= treated.sum():
        problem = f"{int(donors.sum())} units never adopt, to compare {int(treated.sum())} with"
        raise DesignError(Fault("TOO_FEW_TO_COMPARE", panel.names[2], problem, "Give more units that never adopt."))
    used = donors | treated
    names = [name for name, kept in zip(found.panel.units, used.tolist(), strict=True) if kept]
    result = engine.synthetic(found.values[used], np.flatnonzero(treated[used]).tolist(), start, seed=seed, draws=draws)
    told = {"units": tuple(units), "draws": None if draws == 200 else draws, "seed": None if seed == 20150101 else seed}
    story = story_of(
        found, call("rollout.synthetic_difference", panel.code, {**told, "level": level}, outcome), result["heard"]
    )
    who = [name for name, mine in zip(found.panel.units, treated.tolist(), strict=True) if mine]
    label = listed(who, story.about.language) if len(who) <= _SHOWN else story.units(len(who))
    row = effect_row(
        (("units", ", ".join(who)), ("from", found.panel.periods[start])),
        (label, story.say("label.from", period=found.panel.periods[start])),
        (result["effect"], result["se"]),
        len(names),
        (story.say("method.synthetic", draws=number(draws, 0, story.about.language)), level),
    )
    weights = {names[place]: weight for place, weight in result["units"].items() if weight > 1e-9}
    return Estimate(
        measure=story.kind,
        rows=(row,),
        source=source_of(story, story.code),
        notes=_notes(story, (label, found.panel.periods[start]), weights, result["fit"]),
        unit="" if found.is_share else story.outcome,
        r=r_synthetic(panel, outcome),
        extra={
            "p_value": result["p_value"],
            "fit": result["fit"],
            "donors": float(donors.sum()),
            **{f"weight_{name}": weight for name, weight in weights.items()},
        },
    )


def _treated(found: Measured, units: Sequence[str]) -> tuple[Mask, int]:
    """Which units are asked about, and the place of their common start."""
    panel = found.panel
    unknown = [name for name in units if name not in panel.units]
    if unknown:
        problem = f'there is no unit "{unknown[0]}"'
        raise DesignError(Fault("NO_SUCH_UNIT", "units", problem, near(unknown[0], panel.units)))
    chosen = np.isin(np.array(panel.units), list(units)) if units else panel.starts < panel.never
    starts = sorted({int(start) for start in panel.starts[chosen]})
    if len(starts) != 1 or starts[0] in (0, panel.never):
        when = ", ".join("never" if each == panel.never else panel.periods[each] for each in starts)
        who = named([name for name, mine in zip(panel.units, chosen.tolist(), strict=True) if mine])
        problem = f"{who} did not adopt in one period after the first ({when})"
        raise DesignError(
            Fault("NOT_ONE_START", panel.names[2], problem, "Name units that adopted together: units=[...].")
        )
    return chosen, starts[0]


def _notes(story: Story, treated: tuple[str, str], weights: dict[str, float], fit: float) -> tuple[str, ...]:
    language = story.about.language
    most = sorted(weights.items(), key=lambda each: -each[1])[:_SHOWN]
    shown = listed([f"{name} ({percent_sign(weight, 0, language)})" for name, weight in most], language)
    return (
        target(story, "synthetic", treated=treated[0], period=treated[1]),
        story.say("note.weights_units", units=shown),
        story.say("note.fit", fit=number(fit, 3, language)),
        story.say("assumes.synthetic"),
        story.say("note.engine", version=engine.version()),
    )
