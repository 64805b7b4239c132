"""Pages of the data dictionary that all surveys share: index, concepts, indicators, code lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from evaltools.codebook.markdown import anchor, facts, page, table
from evaltools.codebook.survey_page import code_table
from evaltools.language import Language, Text, Texts, texts
from evaltools.schema import CodeList, Concept, Dictionary, Indicator, Questionnaire

WORDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "counted": ("municipality", "child", "family", "placement", "meeting"),
        "period": ("stock", "flow"),
        "direction": ("up", "down"),
    }
)
"""What has words of its own in `language/*/codebook.yaml`."""


def index_page(questionnaires: Sequence[Questionnaire], pages: Mapping[str, str], language: Language) -> str:
    """The first page: every survey wave and the shared pages. `pages`: file name by survey id."""
    words = texts(language)
    lines = [f"## {words.say('codebook.index.surveys')}", ""]
    lines += [f"- [{each.title.to(language)} ({each.id})]({pages[each.id]})" for each in questionnaires]
    lines += ["", f"## {words.say('codebook.index.shared')}", ""]
    lines += [
        f"- [{words.say(f'codebook.index.{name}')}]({name}.md)" for name in ("concepts", "indicators", "codelists")
    ]
    return page(words.say("codebook.index.title"), words.say("codebook.generated"), lines)


def concepts_page(dictionary: Dictionary, questionnaires: Sequence[Questionnaire], language: Language) -> str:
    """Every concept with its definition, its codes and the items that measure it."""
    words = texts(language)
    lines: list[str] = []
    for concept in dictionary.concepts.values():
        lines += [anchor(concept.name), f"## `{concept.name}` {concept.label.to(language)}", ""]
        lines += facts(_concept_facts(concept, dictionary, questionnaires, words))
    return page(words.say("codebook.index.concepts"), words.say("codebook.generated"), lines)


def _concept_facts(
    concept: Concept, dictionary: Dictionary, questionnaires: Iterable[Questionnaire], words: Texts
) -> Iterator[tuple[str, str]]:
    yield words.say("codebook.item.danish"), f"{concept.label.da}. {concept.definition.da}"
    yield words.say("codebook.item.english"), f"{concept.label.en}. {concept.definition.en}"
    if concept.codelist:
        link = f"[{concept.codelist}](codelists.md#{concept.codelist})"
        codelist = dictionary.codelists[concept.codelist]
        named = (f"`{code}` {codelist.category(code).label.to(words.language)}" for code in concept.codes)
        yield words.say("codebook.concept.codes"), f"{link}: {', '.join(named)}"
    using = (
        f"`{item.name}` ({questionnaire.id})"
        for questionnaire in questionnaires
        for item in questionnaire.items
        if item.concept == concept.name
    )
    yield words.say("codebook.concept.used_by"), ", ".join(using)


def indicators_page(dictionary: Dictionary, language: Language) -> str:
    """Every indicator: what is counted over what, and where it should go."""
    words = texts(language)
    lines: list[str] = []
    for indicator in dictionary.indicators.values():
        lines += [anchor(indicator.name), f"## `{indicator.name}` {indicator.label.to(language)}", ""]
        lines += facts(_indicator_facts(indicator, words))
    return page(words.say("codebook.index.indicators"), words.say("codebook.generated"), lines)


def _indicator_facts(indicator: Indicator, words: Texts) -> Iterator[tuple[str, str]]:
    yield words.say("codebook.item.english"), indicator.label.en
    if indicator.definition is not None:
        yield words.say("codebook.indicator.definition"), indicator.definition.to(words.language)
    for name in ("numerator", "denominator"):
        yield words.say(f"codebook.indicator.{name}"), _formula(getattr(indicator, name), words.language)
    yield words.say("codebook.indicator.unit"), _word("counted", indicator.unit, words)
    yield words.say("codebook.indicator.age_base"), _said(indicator.age_base, words)
    for name in ("period", "direction"):
        yield words.say(f"codebook.indicator.{name}"), _word(name, getattr(indicator, name), words)
    for name in ("span", "baseline", "target", "source", "note"):
        yield words.say(f"codebook.indicator.{name}"), _said(getattr(indicator, name), words)
    concept = f"[{indicator.concept}](concepts.md#{indicator.concept})" if indicator.concept else ""
    yield words.say("codebook.indicator.concept"), concept
    yield words.say("codebook.indicator.survey"), indicator.survey


def _formula(text: Text, language: Language) -> str:
    """A rule as code; words as they are."""
    return f"`{text.en}`" if text.da == text.en else text.to(language)


def _word(group: str, text: Text | None, words: Texts) -> str:
    """The words for a unit, period or direction that is known; else the author's own."""
    if text is None:
        return ""
    return words.say(f"codebook.{group}.{text.en}") if text.en in WORDED[group] else text.to(words.language)


def _said(text: Text | None, words: Texts) -> str:
    """The text; an item's name as code."""
    return "" if text is None else _formula(text, words.language)


def codelists_page(dictionary: Dictionary, language: Language) -> str:
    """Every shared code list with labels, special codes and known spellings."""
    words = texts(language)
    lines: list[str] = []
    for name, codelist in sorted(dictionary.codelists.items()):
        lines += [anchor(name), f"## `{name}` {codelist.label.to(language)}", ""]
        if codelist.ordered:
            lines += [words.say("codebook.codelist.ordered"), ""]
        lines += code_table(codelist, words)
        lines += _aliases(codelist, words)
    return page(words.say("codebook.index.codelists"), words.say("codebook.generated"), lines)


def _aliases(codelist: CodeList, words: Texts) -> list[str]:
    if not codelist.aliases:
        return []
    header = [words.say("codebook.codelist.also_known"), words.say("codebook.item.code")]
    return table(header, [(spelling, f"`{code}`") for spelling, code in codelist.aliases.items()])
