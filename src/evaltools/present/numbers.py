"""One number of a released result, in every form that prose, tables and charts may ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from evaltools.errors import Fault, ReleaseError, near
from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.result import Estimate, Measured, Row, Source, Test
from evaltools.language import Language, texts, with_unit
from evaltools.language import number as in_digits
from evaltools.language.numbers import half_up
from evaltools.present.forms import FORMS, decimals_kept, has_interval, in_percent, shown_forms, source_digits
from evaltools.present.model import Number, Released

Unit = Literal["percent", "percentage_points", "count", "number", "kroner", "year", "text"]

_UNITS: Final[Mapping[Measured, Unit]] = {
    "difference": "percentage_points",
    "count": "count",
    "total": "count",
}
_ROW_COLUMNS: Final = ("estimate", "n", "N", "count", "base", "se", "low", "high")
_POINT_COLUMNS: Final = ("estimate", "n", "count", "base", "se", "low", "high")
_TEST_COLUMNS: Final = ("p_value", "statistic")


def number(
    released: Released, *, label: str = "", column: str = "estimate", language: Language = "da", **coordinates: str
) -> Number:
    """The number of one row, or of one column beside its estimate.

    released : from `release`. label : what the number is, in words; the row's own labels where it is empty.
    column : `estimate`, `n`, `N`, `count`, `base`, `se`, `low`, `high`; for a test `p_value` or `statistic`.
    coordinates : which row, such as `method="m1"`; of a curve also which point, such as `at="12"`.
    Raises `ReleaseError` NO_SUCH_COLUMN, and `DesignError` NO_SUCH_ROW, NO_SUCH_POINT or MANY_ROWS.
    language : of the digits and words. Returns a `Number` in all its forms.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses", category="yes"))
    >>> ev.number(released, language="en").shown["bare"]
    '70'
    """
    result = released.result
    if isinstance(result, Test):
        return _test_number(result, _known(column, _TEST_COLUMNS), label, language)
    if isinstance(result, Curve):
        point = result.point(coordinates.pop("at", ""), **coordinates)
        return point_number(released, point, label=label, column=column, language=language)
    row = result.row(**coordinates)
    return row_number(released, row, label=label, column=column, language=language)


def row_number(
    released: Released,
    row: Row,
    *,
    label: str = "",
    column: str = "estimate",
    digits: int | None = None,
    language: Language = "da",
) -> Number:
    """The number of a row that is at hand. Tables and charts use it with `digits` in common; see `number`."""
    result = released.result
    assert isinstance(result, Estimate)
    _known(column, _ROW_COLUMNS)
    label = label or _label(result, row)
    source = replace(result.source, code=row_code(result, row, column))
    place = result.rows.index(row)
    cells = released.cells[place : place + 1]
    if place in released.hidden:
        return replace(hidden_number(label, source, language), cells=cells)
    made = _estimate_number(result, row, (label, digits), source, language)
    whole = replace(made, cells=cells, disclosure=released.ground)
    return whole if column == "estimate" else _column_number(whole, row, column, language)


def point_number(
    released: Released,
    point: CurvePoint,
    *,
    label: str = "",
    column: str = "estimate",
    language: Language = "da",
) -> Number:
    """The number of one point of a curve that is at hand; see `number`. A point without a value is as if hidden."""
    curve = released.result
    assert isinstance(curve, Curve)
    _known(column, _POINT_COLUMNS)
    label = label or ", ".join([*point.labels, point.at])
    said = "".join(f", {name}={value!r}" for name, value in point.coordinates)
    part = ("percent" if curve.measure == "share" else "y") if column == "estimate" else column
    source = replace(curve.source, code=f"{curve.source.code}.point({point.at!r}{said}).{part}")
    if curve.points.index(point) in released.hidden or point.y is None:
        return hidden_number(label, source, language)
    one = Estimate(curve.measure, (_row_of(curve, point),), curve.source)
    whole = replace(_estimate_number(one, one.rows[0], (label, None), source, language), disclosure=released.ground)
    return whole if column == "estimate" else _column_number(whole, one.rows[0], column, language)


def _row_of(curve: Curve, point: CurvePoint) -> Row:
    """A point as a row. Those still at risk are not the base of a share that is read off a curve.

    Limits of control say what is usual, not how sure a value is: they are no interval.
    """
    counted = point.count if curve.kind != "steps" else None
    low, high = (point.low, point.high) if curve.kind in ("steps", "stock") else (None, None)
    return Row(
        coordinates=point.coordinates,
        labels=point.labels,
        estimate=point.y or 0.0,
        n=point.n,
        base=float(point.n) if point.base is None else point.base,
        method=curve.method,
        se=point.se,
        low=low,
        high=high,
        level=curve.level or 0.95,
        count=counted,
    )


def fixed(
    value: float | str, source: str, *, label: str = "", unit: Unit = "number", language: Language = "da"
) -> Number:
    """A constant that is no result of ours, with where it is from.

    value : a number, or text that is shown as it stands. source : citation that a reader can follow.
    Raises `ReleaseError` FIXED_WITHOUT_SOURCE.
    label : what it is, in words. unit : what it counts. language : of the digits. Returns a `Number`.

    >>> fixed(1234, "Statistics Denmark", language="en").shown[""]
    '1,234'
    """
    if not source.strip():
        remedy = 'Say where it is from: fixed(98, "Danmarks Statistik").'
        raise ReleaseError(Fault("FIXED_WITHOUT_SOURCE", str(value), "a constant needs a source", remedy))
    origin = Source("published", "", label or source, "", "", "practice", f"fixed({value!r}, {source!r})", source)
    if isinstance(value, str):
        return Number(None, "text", {"": value, "bare": value}, label, origin, disclosure="published_elsewhere")
    bare = str(round(value)) if unit == "year" else in_digits(value, source_digits(value), language)
    shown = with_unit(bare, unit, language) if unit in ("percent", "kroner") else bare
    return Number(value, unit, {"": shown, "bare": bare}, label, origin, disclosure="published_elsewhere")


def hidden_number(label: str, source: Source, language: Language) -> Number:
    """A number that is not shown: no value, and the same words in every form."""
    shown = dict.fromkeys(FORMS, texts(language).say("present.hidden"))
    return Number(None, "text", (shown), label, source, disclosure="hidden")


def row_code(result: Estimate, row: Row, column: str = "estimate") -> str:
    """The expression that gives this number again."""
    coordinates = ", ".join(f"{name}={value!r}" for name, value in row.coordinates)
    percent = column == "estimate" and _scale(result) != 1
    return f"{result.source.code}.row({coordinates}).{'percent' if percent else column}"


def _label(result: Estimate, row: Row) -> str:
    """What the number is: the row's labels; a published one also needs the name of its case."""
    named = ", ".join(row.labels)
    return f"{result.source.question}, {named}" if result.source.origin == "published" else named


def _estimate_number(
    result: Estimate, row: Row, look: tuple[str, int | None], source: Source, language: Language
) -> Number:
    scale, decimals = _scale(result), decimals_kept(result, row, look[1])
    return Number(
        value=_scaled(row.estimate, scale, decimals) if math.isfinite(row.estimate) else None,
        unit=_unit(result),
        shown=shown_forms(result, row, language, look[1]),
        label=look[0],
        source=source,
        n=row.n,
        N=row.N,
        base=row.base if decimals is None else round(row.base),
        method=row.method,
        low=_scaled(row.low, scale, decimals) if row.low is not None and has_interval(row) else None,
        high=_scaled(row.high, scale, decimals) if row.high is not None and has_interval(row) else None,
        level=row.level if has_interval(row) else None,
        decimals=decimals,
    )


def _scale(result: Estimate) -> float:
    """What the register multiplies with: shares and their differences are given in per cent."""
    return 100.0 if in_percent(result) or result.measure == "difference" else 1.0


def _unit(result: Estimate) -> Unit:
    if in_percent(result):
        return "percent"
    return "kroner" if result.unit == "kroner" else _UNITS.get(result.measure, "number")


def _column_number(whole: Number, row: Row, column: str, language: Language) -> Number:
    value: float | int | None = getattr(row, column)
    is_count = column in ("n", "N", "count")
    shown = in_digits(math.nan if value is None else value, 0 if is_count else 3, language)
    forms = {"": shown, "bare": shown}
    unit: Unit = "count" if is_count else "number"
    decimals = None if is_count or whole.decimals is None else 3
    value = value if value is None or decimals is None else _scaled(value, 1, decimals)
    return replace(whole, value=value, unit=unit, shown=forms, low=None, high=None, level=None, decimals=decimals)


def _test_number(test: Test, column: str, label: str, language: Language) -> Number:
    value = float(getattr(test, column))
    tiny = column == "p_value" and value < 0.001
    shown = texts(language).say("present.number.small_p") if tiny else in_digits(value, _test_digits(value), language)
    source = replace(test.source, code=f"{test.source.code}.{column}")
    return Number(value, "number", {"": shown, "bare": shown}, label or test.name, source, method=test.method)


def _test_digits(value: float) -> int:
    return 3 if value < 0.1 else 2


def _scaled(value: float, scale: float, decimals: int | None) -> float:
    return value * scale if decimals is None else float(half_up(value * scale, decimals))


def _known(column: str, columns: tuple[str, ...]) -> str:
    if column not in columns:
        problem = f'there is no column "{column}"'
        raise ReleaseError(Fault("NO_SUCH_COLUMN", "number", problem, near(column, columns)))
    return column
