"""Draws numbers: counts around what a unit of that size has, parts of other numbers, small scales."""

from __future__ import annotations

import math
from typing import Final

from evaltools.rehearsal.chance import binomial, pick, poisson, share_of
from evaltools.rehearsal.drivers import LOG, Predictor
from evaltools.rehearsal.model import Draw, ItemSettings
from evaltools.schema.missing import Missing
from evaltools.schema.model import Field, Value

_DEFAULT_MEAN: Final[Predictor] = {"start": math.log(12)}
_DEFAULT_SPREAD: Final = 0.4
_DEFAULT_SHARE: Final[Predictor] = {"start": -0.4}
_WIDEST_SCALE: Final = 110


def draw_number(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """An integer or a decimal."""
    return _within(field, settings, _drawn(field, settings, here) + _plus(field, settings, here))


def draw_count(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """One of the two numbers of x of y. The x is asked first, so the y it belongs to is drawn along with it."""
    name = field.name.removesuffix("_of") if field.part == "of" else field.name
    expected = math.exp(here.predict(settings.mean or _DEFAULT_MEAN))
    total = int(_within(field, settings, poisson(here.even(name, "of"), expected)))
    if field.part == "of":
        return total
    return binomial(here.even(name), total, share_of(here.predict(settings.share or _DEFAULT_SHARE)))


def unknown_base(field: Field, settings: ItemSettings, here: Draw) -> Missing | None:
    """Why a number cannot be drawn: what it is a part of, or measured by, is itself not known."""
    logged = [name.removeprefix(LOG) for name in settings.mean if name.startswith(LOG)]
    names = [_named(name, field) for name in (settings.of, settings.plus, *settings.less, *logged) if name]
    for name in names:
        value = here.answers.get(name)
        if isinstance(value, Missing):
            return value
        if not isinstance(value, int | float):
            return Missing.NOT_ANSWERED
    return None


def _drawn(field: Field, settings: ItemSettings, here: Draw) -> float:
    if settings.of:
        total = _number(settings.of, field, here) - sum(_number(name, field, here) for name in settings.less)
        return binomial(here.even(field.name), int(total), share_of(here.predict(settings.share or _DEFAULT_SHARE)))
    if settings.weights:
        values = list(settings.weights)
        shift = here.predict(settings.shift)
        return float(values[pick(here.even(field.name), list(settings.weights.values()), shift)])
    if settings.mean or not _is_scale(field, settings):
        return _around_mean(field, settings, here)
    low, high = _limits(field, settings)
    return low + here.even(field.name) * (high - low)


def _around_mean(field: Field, settings: ItemSettings, here: Draw) -> float:
    spread = settings.spread if settings.mean else _DEFAULT_SPREAD
    deviation = spread * here.chance.normal(field.name, "spread") if spread else 0.0
    expected = math.exp(here.predict(settings.mean or _DEFAULT_MEAN) + deviation)
    return expected if settings.exact else poisson(here.even(field.name), expected)


def _plus(field: Field, settings: ItemSettings, here: Draw) -> float:
    return _number(settings.plus, field, here) if settings.plus else 0.0


def _number(name: str, field: Field, here: Draw) -> float:
    value = here.answers.get(_named(name, field))
    return float(value) if isinstance(value, int | float) else 0.0


def _named(name: str, field: Field) -> str:
    return name.replace("{row}", field.row.name) if field.row is not None else name


def _is_scale(field: Field, settings: ItemSettings) -> bool:
    """Whether every number in the limits is as good as another: a scale or a percentage, not a count of children."""
    low, high = _limits(field, settings)
    return high - low <= _WIDEST_SCALE


def _within(field: Field, settings: ItemSettings, number: float) -> int | float:
    low, high = _limits(field, settings)
    held = min(high, max(low, number))
    return round(held, field.item.decimals) if field.kind == "decimal" else round(held)


def _limits(field: Field, settings: ItemSettings) -> tuple[float, float]:
    least, most = field.item.minimum, field.item.maximum
    low = settings.low if settings.low is not None else (least if least is not None else 0.0)
    high = settings.high if settings.high is not None else (most if most is not None else math.inf)
    return low, high
