"""Who an item is asked of, in words: said by the author, or else made from its condition."""

from __future__ import annotations

from dataclasses import replace

from evaltools.language import Text
from evaltools.language.text import LANGUAGES
from evaltools.schema.fields import both
from evaltools.schema.model import Item, Questionnaire, Section
from evaltools.schema.rule_sentences import rule_sentence


def with_universes(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire in which every item with a condition says its universe; source and hash stay as they are."""

    def said(section: Section, item: Item) -> Item:
        condition = both(section.ask_if, item.ask_if)
        if item.universe is not None or condition is None:
            return item
        danish, english = (rule_sentence(condition, questionnaire, language) for language in LANGUAGES)
        return replace(item, universe=Text(danish, english))

    sections = tuple(
        replace(section, items=tuple(said(section, item) for item in section.items))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)
