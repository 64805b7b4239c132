"""What a frame of spells is about, in words: its source, the words for endings and groups, and the code of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from evaltools.dataset.labels import value_labels
from evaltools.dataset.model import Dataset
from evaltools.estimate.calls import call
from evaltools.estimate.result import Source
from evaltools.estimate.saying import check_said
from evaltools.language import Language, texts
from evaltools.provenance import Origin
from evaltools.schema.model import STRICTEST, Confidentiality

PLACEMENT_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "home": ("1",),
        "planned": ("2",),
        "age_18": ("3",),
        "breakdown": ("4", "5", "6", "7"),
        "moved_away": ("8",),
        "death": ("9",),
    }
)
"""How placements end: kinds by the codes of `data_dictionary/codelists/endings.csv`."""

BREAKDOWN_BY_WHOM: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "breakdown_child": ("4",),
        "breakdown_place": ("5",),
        "breakdown_parents": ("6",),
        "breakdown_other": ("7",),
        "no_breakdown": ("1", "2", "3", "8", "9"),
    }
)
"""The same codes where the question is who broke the placement off."""

BREAKDOWN_OR_NOT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"breakdown": ("4", "5", "6", "7"), "no_breakdown": ("1", "2", "3", "8", "9")}
)
"""The same codes as two kinds: of few placements more kinds cannot be shown, because some of them are rare."""

_KNOWN: Final = frozenset({*PLACEMENT_ENDINGS, *BREAKDOWN_BY_WHOM, "ended", "started", "broken_off"})


@dataclass(frozen=True, slots=True)
class About:
    """What the rows of a plain frame are, for its results.

    unit : what a row is, a key of `language.noun`. confidentiality : whose secrets it touches; decides what may be
    shown. origin : `rehearsal` for made-up rows. title : of the registration. universe : which rows these are.
    language : of the words in results. code : the expression that gives the frame.
    """

    unit: str = "placement"
    confidentiality: Confidentiality = "children"
    origin: Origin = "collected"
    title: str = ""
    universe: str = ""
    language: Language = "da"
    code: str = "frame"

    def __post_init__(self) -> None:
        check_said(self.origin, self.confidentiality, self.language)


def about_dataset(data: Dataset, columns: tuple[str, ...]) -> About:
    """What the records of a registration are."""
    questionnaire, language = data.questionnaire, data.questionnaire.languages[0]
    kinds = [data.variables[name].field.item.confidentiality for name in columns if name in data.variables]
    return About(
        unit=questionnaire.counted(language),
        confidentiality=min(kinds, key=STRICTEST.index, default="children"),
        origin=data.origin,
        title=questionnaire.titled(language),
        universe=questionnaire.universe.to(language),
        language=language,
        code=data.code,
    )


def source_of(about: About, question: str, code: str) -> Source:
    """The source of everything that is computed from these spells; `code` gives the spells again."""
    say = texts(about.language).say
    return Source(
        origin=about.origin,
        survey=about.title or about.code,
        question=question,
        universe=about.universe or say("durations.universe"),
        weight=say("estimate.weight.none"),
        confidentiality=about.confidentiality,
        code=code,
        unit=about.unit,
        title=about.title,
        language=about.language,
    )


def computed(source: Source, verb: str, arguments: Mapping[str, object], *positional: object) -> Source:
    """The source of a result: the code of the spells becomes the first argument of the verb."""
    return replace(source, code=call(f"durations.{verb}", source.code, arguments, *positional))


def ending_named(kind: str, language: Language) -> str:
    """A kind of ending in words, where the room knows it; else as the user wrote it."""
    return texts(language).say(f"durations.ending.{kind}") if kind in _KNOWN else kind


def labels_in(data: Dataset) -> dict[str, dict[str, str]]:
    """The words for the codes of each variable with categories."""
    language = data.questionnaire.languages[0]
    found = {name: value_labels(variable, language) for name, variable in data.variables.items()}
    return {name: {code_named(code): label for code, label in each.items()} for name, each in found.items() if each}


def code_named(value: object) -> str:
    """A code as text: 1, 1.0 and "1" are the same code.

    >>> code_named(1.0), code_named("m1")
    ('1', 'm1')
    """
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)
