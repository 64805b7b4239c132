"""Which names the rules of a questionnaire may use, made from its items before any rule is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from evaltools.schema.drafting import Draft
from evaltools.schema.fields import item_fields
from evaltools.schema.model import CodeList, Concept, Field
from evaltools.schema.scope import LAST_PREFIX, REFERENCE_PREFIX, Scope, ScopeField

Years = Mapping[str, float]


def scope_of(
    drafts: Iterable[Draft], concepts: Mapping[str, Concept], references: Iterable[str], years: Years
) -> Scope:
    """The scope of a questionnaire with these items, concepts, register figures and years."""
    listed = tuple(drafts)
    own = {each.name: each for draft in listed for each in scope_fields(draft)}
    last = {LAST_PREFIX + name: replace(each, name=LAST_PREFIX + name) for name, each in own.items()}
    registers = {name: each for wanted in references for name, each in [_register(wanted, listed, own)]}
    grids = {name: rows for draft in listed for name, rows in _grids(draft)}
    sets = {name: concept for name, concept in concepts.items() if concept.codes}
    return Scope({**own, **last, **registers}, grids, sets, dict(years))


def inner_scope(scope: Scope, repeat: Draft) -> Scope:
    """The scope inside a repeat, where its own items stand under their plain names."""
    own = {each.name: each for draft in repeat.inner for each in scope_fields(draft)}
    return replace(scope, fields={**scope.fields, **own})


def scope_fields(draft: Draft) -> Iterator[ScopeField]:
    """What each field of an item holds; codes that are not offered in this wave are known all the same."""
    known = {inner.item.name: inner.known for inner in draft.inner}
    for field in item_fields(draft.item):
        codelist = known.get(field.item.name, draft.known)
        yield _scope_field(field, codelist)


def _scope_field(field: Field, codelist: CodeList | None) -> ScopeField:
    item = field.item
    coded = field.kind in ("single", "multiple")
    return ScopeField(field.name, field.kind, codelist if coded else None, item.minimum, item.maximum, item.missing)


def _register(name: str, drafts: Iterable[Draft], own: Mapping[str, ScopeField]) -> tuple[str, ScopeField]:
    """A register figure holds what the first item holds beside which it stands; otherwise a number."""
    full = REFERENCE_PREFIX + name
    for draft in drafts:
        if draft.item.reference == name and draft.item.name in own:
            return full, replace(own[draft.item.name], name=full)
    return full, ScopeField(full, "decimal")


def _grids(draft: Draft) -> Iterator[tuple[str, tuple[str, ...]]]:
    item = draft.item
    if item.kind == "grid":
        yield item.name, tuple(field.name for field in item_fields(item) if field.part == "")
        if item.cell == "count":
            yield f"{item.name}_of", tuple(field.name for field in item_fields(item) if field.part == "of")
    for inner in item.items:
        for part in item_fields(inner):
            yield (
                f"{item.name}_{part.name}",
                tuple(f"{item.name}_{n}_{part.name}" for n in range(1, item.repeat_max + 1)),
            )
