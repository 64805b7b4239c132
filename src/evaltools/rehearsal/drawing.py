"""Draws one answer to one field, by its kind and its settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evaltools.collect.model import Answers
from evaltools.rehearsal.chance import Chance, binomial, pick, poisson, share_of
from evaltools.rehearsal.drivers import predict
from evaltools.rehearsal.model import ItemSettings, Predictor
from evaltools.schema.missing import Missing
from evaltools.schema.model import Category, Field, Kind, Questionnaire, Value

_DEFAULT_MISSING: Final = -3.2
_DEFAULT_CHOSEN: Final = -0.6
_DEFAULT_EXCLUSIVE: Final = 0.06
_DEFAULT_MEAN: Final = 12.0
_DEFAULT_SPREAD: Final = 0.4
_YEARS_BACK: Final = 8
_WIDEST_SCALE: Final = 110


@dataclass(frozen=True, slots=True)
class Draw:
    """What a draw can look at: the unit's frame, the wave (0 for the first), the answers before, and its chance.

    attempt : 0, or how often the field has been drawn before.
    """

    questionnaire: Questionnaire
    frame: Mapping[str, str]
    wave: int
    answers: Answers
    chance: Chance
    texts: Mapping[str, str]
    attempt: int

    def even(self, name: str, what: str = "") -> float:
        """The number between 0 and 1 that decides a field; the first attempt resembles the other wave."""
        if self.attempt:
            return self.chance.even(name, what, self.attempt)
        return self.chance.tied(name, what)

    def predict(self, predictor: Predictor) -> float:
        """The sum of a predictor here."""
        return predict(predictor, self.frame, self.wave, self.answers)


def draw(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """An answer to the field: a value, a kind of missing that it offers, or None where it is left empty."""
    if here.chance.even(field.name, "blank") < _blank(field, settings):
        return None
    return _missing(field, settings, here) or _DRAWN_AS[field.kind](field, settings, here)


def _blank(field: Field, settings: ItemSettings) -> float:
    if field.item.required:
        return 0.0
    return settings.blank if settings.blank is not None else 0.03


def _missing(field: Field, settings: ItemSettings, here: Draw) -> Missing | None:
    for kind in field.item.missing:
        default = {"start": _DEFAULT_MISSING} if kind is not Missing.NO_CASES else {"start": -9.0}
        log_odds = here.predict(settings.missing.get(kind.kind, default))
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
    if alone and here.even(field.name, "alone") < _DEFAULT_EXCLUSIVE:
        return (alone[0],)
    codes = [category.code for category in offered if not category.exclusive]
    odds = {code: here.predict(settings.chosen.get(code, {"start": _DEFAULT_CHOSEN})) for code in codes}
    drawn = {code: here.even(field.name, code) - share_of(odds[code]) for code in codes}
    order = sorted(codes, key=drawn.__getitem__)
    wanted = max(1, sum(distance < 0 for distance in drawn.values()))
    chosen = set(order[: min(wanted, field.item.max_choices or wanted)])
    return tuple(code for code in codes if code in chosen) or None


def _offered(field: Field) -> tuple[Category, ...]:
    return field.item.codelist.categories if field.item.codelist is not None else ()


def _count(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """X of y: the y is asked after the x, so an x is drawn as part of a y that is drawn for it."""
    name = field.name.removesuffix("_of") if field.part == "of" else field.name
    expected = math.exp(here.predict(settings.mean or {"start": math.log(_DEFAULT_MEAN)}))
    total = round(_within(field, settings, poisson(here.even(name, "of"), expected)))
    if field.part == "of":
        return total
    return binomial(here.even(name), total, share_of(here.predict(settings.share or {"start": -0.4})))


def _integer(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    if settings.of:
        total = here.answers.get(settings.of)
        if isinstance(total, Missing) or not isinstance(total, int):
            return None
        drawn = float(binomial(here.even(field.name), total, share_of(here.predict(settings.share))))
    elif settings.mean or not _is_scale(field, settings):
        mean = here.predict(settings.mean or {"start": math.log(_DEFAULT_MEAN)})
        spread = settings.spread if settings.mean else _DEFAULT_SPREAD
        expected = math.exp(mean + spread * here.chance.normal(field.name, "spread"))
        drawn = expected if settings.exact else float(poisson(here.even(field.name), expected))
    else:
        low, high = _limits(field, settings)
        drawn = low + here.even(field.name) * (high - low)
    return _within(field, settings, drawn)


def _is_scale(field: Field, settings: ItemSettings) -> bool:
    """Whether every number in the limits is as good as another: a scale or a percentage, not a count of children."""
    low, high = _limits(field, settings)
    return high - low <= _WIDEST_SCALE


def _within(field: Field, settings: ItemSettings, number: float) -> int | float:
    low, high = _limits(field, settings)
    held = min(high, max(low, number))
    if field.kind == "decimal":
        return round(held, field.item.decimals)
    return round(held)


def _limits(field: Field, settings: ItemSettings) -> tuple[float, float]:
    stated = (field.item.minimum, field.item.maximum)
    low = settings.low if settings.low is not None else (stated[0] if stated[0] is not None else 0.0)
    high = settings.high if settings.high is not None else (stated[1] if stated[1] is not None else math.inf)
    return low, high


def _year(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    newest = here.questionnaire.answer_year
    high = min(settings.high or newest, field.item.maximum or newest)
    low = max(settings.low or newest - _YEARS_BACK, field.item.minimum or 0)
    return int(low + here.even(field.name) * (high - low + 1)) if high >= low else None


def _month(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    start = here.predict(settings.mean) if settings.mean else 0.0
    month = int(start + here.even(field.name) * (settings.high or 12))
    return f"{here.questionnaire.reference_year + month // 12:04d}-{month % 12 + 1:02d}"


def _date(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    return f"{_month(field, settings, here)}-{1 + int(here.even(field.name, 'day') * 28):02d}"


def _text(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    if field.part != "text" and here.even(field.name) > 0.35:
        return None
    return here.texts["text"][: field.item.max_length]


def _email(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    return here.texts["email"]


_DRAWN_AS: Final[Mapping[Kind, Callable[[Field, ItemSettings, Draw], Value | None]]] = MappingProxyType(
    {
        "single": _single,
        "multiple": _multiple,
        "count": _count,
        "integer": _integer,
        "decimal": _integer,
        "year": _year,
        "month": _month,
        "date": _date,
        "text": _text,
        "email": _email,
    }
)
