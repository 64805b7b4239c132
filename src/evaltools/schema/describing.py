"""What is said about an item in words: the same in the codebook, on dictionary pages and in a whole questionnaire."""

from __future__ import annotations

from collections.abc import Iterator

from evaltools.language import Language, number, texts
from evaltools.schema.fields import fields
from evaltools.schema.model import Field, Item, Questionnaire, Rule
from evaltools.schema.rule_sentences import rule_sentence
from evaltools.schema.tree import Tree


def type_text(item: Item, language: Language) -> str:
    """The kind of item, and of its cells for a grid."""
    say = texts(language).say
    kind = say(f"schema.kind.{item.kind}")
    if item.kind != "grid":
        return kind
    return say("schema.cell", kind=kind, cell=say(f"schema.kind.{item.cell}").lower())


def universe_text(item: Item, questionnaire: Questionnaire, language: Language) -> str:
    """Who is asked, in words: as written in the questionnaire, or the routing condition as a sentence."""
    if item.universe is not None:
        return item.universe.to(language)
    conditions = {field.ask_if for field in fields_of(item, questionnaire) if field.part != "text"}
    if len(conditions) > 1:
        return texts(language).say("schema.by_row")
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


def limits_text(item: Item, language: Language) -> str:
    """The smallest and largest number that is taken."""
    say = texts(language).say
    low, high = (None if bound is None else _plain(bound, item, language) for bound in (item.minimum, item.maximum))
    if low is not None and high is not None:
        return say("schema.limits.from_to", low=low, high=high)
    if low is not None:
        return say("schema.limits.from", low=low)
    return "" if high is None else say("schema.limits.to", high=high)


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
