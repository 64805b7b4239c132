"""The places to answer (`fields`) and the columns of data (`variables`) that a questionnaire gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from evaltools.language import Text, texts
from evaltools.schema.model import Category, Field, Item, Kind, Questionnaire, Row, Section, Variable
from evaltools.schema.rules import with_leaves
from evaltools.schema.tree import Answer, Call, Constant, Tree

OUT_OF: Final = "schema.rule_whole"


@lru_cache(maxsize=64)
def fields(questionnaire: Questionnaire) -> tuple[Field, ...]:
    """Every place to answer, in the order of the questionnaire; computed values too, notes not."""
    return tuple(
        replace(field, ask_if=both(section.ask_if, field.ask_if))
        for section in questionnaire.sections
        for item in section.items
        for field in item_fields(item)
    )


@lru_cache(maxsize=64)
def variables(questionnaire: Questionnaire) -> tuple[Variable, ...]:
    """Every column of data: one per field, but one 0/1 column per category of a multiple field."""
    return tuple(variable for field in fields(questionnaire) for variable in field_variables(field))


def field_variables(field: Field) -> Iterator[Variable]:
    """The columns of one field."""
    if field.kind != "multiple" or field.item.codelist is None:
        yield Variable(field.name, field, field.label)
        return
    for category in field.item.codelist.categories:
        yield Variable(f"{field.name}_{category.code}", field, joined(field.label, category.label), category)


def item_fields(item: Item) -> Iterator[Field]:
    """The fields of one item, each with the item's own condition."""
    if item.kind == "grid":
        for row in item.rows:
            yield from _cell_fields(item, row)
    elif item.kind == "repeat":
        yield from _repeated_fields(item)
    elif item.kind != "note":
        yield from _parts(item, item.name, item.kind, item.label)


def _cell_fields(item: Item, row: Row) -> Iterator[Field]:
    for field in _parts(item, f"{item.name}_{row.name}", item.cell, joined(item.label, row.label)):
        yield replace(field, row=row, ask_if=both(both(item.ask_if, row.ask_if), _own_condition(field)))


def _own_condition(field: Field) -> Tree | None:
    return field.item.ask_if if field.part == "text" else None


def _parts(item: Item, name: str, kind: Kind, label: Text) -> Iterator[Field]:
    yield Field(name, item, kind, label, ask_if=item.ask_if)
    if kind == "count":
        yield Field(f"{name}_of", item, kind, _out_of(label), ask_if=item.ask_if, part="of")
    for category in item.codelist.categories if item.codelist else ():
        if category.write_in:
            yield _write_in(item, name, kind, category)


def _out_of(label: Text) -> Text:
    return Text(texts("da").say(OUT_OF, label=label.da), texts("en").say(OUT_OF, label=label.en))


def _write_in(item: Item, name: str, kind: Kind, category: Category) -> Field:
    """A text field for "other, please specify": its item is a text item made for it."""
    code, answer = Constant(category.code), Answer(name)
    chosen = Call("selected", (answer, code)) if kind == "multiple" else Call("in", (answer, Call("list", (code,))))
    condition = both(item.ask_if, chosen)
    text_name = f"{name}_{category.code}_text"
    label = joined(item.label, category.label)
    text_item = replace(
        item, name=text_name, kind="text", text=category.label, label=label, ask_if=condition, codelist=None, rows=(),
        missing=(), required=False, measure="nominal", reference="", max_choices=None, max_length=200,
    )  # fmt: skip
    return Field(text_name, text_item, "text", label, ask_if=condition, part="text")


def _repeated_fields(item: Item) -> Iterator[Field]:
    inner = {field.name for each in item.items for field in item_fields(each)}
    for n in range(1, item.repeat_max + 1):
        prefix = f"{item.name}_{n}_"
        for each in item.items:
            for field in item_fields(each):
                condition = both(item.ask_if, prefixed(field.ask_if, prefix, inner))
                label = joined(Text(f"{item.label.da} {n}", f"{item.label.en} {n}"), field.label)
                own = replace(field.item, value=prefixed(field.item.value, prefix, inner))
                yield replace(field, name=prefix + field.name, item=own, label=label, ask_if=condition)


def prefixed(tree: Tree | None, prefix: str, names: set[str]) -> Tree | None:
    """The tree with the names of one turn of a repeat."""
    if tree is None:
        return None

    def change(node: Tree) -> Tree | None:
        return Answer(prefix + node.name) if isinstance(node, Answer) and node.name in names else None

    return with_leaves(tree, change)


def both(left: Tree | None, right: Tree | None) -> Tree | None:
    """A condition that holds when both hold; None holds always."""
    if left is None or right is None or left == right:
        return right if left is None else left
    parts = [part for tree in (left, right) for part in conjuncts(tree)]
    return Call("and", tuple(dict.fromkeys(parts)))


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """The parts of a condition that must all hold."""
    if isinstance(tree, Call) and tree.operator == "and":
        return tuple(part for operand in tree.operands for part in conjuncts(operand))
    return (tree,)


def joined(first: Text, second: Text) -> Text:
    """Two labels as one."""
    return Text(f"{first.da}: {second.da}", f"{first.en}: {second.en}")


def section_of(questionnaire: Questionnaire, item: Item) -> Section:
    """The section an item stands in; `KeyError` if none."""
    for section in questionnaire.sections:
        if section.name == item.section:
            return section
    raise KeyError(item.section)
