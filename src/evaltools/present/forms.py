"""How one number is written in each of its forms, and with how many digits. See docs/showing-numbers.md."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaltools.estimate.result import Estimate, Row
from evaltools.language import (
    Language,
    Noun,
    noun,
    number,
    number_range,
    out_of,
    percent,
    percentage_points,
    texts,
    with_unit,
    word_scale,
)
from evaltools.language.numbers import half_up

COUNTS_ONLY_BELOW: Final = 20
"""Bases under this are told as counts only: "3 ud af 8 kommuner"."""
DECIMALS_ABOVE: Final = 1000
"""Shares get a decimal only where the base is larger than this, or where a published source has them."""
FORMS: Final = (
    "", "bare", "n", "N", "count", "counts", "share", "interval", "limits", "bounds", "outer", "population", "words",
)  # fmt: skip
"""Usual; without unit; base; population; numerator; "41 ud af 69"; the same with noun; interval with unit, without;
no-assumption bounds with unit, without; the interval as a number of units of the population; the word scale."""

_EVEN: Final = 1e-9
_OF_UNITS: Final = ("share", "mean", "total", "ratio", "quantile", "difference")
"""What has units as its base, so that another base than their number is weighted; rates have time, for one."""
_EVERYBODY: Final = re.compile(r"^(?:alle|all)(?: (?:de|the))?(?: \d[\d.,]*)? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """How the numbers of one row are written: language, digits and the noun of what is counted."""

    language: Language
    digits: int
    noun: str


def base_noun(result: Estimate, language: Language = "da") -> Noun:
    """What the base counts: the noun of its unit, else the first words of its universe.

    "Alle 98 kommuner, der har svaret" gives "kommuner".
    """
    known = noun(result.source.unit or result.unit, language)
    if known is not None:
        return known
    head = result.source.universe
    for divider in (",", " der ", " som ", " that ", " who "):
        head = head.split(divider)[0]
    head = _small(_EVERYBODY.sub("", head.strip()))
    return Noun(head, head)


def base_words(universe: str) -> str:
    """The universe as words for a base: who answered is no longer all of them.

    >>> base_words("Alle 98 kommuner, der har svaret"), base_words("Alle 98 kommuner")
    ('kommuner, der har svaret', 'alle 98 kommuner')
    """
    narrowed = any(divider in universe for divider in (",", " that ", " who "))
    return _small(_EVERYBODY.sub("", universe)) if narrowed else _small(universe)


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def in_percent(result: Estimate) -> bool:
    """Whether the result is shown in per cent of a base."""
    return result.measure == "share" or (result.measure == "ratio" and result.unit == "percent")


def shown_forms(result: Estimate, row: Row, language: Language, digits: int | None = None) -> Mapping[str, str]:
    """Every form of one row that makes sense, by name.

    result : holds measure, unit and source. row : one of its rows. digits : what the row allows when absent.
    """
    style = Style(language, digits_for(result, row) if digits is None else digits, base_noun(result, language).many)
    if not math.isfinite(row.estimate):
        return {**dict.fromkeys(FORMS, number(math.nan)), **_sizes(row, language)}
    make = _share if in_percent(result) else _difference if result.measure == "difference" else _plain
    return {**_sizes(row, language), **make(result, row, style)}


def has_interval(row: Row) -> bool:
    """Whether a row has an interval to show: where everybody answered, both limits are the estimate."""
    return row.low is not None and row.high is not None and row.high - row.low > 1e-12


def digits_for(result: Estimate, row: Row) -> int:
    """Decimals of the usual form."""
    if in_percent(result) or result.measure == "difference":
        if result.source.origin == "published" and row.count is None and result.measure == "share":
            return source_digits(100 * row.estimate)
        return 1 if base_of(row) > DECIMALS_ABOVE else 0
    if result.measure in ("count", "total") or abs(row.estimate) >= 100:
        return 0
    return 3 if result.measure == "coefficient" else 1


def decimals_kept(result: Estimate, row: Row, digits: int | None = None) -> int | None:
    """The decimals that the value itself keeps: those shown where it is weighted, all (None) where counts give it.

    A weighted number in full decimals is a fingerprint of who answered, for anybody who knows the public weights.
    digits : as in `shown_forms`.
    """
    weighted = bool(row.tells) or (result.measure in _OF_UNITS and abs(row.base - row.n) > _EVEN * row.n)
    if not weighted or _follows_from_counts(row):
        return None
    return digits_for(result, row) if digits is None else digits


def _follows_from_counts(row: Row) -> bool:
    counted = counts_of(row)
    return counted is not None and counted[1] > 0 and abs(counted[0] / counted[1] - row.estimate) < _EVEN


def common_digits(result: Estimate) -> int | None:
    """The decimals that all rows of a table or chart allow, so that they read alike; None where each has its own."""
    return min((digits_for(result, row) for row in result.rows), default=0) if in_percent(result) else None


def base_of(row: Row) -> float:
    """What a share is taken of: the units of the base, or the cases of a ratio's denominator."""
    return row.n if row.summed_of is None else row.summed_of


def source_digits(value: float, most: int = 4) -> int:
    """The decimals that a published figure has.

    >>> source_digits(9.14), source_digits(33.0)
    (2, 0)
    """
    return next((digits for digits in range(most) if abs(float(half_up(value, digits)) - value) < 1e-9), most)


def _sizes(row: Row, language: Language) -> dict[str, str]:
    sizes = {"n": row.n, "N": row.N, "count": row.count}
    return {name: number(size, 0, language) for name, size in sizes.items() if size is not None}


def _share(result: Estimate, row: Row, style: Style) -> dict[str, str]:
    forms = {"words": word_scale(row.estimate, style.language), **_share_intervals(row, style)}
    usual = _percent(row.estimate, style)
    bare = number(100 * half_up(row.estimate, 12), style.digits, style.language)
    counted = counts_of(row)
    if counted is None:
        return forms | {"": usual, "bare": bare, "share": usual}
    counts = out_of(*counted, style.language)
    noun = style.noun if row.count is not None else ""
    share = texts(style.language).say("present.number.share", counts=counts, noun=noun).strip()
    if base_of(row) < COUNTS_ONLY_BELOW:
        usual, bare = share, counts
    return forms | {"": usual, "bare": bare, "counts": counts, "share": share}


def counts_of(row: Row) -> tuple[int, int] | None:
    """Numerator and base of a share as they were counted; None where they are not known or were weighted."""
    if row.count is not None:
        return row.count, row.n
    if row.summed is None or not row.summed_of or abs(row.summed / row.summed_of - row.estimate) > 1e-9:
        return None
    return round(row.summed), round(row.summed_of)


def _percent(share: float, style: Style) -> str:
    """Per cent; a share that is neither nothing nor all is never rounded to 0 or 100."""
    smallest = 10.0 ** -(style.digits + 2)
    shown = float(half_up(share, style.digits + 2))
    if share > 0 and shown == 0:
        limit = percent(smallest, style.digits, style.language)
        return texts(style.language).say("present.number.less_than", limit=limit)
    if share < 1 and shown == 1:
        limit = percent(1 - smallest, style.digits, style.language)
        return texts(style.language).say("present.number.more_than", limit=limit)
    return percent(share, style.digits, style.language)


def _share_intervals(row: Row, style: Style) -> dict[str, str]:
    forms = _interval(row, _finer(row, style), "percent", 100)
    if row.bounds_low is not None and row.bounds_high is not None:
        outer = _range(100 * row.bounds_low, 100 * row.bounds_high, style)
        forms |= {"outer": outer, "bounds": with_unit(outer, "percent", style.language)}
    if row.counts is not None and row.N is not None:
        forms["population"] = _population(row.counts, row.N, style)
    return forms


def _finer(row: Row, style: Style) -> Style:
    """One decimal more where a limit that is not 0 or 1 would be rounded to it: a rare event is never shown as none."""
    edge = 0.5 * 10.0 ** -(style.digits + 2)
    close = any(limit is not None and 0 < min(limit, 1 - limit) < edge for limit in (row.low, row.high))
    return replace(style, digits=style.digits + 1) if close else style


def _population(counts: tuple[int, int], size: int, style: Style) -> str:
    fewest, most = (number(limit, 0, style.language) for limit in counts)
    key = "exactly" if fewest == most else "between"
    shown = {"low": fewest, "high": most, "N": number(size, 0, style.language), "noun": style.noun}
    return texts(style.language).say(f"present.number.{key}", **shown).strip()


def _difference(result: Estimate, row: Row, style: Style) -> dict[str, str]:
    forms = _interval(row, style, "points", 100)
    bare = number(100 * half_up(row.estimate, 12), style.digits, style.language)
    return forms | {"": percentage_points(row.estimate, style.digits, style.language), "bare": bare}


def _plain(result: Estimate, row: Row, style: Style) -> dict[str, str]:
    bare = number(row.estimate, style.digits, style.language)
    if result.unit in ("percent", "kroner"):
        return _interval(row, style, result.unit, 1) | {
            "": with_unit(bare, result.unit, style.language), "bare": bare,
        }  # fmt: skip
    forms = _interval(row, style, "", 1)
    return forms | {"": bare, "bare": bare, "share": f"{bare} {result.unit}".strip()}


def _interval(row: Row, style: Style, unit: str, scale: float) -> dict[str, str]:
    if row.low is None or row.high is None:
        return {}
    if not has_interval(row):
        return {"interval": texts(style.language).say("present.number.no_interval")}
    limits = _range(scale * row.low, scale * row.high, style)
    return {"limits": limits, "interval": with_unit(limits, unit, style.language) if unit else limits}


def _range(low: float, high: float, style: Style) -> str:
    fewest, most = (number(half_up(limit, 10), style.digits, style.language) for limit in (low, high))
    return number_range(fewest, most, style.language)
