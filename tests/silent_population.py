"""98 made-up municipalities that all have an answer, and three ways in which some of them are silent.

What each method is used by is known of all, so that it can be seen how often an estimate from the answers holds it.
How far a municipality has come is one score: its threshold gives traits of 2, 5, 10, 29 and 49 of the 98.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from evaltools.dataset import Dataset, build_dataset
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.language import Text
from evaltools.schema.missing import Missing
from evaltools.schema.model import Category, CodeList, Questionnaire, Section
from evaltools.schema.storing import with_source
from evaltools.store.model import Unit
from small_survey import QUESTIONNAIRE as SMALL
from small_survey import item, response, snapshot

Silence = Literal["chance", "cells", "answer"]

REGIONS: Final = (29, 17, 22, 19, 11)
ANSWERED: Final = {"chance": (20, 12, 16, 13, 8), "cells": (27, 8, 18, 8, 8)}
"""Answers by region: even, and where response differs between regions that differ in what they do."""
ALL: Final = sum(REGIONS)
ANSWERS: Final = 69
OPEN: Final = 0.1
"""Share of those who answer at all that leaves the question `open` unanswered."""
SHARES: Final = {"p02": 2, "p05": 5, "p10": 10, "p30": 29, "p50": 49}
SIZES: Final = ("small", "middle", "large")

YES_NO = CodeList(
    "yes_no", Text("Svar", "Answer"), (Category("0", Text("Nej", "No")), Category("1", Text("Ja", "Yes")))
)
CHOICES: Final = (*SHARES, "open", "trained")
NUMBERS: Final = ("children", "network")
QUESTIONNAIRE: Questionnaire = with_source(
    replace(
        SMALL,
        sections=(
            Section(
                "main",
                Text("Spørgsmål", "Questions"),
                (
                    *(item(name, "single", codelist=YES_NO) for name in CHOICES),
                    *(item(name, "integer", measure="ratio", confidentiality="children") for name in NUMBERS),
                ),
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What all 98 would answer: traits (0/1) and numbers by name, in two waves; the score and inhabitants behind it."""

    region: Codes
    size: Codes
    inhabitants: Floats
    score: Floats
    earlier: Mapping[str, Floats]
    later: Mapping[str, Floats]


def population(rng: np.random.Generator) -> Truth:
    """A population whose regions and sizes differ in how far they have come, with the same counts every time."""
    region = np.repeat(np.arange(len(REGIONS)), REGIONS)
    inhabitants = np.round(np.exp(rng.normal(10.5, 0.7, ALL))).astype(np.float64)
    size = np.searchsorted(np.quantile(inhabitants, (0.4, 0.75)), inhabitants)
    score = 1.2 * (region % 2 == 0) + 0.4 * size + rng.normal(0, 1, ALL)
    before = score + rng.normal(0, 0.6, ALL)
    return Truth(
        region, size, inhabitants, score, _answers(before, inhabitants, rng), _answers(score, inhabitants, rng)
    )


def _answers(score: Floats, inhabitants: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    rank = np.argsort(np.argsort(-score))
    traits = {name: (rank < count).astype(float) for name, count in SHARES.items()}
    children = rng.poisson(inhabitants / 1_500).astype(float)
    network = rng.binomial(children.astype(int), 1 / (1 + np.exp(1.5 - 0.5 * score))).astype(float)
    trained = (score + rng.normal(0, 1, ALL) > np.median(score)).astype(float)
    return {**traits, "open": traits["p30"], "trained": trained, "children": children, "network": network}


def answering(truth: Truth, silence: Silence, rng: np.random.Generator) -> Mask:
    """Who answers: 69 by chance in each region; more in some regions; or rather those who have come far."""
    found = np.zeros(ALL, dtype=bool)
    if silence == "answer":
        odds = np.exp(0.5 * truth.score)
        keys = rng.exponential(size=ALL) / odds
        found[np.argsort(keys)[:ANSWERS]] = True
        return found
    for region, count in enumerate(ANSWERED[silence]):
        found[rng.choice(np.flatnonzero(truth.region == region), count, replace=False)] = True
    return found


def dataset(truth: Truth, answers: Mapping[str, Floats], responded: Mask, rng: np.random.Generator) -> Dataset:
    """The data of one wave, as the store would give them; one in ten leaves the question `open` unanswered."""
    empty = _empty()
    gone = dict.fromkeys((*CHOICES, *NUMBERS), ~responded)
    gone["open"] = gone["open"] | (rng.random(ALL) < OPEN)
    known: dict[str, Any] = {name: empty.frame[name] for name in empty.frame_columns}
    known |= {"size": np.array(SIZES, dtype=object)[truth.size], "inhabitants": truth.inhabitants}
    columns: dict[str, Any] = {
        name: [None if out else str(int(value)) for out, value in zip(gone[name], answers[name], strict=True)]
        for name in CHOICES
    }
    columns |= {name: np.where(gone[name], np.nan, answers[name]) for name in NUMBERS}
    kinds = {
        name: np.where(responded, Missing.NOT_ANSWERED * absent, Missing.UNIT_NONRESPONSE)
        for name, absent in gone.items()
    }
    frame = pd.DataFrame({**known, "responded": responded, **columns}, index=empty.frame.index)
    return replace(
        empty,
        frame=frame,
        missing=pd.DataFrame(kinds, index=frame.index, dtype="int8"),
        frame_columns=tuple(known),
        population=frame[[*known, "responded"]],
    )


@cache
def _empty() -> Dataset:
    """The dataset before anybody has answered: columns, labels and regions."""
    regions = np.repeat(np.arange(len(REGIONS)), REGIONS)
    units = tuple(
        Unit(f"{unit:03}", f"K{unit:03}", {"region": f"R{code}", "size": ""}) for unit, code in enumerate(regions)
    )
    given = dict.fromkeys(CHOICES, "0") | dict.fromkeys(NUMBERS, 0)
    responses = tuple(response(unit.code, given) for unit in units)
    return build_dataset(QUESTIONNAIRE, snapshot(*responses, questionnaire=QUESTIONNAIRE, units=units))
