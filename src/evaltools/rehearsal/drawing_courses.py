"""How something that begins comes to an end: several endings compete, the first to come is the one that happened.

The time to each ending follows a Weibull distribution (Weibull 1951): with a shape below 1 the ending is likeliest in
the beginning, as breakdowns of placements are; above 1 it grows likelier with time, as planned endings do.
"""

from __future__ import annotations

import math
from typing import Final

from evaltools.rehearsal.model import Course, Draw, ItemSettings
from evaltools.schema.missing import Missing
from evaltools.schema.model import Field, Value

_TRIES: Final = 400
_NEVER: Final = ("", 10**6)


def draw_course(field: Field, course: Course, settings: ItemSettings, here: Draw) -> Value | None:
    """What a field tells of a course that has begun.

    The month from which it is followed, its ending or the month of its ending, or the highest code it has lasted.
    A single choice gives the code of the ending, or `going` and `gone` where the settings name codes for these.
    """
    first, january = _months(str(here.answers[course.begins])), here.questionnaire.reference_year * 12
    if settings.follows:
        return _as_text(max(first, january + course.opened))
    code, length = _first_ending(course, here, january + course.opened - first)
    in_progress = first + length > january + course.closed
    if settings.latest:
        lasted = january + course.closed - first if in_progress else length
        return max((each for each in settings.weights if float(each) <= lasted), key=float, default=Missing.NO_CASES)
    if field.kind == "month":
        return None if in_progress else _as_text(first + length)
    return settings.going or None if in_progress else settings.gone or code


def has_lasted(course: Course, months: float, here: Draw) -> bool:
    """Whether a course goes on for so many months, as far as the register sees it."""
    first, january = _months(str(here.answers[course.begins])), here.questionnaire.reference_year * 12
    _, length = _first_ending(course, here, january + course.opened - first)
    return months <= min(length, january + course.closed - first)


def _first_ending(course: Course, here: Draw, at_least: int) -> tuple[str, int]:
    """The first ending that comes no sooner than the register opened: what ended before is in no register."""
    for attempt in range(_TRIES):
        code, length = min(
            ((code, _months_to(course, code, here, attempt)) for code in course.scales), key=lambda ending: ending[1]
        )
        if length >= at_least:
            return code, length
    return _NEVER


def _months_to(course: Course, code: str, here: Draw, attempt: int) -> int:
    shape = course.shapes.get(code, 1.0)
    sooner = math.exp(-here.predict(course.hastes.get(code, {})) / shape)
    u = here.chance.even(course.begins, "course", code, attempt)
    return int(course.scales[code] * sooner * (-math.log(u)) ** (1 / shape))


def _months(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def _as_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
