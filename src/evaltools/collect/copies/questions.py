"""One question of a whole questionnaire: its words, who is asked, what can be answered, and what is checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.document.model import Block, Bullets, Heading, Inline, Paragraph, TextRun
from evaltools.language import Language, Texts, capitalised, full_stop, texts
from evaltools.schema import Category, Item, Questionnaire, Row, Rule, names_in, rule_sentence
from evaltools.schema.describing import fields_of, limits_text, row_universes, rules_of, universe_text
from evaltools.schema.missing import missing_label
from evaltools.schema.scope import REFERENCE_PREFIX

MOST_CATEGORIES: Final = 40
"""Of a longer list only the number of categories is told."""


def question_blocks(questionnaire: Questionnaire, item: Item, language: Language, level: int = 2) -> Iterator[Block]:
    """The blocks of one item; a note is a paragraph without a number, a repeat brings its inner items with it."""
    if item.heading is not None:
        yield Heading(level, (TextRun(item.heading.to(language)),), f"g-{item.section}-{item.name}", numbered=False)
    if item.kind == "note":
        yield _told(item.text.to(language))
        return
    yield Heading(level, (TextRun(item.label.to(language)),), f"q-{item.section}-{item.name}")
    if item.text != item.label:
        yield Paragraph((TextRun(item.text.to(language), bold=True),))
    if item.instruction is not None:
        yield _told(item.instruction.to(language))
    asked = _asked(questionnaire, item, language)
    if asked:
        yield _small(asked)
    yield from _rows(questionnaire, item, language)
    yield from _answers(questionnaire, item, texts(language))
    yield from (_check(rule, questionnaire, language) for rule in rules_of(item, questionnaire))
    for inner in item.items:
        yield from question_blocks(questionnaire, inner, language, level + 1)


def _told(text: str) -> Paragraph:
    return Paragraph((TextRun(text),))


def _small(text: str) -> Paragraph:
    return Paragraph((TextRun(text),), "note")


def _asked(questionnaire: Questionnaire, item: Item, language: Language) -> str:
    """Who is asked, where it is not everybody who answers and not told row by row."""
    if item.universe is None and (item.ask_if is None or row_universes(item, questionnaire, language)):
        return ""
    universe = universe_text(item, questionnaire, language)
    conditions = {field.ask_if for field in fields_of(item, questionnaire) if field.ask_if is not None}
    is_condition = universe in {rule_sentence(condition, questionnaire, language) for condition in conditions}
    return texts(language).say(f"collect.copy.asked_{'if' if is_condition else 'of'}", universe=universe.rstrip("."))


def _rows(questionnaire: Questionnaire, item: Item, language: Language) -> Iterator[Block]:
    if item.rows:
        asked = row_universes(item, questionnaire, language)
        yield Bullets(tuple(_row(row, asked, language) for row in item.rows), ordered=True, letters=True)


def _row(row: Row, asked: dict[str, str], language: Language) -> Inline:
    label = TextRun(row.label.to(language))
    if row.ask_if is None or row.name not in asked:
        return (label,)
    condition = texts(language).say("collect.copy.row_if", condition=asked[row.name].rstrip("."))
    return (label, TextRun(f" ({condition})", italic=True))


def _answers(questionnaire: Questionnaire, item: Item, words: Texts) -> Iterator[Block]:
    yield _told(_answer_words(questionnaire, item, words))
    categories = item.codelist.categories if item.codelist else ()
    if 0 < len(categories) <= MOST_CATEGORIES:
        yield Bullets(tuple(((TextRun(_category(each, words)),)) for each in categories))
    elif categories:
        yield _small(words.say("collect.copy.long_list", count=len(categories)))
    if item.missing:
        kinds = "; ".join(missing_label(kind, words.language) for kind in item.missing)
        yield _small(words.say("collect.copy.instead", kinds=kinds))
    yield from (_small(words.say(f"collect.copy.{key}")) for key in _further(item))


def _further(item: Item) -> Iterator[str]:
    """Keys of what else is to be known about answering."""
    if item.required:
        yield "required"
    if item.reference:
        yield "register"


def _answer_words(questionnaire: Questionnaire, item: Item, words: Texts) -> str:
    """What an answer is: one choice or many, a number in its unit and between its limits, a text of some length."""
    language = words.language
    kind = item.cell if item.kind == "grid" else item.kind
    told = words.say(f"collect.copy.answer.{kind}", most=item.max_length, turns=item.repeat_max)
    parts = [told if item.unit is None else f"{told} ({item.unit.to(language)})"]
    if item.max_choices is not None:
        parts.append(words.say("collect.copy.most", count=item.max_choices))
    parts += filter(None, [limits_text(item, language)])
    if item.value is not None:
        parts.append(rule_sentence(item.value, questionnaire, language))
    each_row = words.say("collect.copy.each_row") if item.kind == "grid" else ""
    return full_stop(capitalised(each_row + ", ".join(parts)))


def _category(category: Category, words: Texts) -> str:
    more = [words.say(f"collect.copy.{flag}") for flag in ("write_in", "exclusive") if getattr(category, flag)]
    label = category.label.to(words.language)
    return f"{label} ({', '.join(more)})" if more else label


def _check(rule: Rule, questionnaire: Questionnaire, language: Language) -> Block:
    """What a check says, and the rule itself in words where every name in it has words."""
    say = texts(language).say
    level = say("collect.copy.check", level=say(f"schema.level.{rule.level}").lower())
    told = (TextRun(level, bold=True), TextRun(f" {rule.message.to(language)}"))
    if _unnamed(questionnaire) & set(names_in(rule.condition)):
        return Paragraph(told, "note")
    sentence = rule_sentence(rule.condition, questionnaire, language)
    return Paragraph((*told, TextRun(f" {sentence}", italic=True)), "note")


def _unnamed(questionnaire: Questionnaire) -> set[str]:
    """Register figures that stand beside no question, so that nothing says in words what they are."""
    named = {item.reference for item in questionnaire.items}
    return {REFERENCE_PREFIX + name for name in questionnaire.references if name not in named}
