"""The questionnaire as tables for an annex: question, answers, and when it is asked."""

from __future__ import annotations

from evaltools.language import Language, Texts, texts
from evaltools.present.model import TableCell, TableExhibit
from evaltools.schema import rule_sentence
from evaltools.schema.model import Item, Questionnaire, Section


def question_table(questionnaire: Questionnaire, section: Section, *, language: Language = "da") -> TableExhibit:
    """One section with its questions in order.

    Returns a table with the columns name, question, answers and condition; it holds no numbers of any result.
    """
    say = texts(language)
    return TableExhibit(
        title=say.say("reporting.questions", section=section.title.to(language)),
        header=tuple(say.say(f"reporting.{name}") for name in ("number", "question", "answers", "when")),
        rows=tuple(
            tuple(
                TableCell(text)
                for text in (
                    item.name,
                    _question(item, say),
                    _answers(item, say),
                    _condition(item, questionnaire, say),
                )
            )
            for item in section.items
        ),
        note=say.say("reporting.note"),
        widths=(1.1, 3.2, 3.0, 1.7),
    )


def _question(item: Item, say: Texts) -> str:
    text = item.text.to(say.language)
    if not item.rows:
        return text
    rows = "; ".join(row.label.to(say.language) for row in item.rows)
    return f"{text} ({say.say('reporting.fields', rows=rows)})"


def _answers(item: Item, say: Texts) -> str:
    if item.codelist is not None:
        return "; ".join(category.label.to(say.language) for category in item.codelist.categories)
    kind = item.cell if item.kind == "grid" else item.kind
    if item.unit is not None:
        return say.say("reporting.number_of", unit=item.unit.to(say.language))
    return say.say(f"reporting.kind.{kind}")


def _condition(item: Item, questionnaire: Questionnaire, say: Texts) -> str:
    if item.ask_if is None:
        return say.say("reporting.always")
    return rule_sentence(item.ask_if, questionnaire, say.language)
