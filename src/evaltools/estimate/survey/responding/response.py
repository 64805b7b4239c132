"""Layer one: who answered, out of whom; and which questions those who answered left open."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.designs.answers import code_text
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Names, items, label_of, names_of
from evaltools.estimate.survey.designs.soundness import check_in_frame
from evaltools.estimate.survey.writing import words
from evaltools.language import texts
from evaltools.store.model import Disposition, Unit, UnitStatus
from evaltools.store.progress.balance import balance


def response(data: Dataset, by: Names = None) -> Estimate:
    """Response rates: units that answered of all units asked, over columns of the frame.

    Returns rows with the coordinates of `by`; `count` of `n` units answered. A plain count: no interval.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_UNITS.
    data : from `load`, the silent units among its rows.
    """
    questionnaire, say = data.questionnaire, texts(data.questionnaire.languages[0]).say
    names = names_of(by)
    check_in_frame(data, names)
    units = data.frame if data.population.empty else data.population
    if units.empty:
        raise DesignError(Fault("NO_UNITS", questionnaire.id, "the frame has no unit", "Open the wave with units."))
    return Estimate(
        measure="share",
        rows=tuple(
            _response_row(names, key, part, say("estimate.method.response")) for key, part in _parts(units, names)
        ),
        source=words.source_of_response(data, words.call("response", data.code, {"by": by})),
        r=f"{NO_R}who answered is counted, not estimated",
    )


def response_balance(data: Dataset, by: str | Sequence[str]) -> Estimate:
    """How alike the groups of the frame answered: the R-indicator, and what each group takes from it.

    by : frame columns, whose main effects explain who answered. Returns a row with the coordinate `indicator` `R`
    (1 when all groups answered alike, corrected for chance), and one per group with the coordinates `indicator` (its
    column) and `category`: the partial indicator, below 0 for a group that is behind. `extra` has `lowest`, what R
    would be if as many had answered, all from the units most willing. The status board shows the same R.
    Raises `DesignError`: NO_SUCH_VARIABLE, NOTHING_TO_EXPLAIN.
    Source: Schouten, Cobben and Bethlehem (2009), Survey Methodology 35; Schouten, Shlomo and Skinner (2011).
    data : from `load`, the silent units among its rows.
    """
    names, questionnaire = names_of(by), data.questionnaire
    check_in_frame(data, names)
    units = data.frame if data.population.empty else data.population
    found = balance(
        [_status(code, row) for code, row in zip(units.index, units.to_dict("records"), strict=True)], names
    )
    if found is None:
        problem = "nobody has answered, or no column tells units apart"
        remedy = "Name frame columns with several values."
        raise DesignError(Fault("NOTHING_TO_EXPLAIN", questionnaire.id, problem, remedy))
    say = texts(questionnaire.languages[0]).say
    method, rate = say("estimate.method.r_indicator"), float(units["responded"].mean())
    first = Row((("indicator", "R"),), ("R",), found.indicator, len(units), float(len(units)), method, N=len(units))
    parts = [
        replace(
            _response_row((name,), key, part, method),
            coordinates=(("indicator", name), ("category", key[0])),
            estimate=math.sqrt(len(part) / len(units)) * (float(part.mean()) - rate),
        )
        for name in found.columns
        for key, part in _parts(units, (name,))
    ]
    return Estimate(
        measure="coefficient",
        rows=(first, *parts),
        source=words.source_of_response(data, words.call("response_balance", data.code, {}, by)),
        extra={"lowest": found.lowest},
        r=f"{NO_R}the R-indicator is not in survey",
    )


def _status(code: str, row: Mapping[Hashable, object]) -> UnitStatus:
    """A unit of the frame as the status board knows it."""
    frame = {str(name): str(value) for name, value in row.items() if name != "responded"}
    disposition: Disposition = "submitted" if row["responded"] else "no_answer"
    return UnitStatus(Unit(code, frame.get("name", code), frame), disposition, None, None, None, None, 0, ())


def _parts(units: pd.DataFrame, names: tuple[str, ...]) -> list[tuple[tuple[str, ...], pd.Series]]:
    responded = units["responded"]
    if not names:
        return [((), responded)]
    keys = [tuple(map(code_text, row)) for row in units[list(names)].itertuples(index=False)]
    return [(key, responded[[each == key for each in keys]]) for key in sorted(set(keys))]


def _response_row(names: tuple[str, ...], key: tuple[str, ...], responded: pd.Series, method: str) -> Row:
    asked, answered = len(responded), int(responded.sum())
    return Row(
        coordinates=tuple(zip(names, key, strict=True)),
        labels=key,
        estimate=answered / asked,
        n=asked,
        base=float(asked),
        method=method,
        N=asked,
        count=answered,
    )


def item_response(design: Design, variable: str | Sequence[str], *, by: Names = None) -> Estimate:
    """Shares of those asked a question who gave a valid answer to it (unweighted counts, no interval).

    variable : as in `proportion`. Returns rows with coordinates `item` and those of `by`.
    Raises `DesignError`: NO_SUCH_VARIABLE, NEVER_ASKED.
    design, by : as in `proportion`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"weeks": [6.0, None, 8.0]}))
    >>> [(row.key, row.count, row.n) for row in item_response(design, "weeks").rows]
    [('weeks', 2, 3)]
    """
    breakdown = groups(design, by)
    rows, columns = [], []
    for item, name in items(design.answers, variable):
        column = design.answers.column(name)
        columns.append(column)
        asked = breakdown.cells.where(~column.outside)
        answered = asked.where(column.valid).counts
        rows += [
            Row(
                coordinates=(("item", item), *breakdown.coordinates[group]),
                labels=(label_of(design.answers, item, column), *breakdown.labels[group]),
                estimate=float(answered[group] / n),
                n=int(n),
                base=float(n),
                method=words.say(design, "method.response"),
                count=int(answered[group]),
                counted=(f"{name} asked", ("valid",)),
            )
            for group, n in enumerate(asked.counts)
            if n
        ]
    if not rows:
        problem = f"{', '.join(column.name for column in columns)}: asked of none of those who answered"
        raise DesignError(Fault("NEVER_ASKED", design.answers.survey or "data", problem, "See the routing."))
    return Estimate(
        measure="share",
        rows=tuple(rows),
        source=words.source(design, "item_response", (variable,), columns, by=by),
        covariance=np.zeros((len(rows), len(rows))),
        r=f"{NO_R}who answered is counted, not estimated",
    )
