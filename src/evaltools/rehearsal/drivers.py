"""What may drive a made-up answer: the unit's frame, the wave, and the answers given before."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evaltools.collect.model import Answers
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value

Predictor = Mapping[str, float]
"""A sum: `start` plus a coefficient for each driver."""

START = "start"
WAVE = "wave"
LOG = "log:"


def predict(predictor: Predictor, frame: Mapping[str, str], wave: int, answers: Answers) -> float:
    """The sum of a predictor for one unit.

    >>> predict({"start": 1, "size": 0.5, "region:Nord": 2}, {"size": "3: mellem", "region": "Nord"}, 0, {})
    4.5
    """
    return sum(
        weight * (1.0 if name == START else driver(name, frame, wave, answers)) for name, weight in predictor.items()
    )


def driver(name: str, frame: Mapping[str, str], wave: int, answers: Answers) -> float:
    """The number of one driver.

    `wave` is 0 in the first wave of a survey and 1 in the next (in a register it counts the records of a unit).
    A frame column that begins with a digit counts as that number (a size class), `<column>:<text>` is 1 where the
    column says so. A field counts as its number, as 0 where it has none; `<field>:<code>` is 1 where that code is
    the answer, or one of them; several codes are separated by `|`. `log:<field>` is the logarithm of a field's
    number (of a half where it is 0).
    """
    if name == WAVE:
        return float(wave)
    if name.startswith(LOG):
        return math.log(max(0.5, _number(answers.get(name.removeprefix(LOG)))))
    column, colon, wanted = name.partition(":")
    if column in frame:
        return float(frame[column] in wanted.split("|")) if colon else _leading_digit(frame[column])
    return float(_is_one_of(answers.get(column), wanted.split("|"))) if colon else _number(answers.get(column))


def _leading_digit(text: str) -> float:
    return float(text[0]) if text[:1].isdigit() else 0.0


def _is_one_of(value: Value | None, codes: list[str]) -> bool:
    if isinstance(value, tuple):
        return any(code in value for code in codes)
    return value in codes


def _number(value: Value | None) -> float:
    if value is None or isinstance(value, (Missing, tuple)):
        return 0.0
    try:
        return float(value)
    except ValueError:
        return 0.0
