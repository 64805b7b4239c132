"""One page of the data dictionary: a wave with every item, its codes, universe and checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.codebook.markdown import anchor, facts, page, table
from evaltools.codebook.wording import missing_text, names_text, variable_names
from evaltools.language import Language, Texts, texts
from evaltools.schema import CodeList, Item, Questionnaire, Rule, rule_sentence, variables
from evaltools.schema.describing import (
    limits_text,
    row_universes,
    rules_of,
    type_text,
    universe_text,
)

LONG_LIST: Final = 40
"""A code list with more codes stands on the page of code lists only."""


def survey_page(questionnaire: Questionnaire, language: Language) -> str:
    """The whole page of one wave."""
    words = texts(language)
    lines = facts(_facts(questionnaire, language, words))
    for section in questionnaire.sections:
        module = f" ({section.module})" if section.module else ""
        lines += [f"## {section.title.to(language)}{module}", ""]
        for item in section.items:
            lines += _item_lines(item, questionnaire, language, words)
    title = f"{questionnaire.title.to(language)} ({questionnaire.id})"
    return page(title, words.say("codebook.generated"), lines)


def _facts(questionnaire: Questionnaire, language: Language, words: Texts) -> Iterator[tuple[str, str]]:
    say = words.say
    modules = dict.fromkeys(section.module for section in questionnaire.sections if section.module)
    yield say("codebook.fact.id"), questionnaire.id
    yield say("codebook.fact.unit"), questionnaire.unit
    yield say("codebook.fact.population"), questionnaire.population
    yield say("codebook.fact.universe"), questionnaire.universe.to(language)
    yield say("codebook.fact.reference_year"), str(questionnaire.reference_year)
    yield say("codebook.fact.answer_year"), str(questionnaire.answer_year)
    yield say("codebook.fact.records"), say(f"codebook.fact.{'many' if questionnaire.many_records else 'one'}")
    yield say("codebook.fact.items"), str(len(questionnaire.items))
    yield say("codebook.fact.variables"), str(len(variables(questionnaire)))
    yield say("codebook.fact.modules"), ", ".join(modules)
    yield say("codebook.fact.languages"), ", ".join(questionnaire.languages)


def _item_lines(item: Item, questionnaire: Questionnaire, language: Language, words: Texts) -> list[str]:
    lines = [anchor(item.name), f"### `{item.name}` {item.label.to(language)}", ""]
    lines += facts(
        [(words.say("codebook.item.danish"), item.text.da), (words.say("codebook.item.english"), item.text.en)]
    )
    if item.kind == "note":
        return lines
    lines += facts(_item_facts(item, questionnaire, language, words))
    if item.rows:
        lines += _rows(item, questionnaire, language, words)
    if item.codelist is not None:
        lines += _codes(item.codelist, words)
    lines += _rules(list(rules_of(item, questionnaire)), questionnaire, language, words)
    for inner in item.items:
        lines += _item_lines(inner, questionnaire, language, words)
    return lines


def _item_facts(
    item: Item, questionnaire: Questionnaire, language: Language, words: Texts
) -> Iterator[tuple[str, str]]:
    say = words.say
    yield say("codebook.item.heading"), item.heading.to(language) if item.heading else ""
    yield say("codebook.item.instruction"), item.instruction.to(language) if item.instruction else ""
    yield say("codebook.item.type"), type_text(item, language)
    yield say("codebook.item.variables"), names_text(variable_names(item, questionnaire))
    yield say("codebook.item.universe"), universe_text(item, questionnaire, language)
    yield say("codebook.item.missing"), missing_text(item.missing, language)
    yield say("codebook.item.limits"), limits_text(item, language)
    yield say("codebook.item.decimals"), str(item.decimals) if item.decimals else ""
    yield say("codebook.item.choices"), str(item.max_choices) if item.max_choices else ""
    yield say("codebook.item.unit"), item.unit.to(language) if item.unit else ""
    yield say("codebook.item.value"), rule_sentence(item.value, questionnaire, language) if item.value else ""
    yield say("codebook.item.measure"), say(f"codebook.measure.{item.measure}")
    yield say("codebook.item.concept"), f"[{item.concept}](concepts.md#{item.concept})" if item.concept else ""
    yield say("codebook.item.module"), item.module
    yield say("codebook.item.confidentiality"), say(f"codebook.confidentiality.{item.confidentiality}")
    yield say("codebook.item.reference"), f"`ref_{item.reference}`" if item.reference else ""


def _rows(item: Item, questionnaire: Questionnaire, language: Language, words: Texts) -> list[str]:
    """The rows of a grid; a last column says who is asked where the rows differ."""
    header = [words.say(f"codebook.item.{key}") for key in ("rows", "danish", "english")]
    rows = [[f"`{row.name}`", row.label.da, row.label.en] for row in item.rows]
    asked = row_universes(item, questionnaire, language)
    if not asked:
        return table(header, rows)
    header.append(words.say("codebook.item.universe"))
    return table(header, [[*row, asked[each.name]] for row, each in zip(rows, item.rows, strict=True)])


def _codes(codelist: CodeList, words: Texts) -> list[str]:
    link = f"[{codelist.name}](codelists.md#{codelist.name})"
    if len(codelist.categories) > LONG_LIST:
        count = words.say("codebook.item.long_list", count=len(codelist.categories))
        return [f"{words.say('codebook.item.codes')}: {count} {link}", ""]
    return code_table(codelist, words)


def code_table(codelist: CodeList, words: Texts) -> list[str]:
    """The codes of a list with both labels; a last column where a code is special."""
    header = [words.say(f"codebook.item.{key}") for key in ("code", "danish", "english")]
    rows = [[f"`{each.code}`", each.label.da, each.label.en] for each in codelist.categories]
    flags = [
        ", ".join(words.say(f"codebook.item.{flag}") for flag in ("exclusive", "write_in") if getattr(each, flag))
        for each in codelist.categories
    ]
    if not any(flags):
        return table(header, rows)
    flagged = [[*row, flag] for row, flag in zip(rows, flags, strict=True)]
    return table([*header, words.say("codebook.item.flags")], flagged)


def _rules(rules: list[Rule], questionnaire: Questionnaire, language: Language, words: Texts) -> list[str]:
    if not rules:
        return []
    return [
        f"{words.say('codebook.item.rules')}:",
        "",
        *(
            f"- `{rule.name}` ({words.say(f'schema.level.{rule.level}').lower()}): "
            f"{rule_sentence(rule.condition, questionnaire, language)} *{rule.message.to(language)}*"
            for rule in rules
        ),
        "",
    ]
