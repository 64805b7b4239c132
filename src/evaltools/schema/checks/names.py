"""Names: given twice, kept for the rule language, too long, or alike once case, suffixes and `_` are gone."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator
from typing import Final

from evaltools.errors import Fault
from evaltools.schema.drafting import Draft
from evaltools.schema.fields import field_variables, item_fields
from evaltools.schema.model import REASON_SUFFIX
from evaltools.schema.resolve import Resolved
from evaltools.schema.rules.operators import FUNCTIONS
from evaltools.schema.scope import LAST_PREFIX, REFERENCE_PREFIX

LONGEST: Final = 32
"""Signs in a name that Stata and SPSS take."""
INDEX_NAMES: Final = ("wave", "unit", "record", "ref_year", "answer_year", "row")
PAGES: Final = frozenset({"afslut", "kolleger", "opfoelgning", "post", "regneark", "tjek"})
"""Pages that stand where the page of a section would stand."""
POSTED: Final = frozenset({"action", "add", "base_version", "clear", "csrf", "lang", "shown", "tied"})
"""What a page posts beside the answers."""
RENAME: Final = "Rename one of them."


def name_faults(resolved: Resolved) -> Iterator[Fault]:
    """All that is wrong with the names of items, rules, fields and variables."""
    yield from _given_twice(resolved)
    yield from _reserved(resolved)
    yield from _of_the_form(resolved)
    yield from _too_long(resolved)
    yield from _alike(resolved, lambda name: name.lower(), _all_names, "apart from capital letters")
    yield from _alike(resolved, lambda name: name.lower().replace("_", ""), _field_names, 'apart from "_"')


def _all_drafts(resolved: Resolved) -> Iterator[Draft]:
    for draft in resolved.drafts:
        yield draft
        yield from draft.inner


def _given_twice(resolved: Resolved) -> Iterator[Fault]:
    for sort, places in (("item", _item_places(resolved)), ("rule", _rule_places(resolved))):
        first: dict[str, str] = {}
        for name, where in places:
            if name in first:
                problem = f'the {sort} name "{name}" is given twice (first {first[name]})'
                yield Fault("DUPLICATE_NAME", where, problem, RENAME)
            first.setdefault(name, where)


def _item_places(resolved: Resolved) -> list[tuple[str, str]]:
    outer = [(draft.item.name, draft.place.at("name")) for draft in resolved.drafts]
    inner = [
        (f"{draft.item.name}.{each.item.name}", each.place.at("name"))
        for draft in resolved.drafts
        for each in draft.inner
    ]
    return outer + inner


def _rule_places(resolved: Resolved) -> list[tuple[str, str]]:
    return [(rule.source.name, rule.place.at("name")) for rule in resolved.expanded.rules]


def _reserved(resolved: Resolved) -> Iterator[Fault]:
    taken = {*FUNCTIONS, *INDEX_NAMES, *resolved.scope.concepts, *resolved.scope.parameters, *keyword.kwlist}
    for draft in _all_drafts(resolved):
        name = draft.item.name
        if name in taken or name.startswith((REFERENCE_PREFIX, LAST_PREFIX)):
            problem = f'"{name}" already means something in rules'
            remedy = (
                f"Choose another name that is no function, concept or year, and not {REFERENCE_PREFIX}... or last_..."
            )
            yield Fault("NAME_RESERVED", draft.place.at("name"), problem, remedy)


def _of_the_form(resolved: Resolved) -> Iterator[Fault]:
    for section in resolved.sections:
        if section.section.name in PAGES:
            problem = f'"{section.section.name}" is the address of another page of the form'
            yield Fault("NAME_RESERVED", section.place.at("section"), problem, f"Not {', '.join(sorted(PAGES))}.")
    for draft in resolved.drafts:
        if draft.item.name in POSTED:
            problem = f'"{draft.item.name}" is posted by every page of the form'
            yield Fault("NAME_RESERVED", draft.place.at("name"), problem, f"Not {', '.join(sorted(POSTED))}.")


def _too_long(resolved: Resolved) -> Iterator[Fault]:
    for where, names in _all_names(resolved):
        long = [name for name in names if len(name) > LONGEST]
        if long:
            problem = f'"{long[0]}" has {len(long[0])} signs; data files take {LONGEST}'
            yield Fault("NAME_TOO_LONG", where, problem, "Shorten the name, or the codes of its list.")


Named = Iterator[tuple[str, list[str]]]


def _once(resolved: Resolved) -> Iterator[Draft]:
    """The items without those whose name is given twice."""
    seen: set[str] = set()
    for draft in resolved.drafts:
        if draft.item.name not in seen:
            seen.add(draft.item.name)
            yield draft


def _field_names(resolved: Resolved) -> Named:
    for draft in _once(resolved):
        names = [field.name for field in item_fields(draft.item)]
        yield draft.place.at("name"), list(dict.fromkeys([draft.item.name, *names]))
    for rule in resolved.expanded.rules:
        if rule.source.level == "explain":
            yield rule.place.at("name"), [rule.source.name + REASON_SUFFIX]


def _all_names(resolved: Resolved) -> Named:
    for draft in _once(resolved):
        parts = item_fields(draft.item)
        names = [variable.name for field in parts for variable in field_variables(field)]
        yield draft.place.at("name"), list(dict.fromkeys([draft.item.name, *names]))
    for rule in resolved.expanded.rules:
        if rule.source.level == "explain":
            yield rule.place.at("name"), [rule.source.name + REASON_SUFFIX]


def _alike(
    resolved: Resolved, fold: Callable[[str], str], named: Callable[[Resolved], Named], how: str
) -> Iterator[Fault]:
    first: dict[str, tuple[str, str]] = {}
    reported = set()
    for where, names in named(resolved):
        for name in names:
            before, place = first.setdefault(fold(name), (name, where))
            if (name, where) == (before, place) or where in reported:
                continue
            reported.add(where)
            alike = "the same name" if name == before else f"alike {how}"
            problem = f'"{name}" and "{before}" ({place}) are {alike}'
            yield Fault("NAME_COLLISION", where, problem, RENAME)
