"""Why answers are missing: how many of those who answered at all gave each kind of missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import items, label_of
from evaltools.estimate.survey.writing import words
from evaltools.schema.missing import Missing, missing_label

KINDS = (
    Missing.NOT_ASKED, Missing.NOT_ANSWERED, Missing.DONT_KNOW, Missing.REFUSED, Missing.CANNOT_BE_COUNTED,
    Missing.NO_CASES,
)  # fmt: skip
"""The kinds that a unit which answered can have, in the order of a table."""


def missing_kinds(design: Design, variable: str | Sequence[str]) -> Estimate:
    """Counts of valid answers and of each kind of missing, among the units that answered (unweighted).

    variable : as in `proportion`. Returns rows with the coordinates `item` and `kind` (`valid`, `not_asked`, ...);
    `n` is the number of units that answered at all. How many could answer says nothing of what they answered, so
    the counts have the confidentiality of practice. Raises `DesignError` NO_SUCH_VARIABLE.
    design : the units that answered.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"weeks": [6.0, None, 8.0]}))
    >>> [(row.coordinate("kind"), row.count) for row in missing_kinds(design, "weeks").rows if row.count]
    [('valid', 2), ('not_answered', 1)]
    """
    rows, columns = [], []
    for item, name in items(design.answers, variable):
        column = design.answers.column(name)
        columns.append(column)
        label = label_of(design.answers, item, column)
        for kind in (None, *KINDS):
            name_of_kind = "valid" if kind is None else kind.kind
            count = int(np.sum(column.kinds == (kind or 0)))
            rows.append(
                Row(
                    coordinates=(("item", item), ("kind", name_of_kind)),
                    labels=(label, _label(design, kind)),
                    estimate=float(count),
                    n=len(column.kinds),
                    base=float(len(column.kinds)),
                    method=words.say(design, "method.response"),
                    count=count,
                    counted=(f"{name} missing", (name_of_kind,)),
                )
            )
    source = words.source(design, "missing_kinds", (variable,), columns)
    reason = f"{NO_R}kinds of missing are counted, not estimated"
    return Estimate("count", tuple(rows), replace(source, confidentiality="practice"), r=reason)


def _label(design: Design, kind: Missing | None) -> str:
    return words.say(design, "label.valid") if kind is None else missing_label(kind, design.answers.language)
