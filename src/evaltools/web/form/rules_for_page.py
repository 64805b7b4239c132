"""The rules that a page of the form carries, so that its script (`static/form.js`) can show and hide at once.

The JSON stands in an attribute of the form, `data-rules="{{ rules }}"`: autoescape makes any text in it harmless, and
the content security policy has nothing to allow. `<script type="module" src=".../form.js">` looks for the following;
without any of it the page works as before.

`<form data-rules>`
    the form of the page, with the rules. The script posts it to the address of the page, with the header
    `X-Autosave: 1`, when something has changed; `data-open="fu_2 fu_3"` are turns of repeats that are shown though
    nobody has begun them
`data-shows="a b"` on a fieldset, row or div
    `hidden` when none of these fields is asked; every control inside is disabled then, so it is not posted. The server
    renders `hidden` and `disabled` likewise. A control that is disabled where it is shown stays so
controls named `<field>`, `<field>__missing`, `<field>__as_shown`
    are read; the one of the last that confirms a known figure bears it, as `data-figure="1234.5"`. A radio button
    `missing:dont_know` of a field stands for that kind of missing
`<output data-value="name">`
    gets a computed number, or a running sum by its name; where it is unknown the text of `data-none`
`<input type="hidden" name="base_version">`
    gets the version of each save, with the older ones of fields that others have changed meanwhile
`<div data-status role="status">`
    shows one of the texts `<template data-says="saved | partly | conflict | signed_out | failed">`; inside them
    `<span data-slot="at">` takes the time of the save, `<span data-slot="labels">` what was not saved, and
    `<span data-slot="others">` a sentence about what others have changed

The answer to an autosave is 200 `{"version": "7 placed:3", "at": "10.31", "problems": [{"label": "..."}], "others":
""}`, where `problems` are the values that could not be kept (then `partly`); 409 (`conflict`: pressing Save shows both
values); 401 (`signed_out`); anything else is `failed`. All but 409 are tried again by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evaltools.collect import value_to_json
from evaltools.collect.model import Answers
from evaltools.collect.numbers import written_numbers
from evaltools.collect.reading import ANY_DECIMALS
from evaltools.language import Language
from evaltools.schema import Field, Item, Missing, Questionnaire, Section, begun_by, fields, names_in, tree_to_json
from evaltools.schema.fields import item_fields
from evaltools.schema.model import Kind
from evaltools.schema.rules import walk
from evaltools.schema.tree import Answer, Call, Constant, Tree

SUM_SUFFIX: Final = "__sum"
_NUMBERS: Final = ("integer", "count", "decimal", "year")
_MONTH: Final = "(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_BACKWARDS: Final = "backwards"
_MOMENTS: Final[Mapping[Kind, tuple[tuple[str, str, str], ...]]] = MappingProxyType(
    {
        "year": ((r"(?:19|20)\d\d", "", ""),),
        "month": ((r"[12]\d{3}-(?:0[1-9]|1[0-2])", "", ""), (rf"{_MONTH}[-/. ]+[12]\d{{3}}", _BACKWARDS, "")),
        "date": (
            (r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", "", ""),
            (rf"{_DAY}[-/. ]+{_MONTH}[-/. ]+[12]\d{{3}}", _BACKWARDS, ""),
        ),
    }
)
"""How moments are mostly written; other ways are read by the server only."""
_READ_BY_PATTERN: Final = (*_NUMBERS, *_MOMENTS)


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
    :param language: in which numbers are written
    :returns: `fields` in the order of the questionnaire (`name`, `kind`, and where they have them `ask_if`, `value` of
        computed ones, `decimals` that may be written); `repeats`: the turns of each from the last to the first, with
        the fields that begin them; `outputs`: name and tree of what is counted along; `written`: how values
        of each kind are written (pattern, thousands mark or `backwards`, decimal mark); `known`: the answers that those
        trees name. The script takes an answer from `known` only where the page has no control for it
    """
    own = _names(section)
    on_page = [field for field in fields(q) if field.name in own]
    outputs = [*_computed(on_page), *((each.name, each.tree) for each in running_sums(q, section))]
    trees = [*(field.ask_if for field in on_page), *(tree for _, tree in outputs)]
    named = {name for tree in trees if tree is not None for name in names_in(tree)} - _later_names(q, own)
    page = {
        "language": language,
        "fields": [_field(field) for field in on_page],
        "repeats": [_turns(item, on_page) for item in section.items if item.kind == "repeat"],
        "outputs": [[name, tree_to_json(tree)] for name, tree in outputs],
        "written": {field.kind: _written(field.kind, language) for field in on_page if field.kind in _READ_BY_PATTERN},
        "known": {name: value_to_json(counting[name]) for name in sorted(named) if _is_known(name, counting, own)},
    }
    return json.dumps(page, ensure_ascii=False, separators=(",", ":"))


def _is_known(name: str, counting: Answers, own: frozenset[str]) -> bool:
    """Whether an answer is worth telling: of the page's own fields, only one that is given."""
    return name in counting and not (name in own and counting[name] in (Missing.NOT_ASKED, Missing.NOT_ANSWERED))


def _names(section: Section) -> frozenset[str]:
    return frozenset(field.name for item in section.items for field in item_fields(item))


def _later_names(q: Questionnaire, own: frozenset[str]) -> frozenset[str]:
    """The fields after the section: when its routing is followed, they have no answers yet."""
    names = [field.name for field in fields(q)]
    last = max(place for place, name in enumerate(names) if name in own) if own else -1
    return frozenset(names[last + 1 :])


def _field(field: Field) -> Mapping[str, object]:
    described: dict[str, object] = {"name": field.name, "kind": field.kind}
    if field.ask_if is not None:
        described["ask_if"] = tree_to_json(field.ask_if)
    if field.item.value is not None:
        described["value"] = tree_to_json(field.item.value)
    if field.kind in _NUMBERS:
        described["decimals"] = field.item.decimals or (ANY_DECIMALS if field.kind == "decimal" else 0)
    return described


def _turns(repeat: Item, on_page: Iterable[Field]) -> list[list[object]]:
    """The turns of a repeat, the last first, with the fields of which one that is answered begins the turn."""
    turns: list[list[object]] = []
    for turn in range(repeat.repeat_max, 0, -1):
        prefixes = tuple(f"{repeat.name}_{turn}_{name}" for name in begun_by(repeat))
        turns.append([f"{repeat.name}_{turn}", [field.name for field in on_page if field.name.startswith(prefixes)]])
    return turns


def _computed(on_page: Iterable[Field]) -> Iterator[tuple[str, Tree]]:
    """The computed numbers, rounded as they are shown; a computed code is shown anew by the server only."""
    for field in on_page:
        value, decimals = field.item.value, field.item.decimals
        if value is not None and field.item.codelist is None:
            yield field.name, Call("round", (value, Constant(decimals))) if decimals else value


def _written(kind: Kind, language: Language) -> Sequence[tuple[str, str, str]]:
    if kind in _MOMENTS:
        return _MOMENTS[kind]
    return [(pattern.pattern, group, comma) for pattern, group, comma in written_numbers(language)]


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
