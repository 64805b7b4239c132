"""Rules in words: the labels of a questionnaire put into the phrases of `schema.rules.saying`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache

from evaltools.language import Language, Text
from evaltools.schema.fields import fields, joined
from evaltools.schema.model import Field, Questionnaire
from evaltools.schema.rules import is_condition
from evaltools.schema.rules.saying import NO_TEXT, Named, Speaker, phrase
from evaltools.schema.scope import LAST_PREFIX, REFERENCE_PREFIX
from evaltools.schema.tree import Tree


def rule_sentence(tree: Tree, questionnaire: Questionnaire, language: Language) -> str:
    """The rule as a reader understands it: a sentence for a condition, the formula in words for a value.

    Names are the labels of items and rows, codes the labels of categories. A name that the questionnaire does not have
    stands as it is.
    """
    said = phrase(tree, Speaker(language, _named(questionnaire))).replace(",,", ",").rstrip(",")
    first = len(said) - len(said.lstrip("("))
    return f"{said[:first]}{said[first : first + 1].upper()}{said[first + 1 :]}." if is_condition(tree) else said


@lru_cache(maxsize=16)
def _named(questionnaire: Questionnaire) -> dict[str, Named]:
    """What every name in a rule is called, grids, register figures and the previous wave too."""
    named: dict[str, Named] = {}
    for field in fields(questionnaire):
        named[field.name] = _field(field)
        if field.row is not None and field.part != "text":
            named[_grid(field)] = replace(named[field.name], label=field.item.label, row=NO_TEXT, grid="")
    rows = Counter(each.grid for each in named.values())
    named |= {grid: replace(named[grid], rows=count) for grid, count in rows.items() if grid}
    last = {LAST_PREFIX + name: replace(each, grid="", around="last") for name, each in named.items()}
    return {**_registers(questionnaire), **last, **named}


def _field(field: Field) -> Named:
    is_row = field.row is not None and field.part != "text"
    return Named(
        label=_label(field),
        codelist=field.item.codelist,
        is_plain=field.kind == "year",
        row=field.row.label if field.row is not None and is_row else NO_TEXT,
        grid=_grid(field) if is_row else "",
    )


def _label(field: Field) -> Text:
    """The label without the words for "out of", which the sentence adds itself."""
    if field.part != "of":
        return field.label
    return joined(field.item.label, field.row.label) if field.row is not None else field.item.label


def _grid(field: Field) -> str:
    return f"{field.item.name}_of" if field.part == "of" else field.item.name


def _registers(questionnaire: Questionnaire) -> dict[str, Named]:
    """Register figures go by the label of the item they stand beside, or by their own name."""
    labels = {name: Text(name, name) for name in questionnaire.references}
    labels |= {item.reference: item.label for item in questionnaire.items if item.reference}
    return {REFERENCE_PREFIX + name: Named(label, around="reference") for name, label in labels.items()}
