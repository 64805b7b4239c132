"""Families' own words: only of those who said yes to that, drawn by lot, and never from a handful of interviews."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from evaltools.collect.personal import EMAIL
from evaltools.local.model import LocalRecord
from evaltools.local.setting import Local
from evaltools.schema.thresholds import thresholds

ASKED: Final = ("best", "change")
"""The questions whose answers may be quoted."""
_YES: Final = "1"
_LONGEST: Final = 220
"""Signs of a quote that can stand whole on the page; nobody's words are cut."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Some answers to one question, and among how many they were drawn."""

    asked: str
    drawn: tuple[str, ...]
    among: int


def agreed(local: Local) -> list[LocalRecord]:
    """The interviews whose words may be used: a plain yes, in a record that stands in the file once.

    Where a record stands twice, nobody can know which of the two answers to the question of consent is the last.
    """
    return [
        record
        for record in local.records
        if record.values.get("quote_ok") == _YES and (record.place, record.number) not in local.file.twice
    ]


def quotes(local: Local, most: int) -> list[Quotes]:
    """At most `most` answers to each question, by lot; none where so few were interviewed that all are known.

    Words that also somebody wrote who did not agree, and words with an e-mail address, are not used. The lot is a hash
    of the words, so that the same file always gives the same quotes, in an order that tells nothing.
    """
    if not local.internal and len(local.records) < thresholds()["families"]:
        return []
    willing = agreed(local)
    lines = {record.line for record in willing}
    others = [record for record in local.records if record.line not in lines]
    refused = {_told(record, asked) for record in others for asked in ASKED}
    found = []
    for asked in ASKED:
        told = {record.line: text for record in willing if (text := _told(record, asked)) and text not in refused}
        usable = {line: text for line, text in told.items() if len(text) <= _LONGEST and not EMAIL.search(text)}
        if usable:
            drawn = sorted(set(usable.values()), key=_lot)[:most]
            found.append(Quotes(asked, tuple(drawn), len(usable)))
    return found


def _told(record: LocalRecord, asked: str) -> str:
    value = record.values.get(asked)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _lot(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
