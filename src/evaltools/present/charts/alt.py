"""The text alternative of a chart, made from what the chart was told to draw and never from the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.language import Language, full_stop, texts

MOST_VALUES: Final = 8
"""Up to this many values are all told; of more only the largest and smallest, and where the rest stands."""


@dataclass(frozen=True, slots=True)
class Told:
    """One value as the alternative tells it. `size` orders the values; None where there is none to order."""

    label: str
    shown: str
    size: float | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a chart is: its kind (a key of `present.alt`), its finding, its base, and whether it is made up."""

    kind: str
    title: str
    base: str
    rehearsal: bool


def alt_text(subject: Subject, told: Sequence[Told], language: Language = "da") -> str:
    """Type, finding and base, then all values if there are few, else extremes and where the rest stands.

    >>> subject = Subject("bar", "Flest bruger DIN", "kommuner (n = 69)", False)
    >>> alt_text(subject, [Told("DIN", "63 %", 63.0)])
    'Vandret søjlediagram: Flest bruger DIN. Grundlag: kommuner (n = 69). Værdier: DIN 63 %.'
    """
    say = texts(language)
    base = say.say("present.alt.base", base=subject.base) if subject.base else ""
    kind = say.say(f"present.alt.{subject.kind}")
    title = full_stop(subject.title)
    text = say.say("present.alt.figure", kind=kind, title=title, base=base, values=_values(told, language))
    return f"{text} {say.say('present.rehearsal.alt')}" if subject.rehearsal else text


def _values(told: Sequence[Told], language: Language) -> str:
    say = texts(language)
    if len(told) <= MOST_VALUES:
        values = "; ".join(_item(value, language) for value in told)
        return full_stop(say.say("present.alt.all", values=values))
    known = sorted((value for value in told if value.size is not None), key=lambda value: value.size or 0.0)
    unknown = len(told) - len(known)
    text = ""
    if known:
        lowest, highest = _item(known[0], language), _item(known[-1], language)
        text = say.say("present.alt.extremes", highest=highest, lowest=lowest, count=len(known))
    return text + (say.say("present.alt.hidden_count", count=unknown) if unknown else "")


def _item(value: Told, language: Language) -> str:
    return texts(language).say("present.alt.item", label=value.label, value=value.shown)
