"""How a result looks in a terminal and in a notebook: a small table with its method and its notes in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from evaltools.language import Language, number, percent_sign, texts

_FIGURES: Final = 4
"""Significant figures of a number that is no share."""

_COUNTING: Final = ("exact", "predictive", "clopper_pearson", "census", "response")

_LEAST_P: Final = 0.0001
"""A p-value below this is not told more closely."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A result in words. words : how many columns at the left are words; the others are numbers and stand right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int
    remarks: tuple[str, ...]


def told(value: float | None, language: Language, *, as_share: bool = False) -> str:
    """A number as a reader expects it: a share in per cent, others with four significant figures; nothing where None.

    >>> told(0.4076, "en", as_share=True), told(1234.56, "en"), told(0.012345, "en"), told(None, "en")
    ('40.8%', '1,235', '0.01235', '')
    """
    if value is None:
        return ""
    if as_share:
        return percent_sign(value, 1, language)
    digits = _FIGURES - 1 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
    whole = float(value).is_integer() and abs(value) < 10**_FIGURES
    return number(value, 0 if whole else min(max(digits, 0), 8), language)


def told_p(value: float, language: Language) -> str:
    """A p-value with four decimals.

    >>> told_p(0.0240312, "en"), told_p(3.8e-6, "en")
    ('0.0240', '< 0.0001')
    """
    if value < _LEAST_P:
        return texts(language).say("estimate.print.below", value=number(_LEAST_P, 4, language))
    return number(value, 4, language)


def counts(method: str, language: Language) -> bool:
    """Whether a method in words counts, and leans on no degrees of freedom."""
    return method in {texts(language).say(f"estimate.method.{name}") for name in _COUNTING}


def telling(labels: Sequence[tuple[str, ...]]) -> list[int]:
    """The places of the labels that tell rows apart; the last one where a single row needs a name.

    >>> telling([("use", "North"), ("use", "South")])
    [1]
    """
    width = min(map(len, labels), default=0)
    places = [place for place in range(width) if len({each[place] for each in labels}) > 1]
    return places or list(range(width))[-1:]


def as_text(shown: Shown) -> str:
    """For a terminal: columns under one another, words to the left and numbers to the right.

    >>> print(as_text(Shown("Share", ("", "n"), (("North", "12"), ("South", "7")), 1, ("Method: exact",))))
    Share
            n
    North  12
    South   7
    Method: exact
    """
    lines = [shown.header, *shown.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(_cells(line, widths, shown.words)).rstrip() for line in lines]
    return "\n".join([shown.title, *table, *shown.remarks])


def _cells(line: Sequence[str], widths: Sequence[int], words: int) -> list[str]:
    pairs = enumerate(zip(line, widths, strict=True))
    return [text.ljust(width) if place < words else text.rjust(width) for place, (text, width) in pairs]


def as_html(shown: Shown) -> str:
    """For a notebook: a table with a caption, headings of columns and rows, and the remarks below.

    >>> as_html(Shown("A < B", ("", "n"), (("North", "12"),), 1, ()))[:38]
    '<table><caption>A &lt; B</caption><the'
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in shown.header)
    body = "".join(f"<tr>{''.join(_html_cells(row, shown.words))}</tr>" for row in shown.rows)
    below = "".join(f"<p>{escape(remark)}</p>" for remark in shown.remarks)
    caption = f"<caption>{escape(shown.title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def _html_cells(row: Sequence[str], words: int) -> list[str]:
    return [
        f'<th scope="row">{escape(text)}</th>' if place < words else f"<td>{escape(text)}</td>"
        for place, text in enumerate(row)
    ]
