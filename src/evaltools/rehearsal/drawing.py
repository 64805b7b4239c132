"""Draws one answer to one field, by its kind and its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.rehearsal.chance import pick, share_of
from evaltools.rehearsal.drawing_courses import draw_course, has_lasted
from evaltools.rehearsal.drawing_moments import draw_date, draw_month, draw_year
from evaltools.rehearsal.drawing_numbers import draw_count, draw_number, unknown_base
from evaltools.rehearsal.model import Course, Draw, ItemSettings
from evaltools.schema.missing import Missing
from evaltools.schema.model import Category, Field, Kind, Value

_DEFAULT_BLANK: Final = 0.03
_DEFAULT_MISSING: Final = -3.2
_NEVER: Final = -30.0
_DEFAULT_CHOSEN: Final = -0.6
_ALONE: Final = 0.06
_REMARKS: Final = 0.35
_SHORT_TEXT: Final = 30


def draw(field: Field, settings: ItemSettings, here: Draw, course: Course | None = None) -> Value | None:
    """An answer to the field: a value, a kind of missing that it offers, or None where it is left empty.

    course : what the field tells about, where its settings name one.
    """
    left_with_another = settings.along and settings.along not in here.answers
    if (
        left_with_another
        or _is_too_soon(settings, here, course)
        or here.chance.even(field.name, "blank") < _blank(field, settings)
    ):
        return None
    missing = _missing(field, settings, here)
    if missing is not None:
        return missing
    base = unknown_base(field, settings, here)
    if base is not None:
        return base if base in field.item.missing else None
    if settings.like in here.answers and here.chance.even(field.name, "like") < settings.likely:
        return here.answers[settings.like]
    if course is not None and isinstance(here.answers.get(course.begins), str) and not settings.reaches:
        return draw_course(field, course, settings, here)
    return _DRAWN_AS[field.kind](field, settings, here)


def _is_too_soon(settings: ItemSettings, here: Draw, course: Course | None) -> bool:
    begun = course is not None and isinstance(here.answers.get(course.begins), str)
    return course is not None and begun and settings.reaches > 0 and not has_lasted(course, settings.reaches, here)


def _blank(field: Field, settings: ItemSettings) -> float:
    if field.item.required:
        return 0.0
    return settings.blank if settings.blank is not None else _DEFAULT_BLANK


def _missing(field: Field, settings: ItemSettings, here: Draw) -> Missing | None:
    for kind in field.item.missing:
        default = _NEVER if kind is Missing.NO_CASES else _DEFAULT_MISSING
        log_odds = here.predict(settings.missing.get(kind.kind, {"start": default}))
        if here.chance.even(field.name, kind.kind) < share_of(log_odds):
            return kind
    return None


def _single(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    codes = [category.code for category in _offered(field)]
    weights = settings.weights or dict.fromkeys(codes, 1.0)
    ladder = [code for code in weights if code in codes]
    if not ladder:
        return None
    shift = here.predict(settings.shift)
    return ladder[pick(here.even(field.name), [weights[code] for code in ladder], shift)]


def _multiple(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    offered = _offered(field)
    alone = [category.code for category in offered if category.exclusive]
    if alone and here.even(field.name, "alone") < (_ALONE if settings.alone is None else settings.alone):
        return (alone[0],)
    codes = [category.code for category in offered if not category.exclusive]
    odds = {code: here.predict(settings.chosen.get(code, {"start": _DEFAULT_CHOSEN})) for code in codes}
    distance = {code: here.even(field.name, code) - share_of(odds[code]) for code in codes}
    wanted = max(1, sum(each < 0 for each in distance.values()))
    chosen = sorted(codes, key=distance.__getitem__)[: min(wanted, field.item.max_choices or wanted)]
    return tuple(code for code in codes if code in chosen) or None


def _offered(field: Field) -> tuple[Category, ...]:
    return field.item.codelist.categories if field.item.codelist is not None else ()


def _text(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    if field.item.max_length <= _SHORT_TEXT:
        number = int(here.even(field.name) * 900) + 100
        return f"{here.texts['short']}{number}"[: field.item.max_length]
    if field.part != "text" and here.even(field.name) > _REMARKS:
        return None
    return (_said(field, settings, here) if settings.says else here.texts["text"])[: field.item.max_length]


def _said(field: Field, settings: ItemSettings, here: Draw) -> str:
    """Two different sentences."""
    first = int(here.even(field.name, "first") * len(settings.says))
    others = settings.says[:first] + settings.says[first + 1 :]
    second = others[int(here.even(field.name, "second") * len(others))]
    return f"{here.texts['mark']}: {settings.says[first]} {second}"


def _email(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    return here.texts["email"]


_DRAWN_AS: Final[Mapping[Kind, Callable[[Field, ItemSettings, Draw], Value | None]]] = MappingProxyType(
    {
        "single": _single,
        "multiple": _multiple,
        "count": draw_count,
        "integer": draw_number,
        "decimal": draw_number,
        "year": draw_year,
        "month": draw_month,
        "date": draw_date,
        "text": _text,
        "email": _email,
    }
)
