"""What is said about an item in words, the same on dictionary pages and in the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.language import Language, texts
from evaltools.language.numbers import number
from evaltools.schema import Field, Item, Questionnaire, Rule, fields, rule_sentence, variables
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.tree import Tree

MANY_NAMES: Final = 24
"""So many variable names are listed; of more, only the first and the last."""


def type_text(item: Item, language: Language) -> str:
    """The kind of item, and of its cells for a grid."""
    say = texts(language).say
    kind = say(f"codebook.kind.{item.kind}")
    if item.kind != "grid":
        return kind
    return say("codebook.cell", kind=kind, cell=say(f"codebook.kind.{item.cell}").lower())


def universe_text(item: Item, questionnaire: Questionnaire, language: Language) -> str:
    """Who is asked, in words: as written in the questionnaire, or the routing condition as a sentence."""
    if item.universe is not None:
        return item.universe.to(language)
    conditions = {field.ask_if for field in fields_of(item, questionnaire) if field.part != "text"}
    if len(conditions) > 1:
        return texts(language).say("codebook.item.by_row")
    return condition_text(next(iter(conditions), item.ask_if), questionnaire, language)


def row_universes(item: Item, questionnaire: Questionnaire, language: Language) -> dict[str, str]:
    """Who is asked each row of a grid, by row name; empty where all rows are asked of the same."""
    conditions = {
        field.row.name: field.ask_if for field in fields_of(item, questionnaire) if field.row and field.part != "text"
    }
    if len(set(conditions.values())) < 2:
        return {}
    return {name: condition_text(condition, questionnaire, language) for name, condition in conditions.items()}


def condition_text(condition: Tree | None, questionnaire: Questionnaire, language: Language) -> str:
    """A routing condition as a sentence; the universe of the whole survey where there is none."""
    if condition is None:
        return questionnaire.universe.to(language)
    return rule_sentence(condition, questionnaire, language)


def fields_of(item: Item, questionnaire: Questionnaire) -> tuple[Field, ...]:
    """The fields of an item, with those of its write-ins and, for a repeat, of its inner items."""
    inner = {each.name for each in item.items}
    write_ins = {f"{name}_{code}_text" for name in _answer_names(item) for code in _write_in_codes(item)}
    names = {item.name, *inner, *write_ins}
    found = [field for field in fields(questionnaire) if field.item.name in names]
    if item.kind == "repeat":
        return tuple(field for field in found if field.name.startswith(f"{item.name}_"))
    return tuple(found)


def variable_names(item: Item, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The columns of data that an item gives."""
    own = {field.name for field in fields_of(item, questionnaire)}
    return tuple(variable.name for variable in variables(questionnaire) if variable.field.name in own)


def names_text(names: tuple[str, ...]) -> str:
    """Variable names as code, shortened where there are very many."""
    shown = names if len(names) <= MANY_NAMES else (*names[:3], "…", names[-1])
    return ", ".join(name if name == "…" else f"`{name}`" for name in shown)


def limits_text(item: Item, language: Language) -> str:
    """The smallest and largest number that is taken."""
    say = texts(language).say
    low, high = (None if bound is None else _plain(bound, item, language) for bound in (item.minimum, item.maximum))
    if low is not None and high is not None:
        return say("codebook.item.from_to", low=low, high=high)
    if low is not None:
        return say("codebook.item.from", low=low)
    return "" if high is None else say("codebook.item.to", high=high)


def missing_text(kinds: tuple[Missing, ...], language: Language) -> str:
    """What may be answered instead of a value, with codes."""
    return "; ".join(f"{missing_label(kind, language)} ({int(kind)})" for kind in kinds)


def rules_of(item: Item, questionnaire: Questionnaire) -> Iterator[Rule]:
    """The checks whose message stands beside the item."""
    own = {field.name for field in fields_of(item, questionnaire)} | {item.name}
    return (rule for rule in questionnaire.rules if rule.at in own)


def _plain(bound: float, item: Item, language: Language) -> str:
    return str(int(bound)) if item.kind == "year" or item.cell == "year" else number(bound, item.decimals, language)


def _answer_names(item: Item) -> Iterator[str]:
    yield from (f"{item.name}_{row.name}" for row in item.rows) if item.rows else (item.name,)


def _write_in_codes(item: Item) -> Iterator[str]:
    return (category.code for category in (item.codelist.categories if item.codelist else ()) if category.write_in)
