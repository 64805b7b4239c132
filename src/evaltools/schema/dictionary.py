"""The data dictionary: concepts, indicators, terms and code lists that all surveys share."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from evaltools.errors import Fault, SchemaError, near
from evaltools.language import Text
from evaltools.schema.codelists import CodeListShelf, PlacedCodeList, read_codelist
from evaltools.schema.dictionary_source import (
    BaselineSource,
    ConceptsSource,
    IndicatorSource,
    IndicatorsSource,
    TargetSource,
    TermsSource,
)
from evaltools.schema.model import CodeList, Concept
from evaltools.schema.reading import Document, Place, read_document, read_text
from evaltools.schema.shape import shape
from evaltools.schema.source import TextSource
from evaltools.schema.wording import Terms, TermWord, Wording

FOLDER: Final = "data_dictionary"
_OF: Final = re.compile(r",? for (?:hver|hvert|every) 100 |, af |, of ")
"""Between what a definition counts and of whom."""
File = TypeVar("File", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number that is followed over time: what is counted, over what, and where it should go.

    numerator, denominator : rules over items, or words; `counted` and `among` say both in words. target_share,
    baseline_counts : what can be tested, where the words of target and baseline have it. span : how long a flow is
    counted. source : where the counts are from, where that is no survey.
    """

    name: str
    label: Text
    numerator: Text
    denominator: Text
    unit: Text
    direction: Text | None = None
    target: Text | None = None
    age_base: Text | None = None
    period: Text | None = None
    note: Text | None = None
    concept: str = ""
    survey: str = ""
    definition: Text | None = None
    baseline: Text | None = None
    items: tuple[str, ...] = ()
    target_share: float | None = None
    baseline_counts: tuple[int, int] | None = None
    span: Text | None = None
    source: Text | None = None

    @property
    def counted(self) -> Text:
        """What the numerator counts, in words: what the definition begins with."""
        return Text(*(_parts(each)[0] for each in self._said(self.numerator)))

    @property
    def among(self) -> Text:
        """Of whom, in words: what the definition names after "of"."""
        return Text(*(_parts(each)[1] for each in self._said(self.denominator)))

    def _said(self, otherwise: Text) -> tuple[str, str]:
        said = self.definition or otherwise
        return said.da, said.en


@dataclass(frozen=True)
class Dictionary:
    """All that is shared between surveys. `codelists` keep their placeholders: the year fills them in."""

    root: Path
    concepts: Mapping[str, Concept]
    indicators: Mapping[str, Indicator]
    codelists: Mapping[str, CodeList]
    terms: Terms
    placed: Mapping[str, PlacedCodeList]
    faults: tuple[Fault, ...] = ()


def find_root(path: Path) -> Path:
    """The first folder at or above `path` that holds `data_dictionary/`. Raises `SchemaError` NO_DATA_DICTIONARY."""
    start = path.resolve()
    for folder in (start, *start.parents):
        if (folder / FOLDER).is_dir():
            return folder
    remedy = f"Make a folder {FOLDER} beside the folder of surveys (see docs/questionnaire-language.md)."
    raise SchemaError(Fault("NO_DATA_DICTIONARY", path.name, f"no folder above this one holds {FOLDER}", remedy))


def read_dictionary(root: Path) -> Dictionary:
    """The data dictionary of that root folder.

    Raises `SchemaError` with all faults in its files.
    """
    dictionary = load_dictionary(root)
    if dictionary.faults:
        raise SchemaError(*dictionary.faults)
    return dictionary


def load_dictionary(root: Path) -> Dictionary:
    """The data dictionary with its faults listed instead of raised."""
    faults: list[Fault] = []
    placed = _codelists(root, faults)
    terms = _terms(root, faults)
    shelf = CodeListShelf((placed,), Wording(("da", "en"), 0, {}, []))
    bound = {name: shelf.bind(name, entry.place) for name, entry in placed.items()}
    codelists = {name: entry.known for name, entry in bound.items() if entry is not None}
    concepts = _concepts(root, codelists, faults)
    indicators = _indicators(root, concepts, faults)
    return Dictionary(root, concepts, indicators, codelists, terms, placed, tuple(faults))


def read_units_table(path: Path) -> list[dict[str, str]]:
    """The rows of a population's csv file (such as `municipalities.csv`): column to text. Raises NO_SUCH_FILE."""
    lines = read_text(path, path.name).splitlines()
    return list(csv.DictReader(line for line in lines if line.strip() and not line.startswith("#")))


def _codelists(root: Path, faults: list[Fault]) -> dict[str, PlacedCodeList]:
    placed = {}
    for path in sorted((root / FOLDER / "codelists").glob("*.csv")):
        try:
            placed[path.stem] = read_codelist(path, path.relative_to(root).as_posix())
        except SchemaError as error:
            faults.extend(error.faults)
    return placed


def _file(root: Path, file: str, model: type[File], faults: list[Fault]) -> tuple[File, Place]:
    path = root / FOLDER / file
    document = Document(path.relative_to(root).as_posix(), {})
    try:
        if path.exists():
            document = read_document(path, document.name)
        return shape(model, document), Place(document)
    except SchemaError as error:
        faults.extend(error.faults)
        return model(), Place(document)


def _terms(root: Path, faults: list[Fault]) -> dict[str, tuple[TermWord, ...]]:
    source, _ = _file(root, "terms.yaml", TermsSource, faults)
    return {
        name: tuple(TermWord(Text(word.da, word.en), word.first, word.until) for word in term.words)
        for name, term in source.terms.items()
    }


def _concepts(root: Path, codelists: Mapping[str, CodeList], faults: list[Fault]) -> dict[str, Concept]:
    source, place = _file(root, "concepts.yaml", ConceptsSource, faults)
    concepts = {}
    for name, entry in source.concepts.items():
        codelist = entry.codelist or ""
        concepts[name] = Concept(name, _both(entry.label), _both(entry.definition), codelist, entry.codes)
        where = place.down("concepts", name)
        if codelist and codelist not in codelists:
            problem, remedy = f'there is no code list "{codelist}"', near(codelist, codelists)
            faults.append(Fault("UNKNOWN_CODELIST", where.at("codelist"), problem, remedy))
            continue
        known = codelists[codelist].codes if codelist else ()
        for code in (code for code in entry.codes if code not in known):
            problem = f'"{codelist}" has no code "{code}"'
            faults.append(Fault("UNKNOWN_CODE", where.at("codes"), problem, near(code, known)))
    return concepts


def _indicators(root: Path, concepts: Mapping[str, Concept], faults: list[Fault]) -> dict[str, Indicator]:
    source, place = _file(root, "indicators.yaml", IndicatorsSource, faults)
    indicators = {}
    for name, entry in source.indicators.items():
        share = _target_share(entry.target, place.at("indicators", name, "target"), faults)
        indicators[name] = replace(_indicator(name, entry), target_share=share)
        if entry.concept and entry.concept not in concepts:
            problem, remedy = f'there is no concept "{entry.concept}"', near(entry.concept, concepts)
            faults.append(Fault("UNKNOWN_CONCEPT", place.at("indicators", name, "concept"), problem, remedy))
    return indicators


def _indicator(name: str, entry: IndicatorSource) -> Indicator:
    base = entry.baseline
    counts = (base.count, base.base) if isinstance(base, BaselineSource) else (None, None)
    required = (_both(entry.label), _both(entry.numerator), _both(entry.denominator), _both(entry.unit))
    return Indicator(
        name,
        *required,
        direction=_perhaps(entry.direction),
        target=_perhaps(entry.target),
        age_base=_perhaps(entry.age_base),
        period=_perhaps(entry.period),
        note=_perhaps(entry.note),
        concept=entry.concept or "",
        survey=entry.survey or "",
        definition=_perhaps(entry.definition),
        baseline=_perhaps(entry.baseline),
        items=entry.items,
        baseline_counts=None if counts[0] is None or counts[1] is None else (counts[0], counts[1]),
        span=_perhaps(entry.span),
        source=_perhaps(entry.source),
    )


def _parts(definition: str) -> tuple[str, str]:
    """What is counted and of whom, from the first sentence of a definition; both the same where it names no base."""
    first = re.split(r"\.(?: |$)", definition, maxsplit=1)[0]
    counted, *among = _OF.split(first, maxsplit=1)
    return counted[:1].lower() + counted[1:], (among or [counted])[0]


def _target_share(target: TargetSource | str | None, where: str, faults: list[Fault]) -> float | None:
    """The share of a target; None where only words are given."""
    if not isinstance(target, TargetSource) or target.share is None:
        return None
    if re.fullmatch(r"0?\.\d+|0|1|1\.0+", target.share):
        return float(target.share)
    problem = f'"{target.share}" is not a share between 0 and 1'
    faults.append(Fault("TARGET_NOT_A_SHARE", where, problem, "Write 0.33 for 33 pct."))
    return None


def _both(source: TextSource | str) -> Text:
    if isinstance(source, str):
        return Text(source, source)
    return Text(source.da or source.en, source.en or source.da)


def _perhaps(source: TextSource | str | None) -> Text | None:
    return None if source is None else _both(source)
