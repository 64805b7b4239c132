"""One item in the codebook: its question, who was asked, the answers and why others are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaltools.codebook.book import Book
from evaltools.codebook.counting import FieldCounts, count_field
from evaltools.codebook.item_tables import item_tables
from evaltools.codebook.wording import variable_names
from evaltools.document.html.elements import Html, fact_list, tag, text
from evaltools.schema import Item, rule_sentence
from evaltools.schema.describing import (
    fields_of,
    limits_text,
    row_universes,
    rules_of,
    type_text,
    universe_text,
)


def item_block(item: Item, book: Book) -> Html:
    """The whole block of one item (a grid or multiple item is one block with one table)."""
    name = tag("code", text(item.name))
    title = tag("h4", text(item.label.to(book.language) + " "), name)
    counts = [
        count_field(book.data, field, book.language, book.plan)
        for field in fields_of(item, book.data.questionnaire)
        if field.kind != "note"
    ]
    parts = [title, tag("p", text(item.text.to(book.language))), fact_list(_facts(item, book))]
    if counts:
        parts += [tag("p", text(_asked(counts, book)), class_="quiet"), *item_tables(item, counts, book)]
    return tag("section", *parts, id=book.anchor(item.name))


def _facts(item: Item, book: Book) -> Iterator[tuple[str, Html]]:
    say, language, questionnaire = book.words.say, book.language, book.data.questionnaire
    yield say("codebook.item.instruction"), text(item.instruction.to(language) if item.instruction else "")
    yield say("codebook.item.type"), text(type_text(item, language))
    yield say("codebook.item.variables"), text(", ".join(variable_names(item, questionnaire)))
    yield say("codebook.item.universe"), _universe(item, book)
    yield say("codebook.item.limits"), text(limits_text(item, language))
    yield say("codebook.item.unit"), text(item.unit.to(language) if item.unit else "")
    yield say("codebook.item.value"), text(rule_sentence(item.value, questionnaire, language) if item.value else "")
    yield say("codebook.item.concept"), text(_concept(item, book))
    yield say("codebook.item.confidentiality"), text(say(f"codebook.confidentiality.{item.confidentiality}"))
    rules = [rule_sentence(rule.condition, questionnaire, language) for rule in rules_of(item, questionnaire)]
    yield say("codebook.item.rules"), Html("<br>".join(text(sentence) for sentence in rules))
    if book.used_in is not None:
        uses = ", ".join(book.used_in.get(item.name, ())) or say("codebook.book.unused")
        yield say("codebook.book.used_in"), text(uses)


def _universe(item: Item, book: Book) -> Html:
    """Who is asked; a line per row where the rows of a grid differ."""
    questionnaire, language = book.data.questionnaire, book.language
    asked = row_universes(item, questionnaire, language)
    if not asked:
        return text(universe_text(item, questionnaire, language))
    lines = (f"{row.label.to(language)}: {asked[row.name]}" for row in item.rows)
    return Html("<br>".join(text(line) for line in lines))


def _concept(item: Item, book: Book) -> str:
    concept = book.data.questionnaire.concepts.get(item.concept)
    return item.concept if concept is None else concept.label.to(book.language)


def _asked(counts: Sequence[FieldCounts], book: Book) -> str:
    """How many the question was asked of; a range where the rows of a grid differ."""
    asked = [each.eligible for each in counts if each.field.part != "text"]
    shown = sorted({each for each in asked if each is not None})
    if not shown:
        return book.words.say("codebook.book.too_few")
    count = str(shown[0]) if len(shown) == 1 else f"{shown[0]}-{shown[-1]}"
    unit = "cases" if book.data.questionnaire.many_records else "units"
    total = int(book.data.frame["responded"].sum())
    return book.words.say(f"codebook.book.eligible_{unit}", count=count, total=total)
