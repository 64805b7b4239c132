"""Interviews with network foster families: what they answer, what it is about, how surely that was read, own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from evaltools.collect import Answers
from evaltools.document.model import Block, Paragraph
from evaltools.errors import DesignError
from evaltools.estimate.agreement import Codes, Resampled, cohen, fleiss, krippendorff
from evaltools.estimate.result import Estimate
from evaltools.language import number as in_digits
from evaltools.language import percent
from evaltools.local.blocks import (
    heading,
    how_many,
    indicators_block,
    own_table,
    part_of,
    parts,
    put_together,
    said_share,
    words,
)
from evaltools.local.counting import units
from evaltools.local.joint import Fact, Units
from evaltools.local.quotes import quotes
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.present.tables import Entry
from evaltools.schema.model import Category, Value
from evaltools.schema.thresholds import thresholds

_COUNTED: Final = (
    "r4_time", "r4_information", "r4_approval", "r4_equal_terms", "r4_contact_person", "r4_economy",
    "r4_parent_contact", "r4_again", "r4_stopping",
)  # fmt: skip
_SAID: Final = ("r4_again", "r4_equal_terms", "r4_stopping")
_READERS: Final = ("a", "b", "c")
_MOST_QUOTES: Final = 3
_READING: Final = "reading"
_CANNOT: Final = ("TOO_FEW_UNITS", "NO_VARIATION_IN_CODES", "NO_CODES")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to tell agreement: its name, whose codes it takes, and the verb."""

    name: str
    readers: tuple[str, ...]
    measure: Callable[[pd.DataFrame, list[str], Codes], Estimate]


def _cohen(frame: pd.DataFrame, coders: list[str], codes: Codes) -> Estimate:
    return cohen(frame, coders, codes=codes, resampled=Resampled())


_WAYS: Final = (
    _Way("cohen", _READERS[:2], _cohen),
    _Way("fleiss", _READERS, lambda frame, coders, codes: fleiss(frame, coders, codes=codes)),
    _Way("krippendorff", _READERS, lambda frame, coders, codes: krippendorff(frame, coders, codes=codes)),
)


def _says(local: Local) -> list[str]:
    return [*(said_share(local, name) for name in _SAID), *_main(local), *_verdict(local)]


def _main(local: Local) -> Iterator[str]:
    """The theme of most interviews, where it may be told."""
    found = _themed(local)
    label = max(found, key=lambda each: len(found[each].counted), default="")
    if label and found[label].counted and local.may_tell(found[label]):
        yield local.say("interviews.most", said=parts(local, {label: found[label]}))


def _verdict(local: Local) -> Iterator[str]:
    """Whether the codes of the readers can carry a conclusion, as Krippendorff's alpha says it."""
    found = _agreement(local, _WAYS[-1])
    if found is not None:
        yield local.say("interviews.verdict", said=found.notes[0])


def _shows(local: Local) -> list[Block]:
    return [
        indicators_block(local, _COUNTED, local.say("interviews.indicators")),
        *_support(local),
        heading(local.say("interviews.more")),
        *_themes(local),
        *_readers(local),
        *_quotes(local),
    ]


def _support(local: Local) -> Iterator[Block]:
    """Support that families needed and did not get."""
    known = [
        (record, got, needed)
        for record in local.records
        if isinstance(got := record.values.get("support_got"), tuple)
        and isinstance(needed := record.values.get("support_needed"), tuple)
    ]
    among = units(record for record, _, _ in known)
    lacked = {
        one.label.to(local.language): Fact(
            units(record for record, got, needed in known if one.code in needed and one.code not in got),
            among,
            of="support",
        )
        for one in _categories(local, "support_needed")
        if not one.exclusive
    }
    if known:
        yield Paragraph(words(local.say("interviews.support", parts=parts(local, _wide(local, lacked)))))


def _themes(local: Local) -> Iterator[Block]:
    """In how many interviews each theme is found, as the readers agreed; an interview may have several."""
    found = _themed(local)
    if not any(fact.among for fact in found.values()):
        yield Paragraph(words(local.say("interviews.no_themes")))
        return
    rows: list[list[Entry]] = [[label, part_of(local, fact)] for label, fact in found.items()]
    header = [local.say(f"column.{name}") for name in ("theme", "about")]
    yield own_table(local, "interviews.themes", header, rows, widths=(3.0, 1.2))
    mainly = {one.label.to(local.language): _mainly(local, one.code) for one in _categories(local, "themes")}
    told = mainly if local.internal else put_together(mainly, local.say("and"))
    if told:
        yield Paragraph(words(local.say("interviews.mainly", parts=parts(local, told))))


def _themed(local: Local) -> dict[str, Fact]:
    """The interviews that each theme is found in, of those that have been coded."""
    known = [record for record in local.records if isinstance(record.values.get("themes"), tuple)]
    return _wide(
        local,
        {
            one.label.to(local.language): Fact(
                units(record for record in known if one.code in _of(record.values.get("themes"))),
                units(known),
                of="themes",
            )
            for one in _categories(local, "themes")
        },
    )


def _wide(local: Local, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """For publication, facts that overlap, the smallest put together as "one or the other" until none is too small."""
    found = sorted(facts.items(), key=lambda each: -len(each[1].counted))
    while not local.internal and len(found) > 1 and (small := _last_small(found)) is not None:
        first, second = sorted((small, small - 1 if small else 1))
        (one, here), (other, there) = found[first], found.pop(second)
        label = f"{one} {local.say('or')} {other[:1].lower()}{other[1:]}"
        found[first] = (label, replace(here, counted=here.counted | there.counted))
    return dict(found)


def _last_small(found: Sequence[tuple[str, Fact]]) -> int | None:
    """The place of the last fact that counts too few."""
    places = [place for place, (_, fact) in enumerate(found) if 0 < len(fact.counted) < fact.least]
    return places[-1] if places else None


def _readers(local: Local) -> Iterator[Block]:
    """How well the readers agree about what an interview is mostly about."""
    rows: list[list[Entry]] = []
    for way in _WAYS:
        found = _agreement(local, way)
        label = local.say(f"interviews.{way.name}")
        if found is None:
            rows.append([label, "–", "–", "–", "–"])
            continue
        rows.append([label, *_coefficient(local, found), how_many(local, _read_by(local, way), _READING)])
    header = [local.say(f"column.{name}") for name in ("way", "value", "interval", "alike", "interviews")]
    yield own_table(local, "interviews.readers", header, rows, widths=(2.6, 0.9, 1.4, 0.9, 0.9))


def _coefficient(local: Local, found: Estimate) -> tuple[str, str, str]:
    """The value of a coefficient, its interval, and how often two readers chose the same."""
    row, seen = found.rows[0], found.extra["observed"]
    alike = 1 - seen if row.coordinate("coefficient") == "krippendorff" else seen
    value, low, high = (
        in_digits(each, 2, local.language) for each in (row.estimate, row.low, row.high) if each is not None
    )
    return value, local.say("span", low=low, high=high), percent(alike, 0, local.language)


def _agreement(local: Local, way: _Way) -> Estimate | None:
    """Agreement in one way; None where the codes do not allow it, or where so few interviews may not be told."""
    frame = _codes(local)
    names = [f"reader_{reader}" for reader in way.readers]
    try:
        found = way.measure(frame, names, Codes(language=local.language))
    except DesignError as error:
        if error.code not in _CANNOT:
            raise
        return None
    few_units = found.rows[0].n < thresholds()["families"] and not local.internal
    return None if few_units else found


def _read_by(local: Local, way: _Way) -> Units:
    """The interviews that a way to tell agreement rests on: read by all of its readers, or by two of them at least."""
    least = 2 if way.name == "krippendorff" else len(way.readers)
    return units(
        record
        for record in local.records
        if sum(isinstance(record.values.get(f"main_theme_{reader}"), str) for reader in way.readers) >= least
    )


def _codes(local: Local) -> pd.DataFrame:
    """One row per interview, the main theme of each reader, None where that one did not read."""
    rows = [
        [value if isinstance(value := values.get(f"main_theme_{reader}"), str) else None for reader in _READERS]
        for values in _answers(local)
    ]
    return pd.DataFrame(rows, columns=[f"reader_{reader}" for reader in _READERS], dtype=object)


def _quotes(local: Local) -> Iterator[Block]:
    """Families' own words of those who agreed to it."""
    found = quotes(local, _MOST_QUOTES)
    if not found:
        yield Paragraph(words(local.say("interviews.no_quotes")))
        return
    for each in found:
        yield Paragraph(words(local.say(f"interviews.asked.{each.asked}")))
        for text in each.drawn:
            yield Paragraph(words(local.say("interviews.quote", text=text)), "quote")
    yield Paragraph(words(local.say("interviews.consent")), "note")


def _mainly(local: Local, code: str) -> Fact:
    """The interviews that are mostly about a theme, as the first reader has it."""
    known = [record for record in local.records if isinstance(record.values.get("main_theme_a"), str)]
    return Fact(
        units(record for record in known if record.values["main_theme_a"] == code), units(known), of="main_theme_a"
    )


def _of(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _categories(local: Local, name: str) -> tuple[Category, ...]:
    codelist = local.file.questionnaire.item_by_name[name].codelist
    return codelist.categories if codelist is not None else ()


def _answers(local: Local) -> Iterator[Answers]:
    return (record.values for record in local.records)


INTERVIEWS: Final = System("interviews", "foster_interview", _COUNTED, _says, _shows, apart=True)
