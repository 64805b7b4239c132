"""The questionnaire as tables for an annex: question, when it is asked, and answers."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from evaltools.language import Language, Texts, full_stop, texts
from evaltools.present.model import TableCell, TableExhibit
from evaltools.schema import numbering, row_letter, rule_sentence
from evaltools.schema.model import Item, Questionnaire, Section
from evaltools.schema.tree import Answer, Call, Tree


def question_table(questionnaire: Questionnaire, section: Section, *, language: Language = "da") -> TableExhibit:
    """One section with its questions in order.

    Returns a table with the columns number and name, question (with the condition under which it is asked) and answers;
    it holds no numbers of any result. A code list that a section uses again is named by the item that has it first.
    """
    say = texts(language)
    numbers = numbering(questionnaire)
    rows = []
    listed: dict[str, str] = {}
    for item in section.items:
        answers = _answers(item, say)
        first = listed.setdefault(answers, item.name) if item.codelist is not None else item.name
        told = answers if first == item.name else say.say("reporting.same", item=numbers.items[first])
        question = " ".join(filter(None, (_question(item, say), _condition(item, questionnaire, say))))
        named = f"{numbers.items[item.name]} {item.name}".strip()
        rows.append((TableCell(named), TableCell(question), TableCell(told)))
    return TableExhibit(
        title=say.say("reporting.questions", section=f"{numbers.sections[section.name]}. {section.title.to(language)}"),
        header=tuple(say.say(f"reporting.{name}") for name in ("number", "question", "answers")),
        rows=tuple(rows),
        note="",
        widths=(1.0, 4.0, 3.8),
    )


def _question(item: Item, say: Texts) -> str:
    text = item.text.to(say.language)
    if not item.rows:
        return text
    rows = "; ".join(f"{row_letter(at)}) {row.label.to(say.language)}" for at, row in enumerate(item.rows))
    return full_stop(f"{text} ({say.say('reporting.fields', rows=rows)})")


def _answers(item: Item, say: Texts) -> str:
    if item.codelist is not None:
        return "; ".join(category.label.to(say.language) for category in item.codelist.categories)
    kind = item.cell if item.kind == "grid" else item.kind
    if item.unit is not None:
        return say.say("reporting.number_of", unit=item.unit.to(say.language))
    return say.say(f"reporting.kind.{kind}")


def _condition(item: Item, questionnaire: Questionnaire, say: Texts) -> str:
    """Who is asked, in the author's words, else what the rules say; nothing where everybody is."""
    if item.universe is not None:
        return say.say("reporting.universe", universe=item.universe.to(say.language).rstrip("."))
    said = []
    if item.ask_if is not None:
        said.append(("when", rule_sentence(item.ask_if, questionnaire, say.language)))
    grids = {each.name for each in questionnaire.items if each.rows}
    trees = {_of_any_row(row.ask_if, row.name, grids) for row in item.rows if row.ask_if is not None}
    if trees and all(row.ask_if is not None for row in item.rows):
        said += [("when_row", rule_sentence(tree, questionnaire, say.language)) for tree in _one(trees)]
    return " ".join(say.say(f"reporting.{key}", condition=sentence.rstrip(".")) for key, sentence in said)


def _one(trees: Iterable[Tree]) -> list[Tree]:
    """The condition that all rows have; none where they differ."""
    known = list(trees)
    return known if len(known) == 1 else []


def _of_any_row(tree: Tree, row: str, grids: Container[str]) -> Tree:
    """The condition of one row as a condition of whichever row: its fields stand for their grids."""
    if isinstance(tree, Answer):
        grid = tree.name.removesuffix(f"_{row}")
        return Answer(grid) if grid in grids else tree
    if isinstance(tree, Call):
        return replace(tree, operands=tuple(_of_any_row(part, row, grids) for part in tree.operands))
    return tree
