"""Published texts without numbers that can be computed with: what they say was done, fact by fact, with the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.indicators.cases import FILE, read_published_cases
from evaltools.language import Language
from evaltools.schema.reading import read_document


@dataclass(frozen=True, slots=True)
class Story:
    """facts : sentences as the source has them. counted : whether the same source gives counts in a published case."""

    name: str
    label: str
    citation: str
    facts: tuple[str, ...]
    counted: bool
    language: Language


def published_story(name: str, folder: Path, *, language: Language = "da") -> Story:
    """What a published text says was done, from `stories` in `published_cases.yaml`.

    name : its id. folder : the folder `data_dictionary`. language : of the facts. Returns a `Story` for
    `story_sentence`. Raises `DesignError`: NO_SUCH_STORY, STORY_WITHOUT_SHAPE; `SchemaError` for the file.
    """
    data = read_document(folder / FILE, f"{folder.name}/{FILE}").data
    stories = data.get("stories") if isinstance(data, Mapping) else None
    known = stories if isinstance(stories, Mapping) else {}
    if name not in known:
        raise DesignError(Fault("NO_SUCH_STORY", FILE, f'there is no story "{name}"', near(name, known)))
    entry = known[name]
    facts = entry.get("facts") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(facts, Sequence) or not {"label", "citation"} <= set(entry):
        remedy = "Give label, citation and facts, each fact in Danish and English."
        raise DesignError(Fault("STORY_WITHOUT_SHAPE", f"{FILE}: {name}", "a part is missing", remedy))
    citation = _text(entry["citation"], language)
    cases = read_published_cases(folder).values()
    sources = {
        _text(case.get("citation"), language) for case in cases if isinstance(case, Mapping) and "counts" in case
    }
    told = tuple(_text(fact, language) for fact in facts)
    return Story(name, _text(entry["label"], language), citation, told, citation in sources, language)


def _text(value: object, language: Language) -> str:
    return str(value.get(language) or value.get("da") or "") if isinstance(value, Mapping) else str(value or "")
