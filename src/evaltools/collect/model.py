"""What reading and checking answers gives: values, problems, differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part

from evaltools.schema.model import Level, Value

Answers = Mapping[str, Value]
"""Answers by field name. A field that nobody touched is absent; reasons stand under `<rule>__reason`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A respondent's mistake or doubt, in their language: beside which field, what, and what to do.

    `code` is the name of the rule, or one of the codes in `collect.reading` for an unreadable value.
    `level`: `stop` blocks submission, `explain` passes with a written reason, `note` only tells.
    `label`: what the field is called in the questionnaire; empty for a name that is in none.
    """

    level: Level
    code: str
    field: str
    message: str
    remedy: str
    label: str = part(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of raw input: typed values that change, and the problems of the rest."""

    changes: Answers
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field where two sets of answers differ. None: not answered there.

    by, at : who wrote `theirs` and when, where that is known. In a conflict a field whose values are alike may stand
    too, since a sum ties it to one that differs.
    """

    field: str
    ours: Value | None
    theirs: Value | None
    by: str = ""
    at: dt.datetime | None = None
