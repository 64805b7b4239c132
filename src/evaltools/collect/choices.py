"""Codes as people and programs write them: the code, its label in either language, or a known alias."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from evaltools.collect.trouble import Trouble, shown
from evaltools.language import Language
from evaltools.schema.model import CodeList, Item

MOST_SHOWN: Final = 8
"""Categories that a message lists."""

_CODE_AND_LABEL: Final = re.compile(r"(\S+?)\s*[.:)–-]\s+(.+)")


def read_code(given: object, codelist: CodeList, language: Language) -> str | Trouble:
    """The code that is meant, or why there is none.

    >>> from evaltools.language import Text
    >>> from evaltools.schema.model import Category
    >>> answers = CodeList("yes_no", Text("", ""), (Category("1", Text("Ja", "Yes")), Category("2", Text("Nej", "No"))))
    >>> read_code("yes", answers, "da"), read_code(2, answers, "da"), read_code("1: Ja", answers, "da")
    ('1', '2', '1')
    """
    text = _as_text(given)
    spellings = _spellings(codelist)
    code = spellings.get(_folded(text)) if text else None
    if code is None and (both := _CODE_AND_LABEL.fullmatch(text)):
        codes = {spellings.get(_folded(part)) for part in both.groups()}
        code = codes.pop() if len(codes) == 1 else None
    if code is None:
        return Trouble("WRONG_CODE", {"given": shown(given), "choices": _nearest(text, codelist, language)})
    return code


def read_codes(given: object, item: Item, codelist: CodeList, language: Language) -> tuple[str, ...] | Trouble:
    """The codes of a multiple item in the order of its code list, each once, or why they cannot stand together."""
    codes: set[str] = set()
    for part in _parts(given, codelist):
        code = read_code(part, codelist, language)
        if isinstance(code, Trouble):
            return code
        codes.add(code)
    chosen = tuple(category for category in codelist.categories if category.code in codes)
    exclusive = next((category for category in chosen if category.exclusive), None)
    if exclusive is not None and len(chosen) > 1:
        return Trouble("EXCLUSIVE", {"choice": exclusive.label.to(language)})
    if item.max_choices is not None and len(chosen) > item.max_choices:
        return Trouble("TOO_MANY_CHOICES", {"count": len(chosen), "most": item.max_choices})
    return tuple(category.code for category in chosen)


def _parts(given: object, codelist: CodeList) -> Iterable[object]:
    if isinstance(given, list | tuple):
        return given
    text = _as_text(given)
    if _folded(text) in _spellings(codelist):
        return (text,)
    separator = next((mark for mark in (";", "|", "\n", ",") if mark in text), ";")
    return (part for part in text.split(separator) if part.strip())


def _as_text(given: object) -> str:
    """Text as it is; whole numbers as codes are written; nothing for the rest."""
    if isinstance(given, bool):
        return ""
    if isinstance(given, float):
        return str(int(given)) if given.is_integer() else str(given)
    return str(given).strip() if isinstance(given, str | int) else ""


@lru_cache(maxsize=512)
def _spellings(codelist: CodeList) -> Mapping[str, str]:
    """Every spelling of a category, folded; a spelling that would mean two categories means none, a code wins."""
    found: dict[str, set[str]] = {}
    labelled = [(text, c.code) for c in codelist.categories for text in (c.label.da, c.label.en, _bare(c.code))]
    for spelling, code in (*labelled, *codelist.aliases.items()):
        found.setdefault(_folded(spelling), set()).add(code)
    unique = {spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1}
    return unique | {_folded(code): code for code in codelist.codes}


def _bare(code: str) -> str:
    """A code as a spreadsheet leaves it, without leading zeros."""
    return code.lstrip("0") or code


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _nearest(text: str, codelist: CodeList, language: Language) -> str:
    labels = {category.label.to(language): category.code for category in codelist.categories}
    close = difflib.get_close_matches(text, labels, n=3, cutoff=0.5) or list(labels)[:MOST_SHOWN]
    rest = "; …" if len(close) == MOST_SHOWN and len(labels) > MOST_SHOWN else ""
    return "; ".join(f"{labels[label]}: {label}" for label in close) + rest
