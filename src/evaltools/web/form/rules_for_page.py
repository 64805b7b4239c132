"""The rules that a page of the form carries, so that its script (`static/form.js`) can show and hide at once.

The JSON stands in an attribute of the form, `data-rules="{{ rules }}"`: autoescape makes any text in it harmless, and
the content security policy has nothing to allow. `<script type="module" src=".../form.js">` looks for the following;
without any of it the page works as before. Numbers are written in the language of `<html lang>`.

`<form data-rules>`
    the form of the page, with the rules; `data-autosave` lets it save by itself: it posts to its own address with the
    header `X-Autosave: 1`; `data-open="fu_2 fu_3"` are turns of repeats that are shown though nobody has begun them
`data-shows="a b"` on a fieldset, row or div
    `hidden` when none of these fields is asked; every control inside is disabled then, so it is not posted. The server
    renders `hidden` and `disabled` likewise. A control that is disabled where it is shown stays so
controls named `<field>`, `<field>__missing`, `<field>__as_shown`
    are read; `value="yes"` of the last bears the figure that is shown, as `data-figure="1234.5"`
`<output data-value="name">`
    gets a computed field, or a running sum by its name; nothing where it is unknown
`<button name="action" data-adds="fu">`
    opens the next turn of that repeat in the page; hidden when all are open
`<input type="hidden" name="base_version">`
    gets the version of each save
`<div data-status role="status">`
    shows one of the texts `<template data-says="saving | saved | partly | conflict | signed_out | failed">`; inside
    them `<span data-slot="at">` takes the time of the save, `<span data-slot="labels">` what was not saved

The answer to an autosave is 200 `{"version": 7, "at": "10.31", "problems": [{"label": "..."}]}`, where `problems` are
the values that could not be kept (then `partly`); 409 (`conflict`: pressing Save shows both values); 401
(`signed_out`); anything else is `failed`. All but 409 are tried again by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from evaltools.collect import value_to_json
from evaltools.collect.model import Answers
from evaltools.collect.reading import ANY_DECIMALS
from evaltools.language import Language
from evaltools.schema import Field, Item, Questionnaire, Section, begun_by, fields, names_in, tree_to_json
from evaltools.schema.fields import item_fields
from evaltools.schema.rules import walk
from evaltools.schema.tree import Answer, Call, Constant, Tree

SUM_SUFFIX: Final = "__sum"


@dataclass(frozen=True, slots=True)
class RunningSum:
    """A sum that a rule is about, shown while its parts are typed. `tree` counts a part without an answer as nothing.

    `name` is that of the rule with `__sum`; `at` the field that the rule stands beside; `parts` are on one page.
    """

    name: str
    at: str
    parts: tuple[str, ...]
    tree: Tree


def running_sums(q: Questionnaire, section: Section) -> tuple[RunningSum, ...]:
    """The sums of fields of one section that the questionnaire's rules name, each once, in the order of the rules."""
    own = _names(section)
    sums: dict[frozenset[str], RunningSum] = {}
    for rule in q.rules:
        for parts in _sums_in(rule.condition):
            if own.issuperset(parts):
                shown = RunningSum(rule.name + SUM_SUFFIX, rule.at, parts, _so_far(parts))
                sums.setdefault(frozenset(parts), shown)
    return tuple(sums.values())


def rules_for_page(q: Questionnaire, section: Section, counting: Answers, language: Language) -> str:
    """The rules of one section as JSON, for the attribute `data-rules` of its form.

    :param counting: the answers that count, with computed values, register figures and the previous wave, as
        `ask(q, answers).answers` holds them
    :param language: of the labels of computed codes
    :returns: `fields` in the order of the questionnaire (`name`, `kind`, and where they have them `ask_if`, `value` of
        computed ones, `decimals`, `labels`), `repeats`, `sums`, and `known`: the answers that those trees name. The
        script takes an answer from `known` only where the page has no control for it
    """
    own = _names(section)
    shown = [field for field in fields(q) if field.name in own]
    sums = running_sums(q, section)
    named = {name for tree in _trees(shown, sums) for name in names_in(tree)} - _later_names(q, own)
    page = {
        "fields": [_field(field, language) for field in shown],
        "repeats": [_repeat(item) for item in section.items if item.kind == "repeat"],
        "sums": [{"name": each.name, "value": tree_to_json(each.tree)} for each in sums],
        "known": {name: value_to_json(counting[name]) for name in sorted(named) if name in counting},
    }
    return json.dumps(page, ensure_ascii=False, separators=(",", ":"))


def _names(section: Section) -> frozenset[str]:
    return frozenset(field.name for item in section.items for field in item_fields(item))


def _later_names(q: Questionnaire, own: frozenset[str]) -> frozenset[str]:
    """The fields after the section: when its routing is followed, they have no answers yet."""
    names = [field.name for field in fields(q)]
    last = max(place for place, name in enumerate(names) if name in own) if own else -1
    return frozenset(names[last + 1 :])


def _trees(shown: Iterable[Field], sums: Iterable[RunningSum]) -> Iterator[Tree]:
    for field in shown:
        yield from (tree for tree in (field.ask_if, field.item.value) if tree is not None)
    yield from (each.tree for each in sums)


def _field(field: Field, language: Language) -> Mapping[str, object]:
    item = field.item
    described: dict[str, object] = {"name": field.name, "kind": field.kind}
    if field.ask_if is not None:
        described["ask_if"] = tree_to_json(field.ask_if)
    if item.value is not None:
        described["value"] = tree_to_json(item.value)
    if field.kind in ("decimal", "computed"):
        described["decimals"] = item.decimals or (ANY_DECIMALS if field.kind == "decimal" else 0)
    if field.kind == "computed" and item.codelist is not None:
        described["labels"] = {category.code: category.label.to(language) for category in item.codelist.categories}
    return described


def _repeat(item: Item) -> Mapping[str, object]:
    """How many turns a repeat has, and the beginnings of the names that tell whether one is begun (`schema.ask`)."""
    return {"name": item.name, "turns": item.repeat_max, "begun_by": list(begun_by(item))}


def _sums_in(tree: Tree) -> Iterator[tuple[str, ...]]:
    """The additions of nothing but fields in a rule, each as a whole."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        parts = _parts(node)
        if len(parts) > 1:
            yield parts
        elif isinstance(node, Call):
            waiting.extend(reversed(node.operands))


def _parts(tree: Tree) -> tuple[str, ...]:
    """The fields that a tree adds up; none if it does anything else."""
    added = all(
        isinstance(node, Answer) or (isinstance(node, Call) and node.operator in ("+", "sum")) for node in walk(tree)
    )
    return names_in(tree) if added else ()


def _so_far(parts: tuple[str, ...]) -> Tree:
    counted = (Call("if", (Call("answered", (Answer(name),)), Answer(name), Constant(0))) for name in parts)
    return Call("sum", tuple(counted))
