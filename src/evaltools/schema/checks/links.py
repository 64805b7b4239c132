"""What an item points to: concepts, register figures, code lists, limits; and what a section or list lacks."""

from __future__ import annotations

from collections.abc import Iterator

from evaltools.errors import Fault, near
from evaltools.language import noun, noun_of
from evaltools.schema.codelists import PlacedCodeList
from evaltools.schema.drafting import Draft
from evaltools.schema.expand import Expanded
from evaltools.schema.model import CodeList
from evaltools.schema.reading import Place
from evaltools.schema.resolve import Resolved


def link_faults(resolved: Resolved) -> Iterator[Fault]:
    """All that items, sections and the questionnaire point to and that is not there or does not fit."""
    yield from _questionnaire(resolved.expanded)
    yield from _codelists(resolved)
    for draft in resolved.drafts:
        for each in (draft, *draft.inner):
            yield from _item(each, resolved)
    for section in resolved.sections:
        if not section.drafts:
            problem = f'section "{section.section.name}" has no items'
            yield Fault("EMPTY_SECTION", section.place.at(), problem, "Give it items, or delete it.")


def _questionnaire(expanded: Expanded) -> Iterator[Fault]:
    source, place, lists = expanded.source, expanded.place, expanded.dictionary.placed
    if source.population not in lists:
        problem = f'there is no population "{source.population}" in data_dictionary/codelists'
        yield Fault("UNKNOWN_POPULATION", place.at("population"), problem, near(source.population, lists))
    words = source.unit_words
    if words is None and noun(source.unit) is None:
        problem = f'the word for "{source.unit}" is not known'
        remedy = 'Add unit_words, such as {da: "en skole, skoler, skolerne", en: "a school, schools, the schools"}.'
        yield Fault("UNIT_WITHOUT_WORDS", place.at("unit"), problem, remedy)
    if words is not None and not all(text == "" or noun_of(text) for text in (words.da, words.en)):
        remedy = 'Write one, many and all of them: "en skole, skoler, skolerne".'
        yield Fault("WRONG_UNIT_WORDS", place.at("unit_words"), "a noun needs three forms with commas between", remedy)
    if source.answer_year < source.reference_year:
        problem = f"the answers are given in {source.answer_year}, before the reference year {source.reference_year}"
        yield Fault("YEARS_REVERSED", place.at("answer_year"), problem, "Swap or correct the years.")


def _item(draft: Draft, resolved: Resolved) -> Iterator[Fault]:
    item, place = draft.item, draft.place
    concepts, references = resolved.expanded.dictionary.concepts, resolved.expanded.source.references
    if item.concept and item.concept not in concepts:
        problem = f'there is no concept "{item.concept}"'
        yield Fault("UNKNOWN_CONCEPT", place.at("concept"), problem, near(item.concept, concepts))
    if item.reference and item.reference not in references:
        problem = f'the questionnaire has no reference "{item.reference}"'
        remedy = near(item.reference, references) if references else f"Add references: [{item.reference}]."
        yield Fault("UNKNOWN_REFERENCE", place.at("reference"), problem, remedy)
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        problem = f"the least value {item.minimum} is above the greatest {item.maximum}"
        yield Fault("LIMITS_REVERSED", place.at("min"), problem, "Swap or correct min and max.")
    yield from _choices(item.codelist, item.max_choices, place)


def _choices(codelist: CodeList | None, most: int | None, place: Place) -> Iterator[Fault]:
    if codelist is not None and not codelist.categories:
        problem = f'no code of "{codelist.name}" is offered in this wave'
        yield Fault("EMPTY_CODELIST", place.at("codes"), problem, "Add categories, or leave the item out.")
    if codelist is not None and most is not None and not 1 <= most <= len(codelist.categories):
        problem = f"{most} choices of {len(codelist.categories)} categories"
        yield Fault("TOO_MANY_CHOICES", place.at("max_choices"), problem, "Allow at least 1 and fewer than there are.")


def _codelists(resolved: Resolved) -> Iterator[Fault]:
    shelves = {id(shelf): shelf for each in resolved.expanded.sections for shelf in each.setting.shelf.shelves}
    for shelf in shelves.values():
        for placed in shelf.values():
            yield from _one_list(placed)


def _one_list(placed: PlacedCodeList) -> Iterator[Fault]:
    meant: dict[str, str] = {}
    labels: dict[str, str] = {}
    for n, category in enumerate(placed.source.categories):
        where = placed.place.down("categories", n).at()
        folded = category.code.lower()
        if folded in meant:
            problem = f'code "{category.code}" stands twice in "{placed.name}" (capital letters do not count)'
            yield Fault("DUPLICATE_CODE", where, problem, "Give each category a code of its own.")
        meant[folded] = category.code
        if category.da and category.da in labels:
            problem = f'"{category.da}" is the label of two codes, {labels[category.da]} and {category.code}'
            yield Fault("DUPLICATE_LABEL", where, problem, "Give each category a label of its own.")
        labels[category.da] = category.code
    yield from _aliases(placed)


def _aliases(placed: PlacedCodeList) -> Iterator[Fault]:
    meant: dict[str, str] = {}
    for n, category in enumerate(placed.source.categories):
        for alias in category.aliases:
            code = meant.setdefault(alias.lower(), category.code)
            if code != category.code:
                problem = f'the alias "{alias}" means both {code} and {category.code}'
                where = placed.place.down("categories", n).at()
                yield Fault("DUPLICATE_ALIAS", where, problem, "Keep it with one of them.")
