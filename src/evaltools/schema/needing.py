"""Which modules a module builds upon, seen from the names in its conditions, rules and examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evaltools.errors import Fault, SchemaError, near
from evaltools.schema.expand import MODULES, shown
from evaltools.schema.reading import read_document
from evaltools.schema.scope import REFERENCE_PREFIX
from evaltools.schema.shape import shape
from evaltools.schema.source import AnsweredBase, GridItem, ItemBase, ModuleSource, RuleSource

WORD = re.compile(r"[a-z][a-z0-9_]*")


def read_modules(root: Path) -> dict[str, ModuleSource]:
    """All modules in their current version, by name."""
    paths = sorted(path for path in (root / MODULES).glob("*.yaml") if "." not in path.stem)
    return {path.stem: shape(ModuleSource, read_document(path, shown(path, root))) for path in paths}


def in_order(names: Sequence[str], modules: Mapping[str, ModuleSource]) -> tuple[ModuleSource, ...]:
    """The modules of those names and all they build upon, each after what it needs.

    Modules that share a section stand in it together, so whatever one of them needs comes before all of them.

    :raises SchemaError: UNKNOWN_MODULE
    """
    for name in names:
        if name not in modules:
            raise SchemaError(Fault("UNKNOWN_MODULE", MODULES, f'there is no module "{name}"', near(name, modules)))
    needs = _all_needs(names, modules)
    placed: dict[str, ModuleSource] = {}

    def place(name: str, waiting: frozenset[str]) -> None:
        if name in placed or name in waiting:
            return
        mates = [mate for mate in needs if _sections(modules[mate]) & _sections(modules[name])]
        before = [needed for mate in mates for needed in needs[mate] if needed not in mates]
        for needed in (*before, *needs[name]):
            place(needed, waiting | {name})
        placed[name] = modules[name]

    for name in needs:
        place(name, frozenset())
    return tuple(placed.values())


def _all_needs(names: Sequence[str], modules: Mapping[str, ModuleSource]) -> dict[str, list[str]]:
    needs: dict[str, list[str]] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in needs:
            needs[name] = _needed(modules[name], modules)
            waiting.extend(needs[name])
    return needs


def _sections(module: ModuleSource) -> set[str]:
    return {section.section for section in module.sections}


def references_in(modules: Sequence[ModuleSource]) -> tuple[str, ...]:
    """The register figures that stand beside items or in rules."""
    beside = {item.reference for module in modules for item in items_of(module) if isinstance(item, AnsweredBase)}
    in_rules = {word for module in modules for word in _words(module) if word.startswith(REFERENCE_PREFIX)}
    return tuple(sorted({name for name in beside if name} | {name[len(REFERENCE_PREFIX) :] for name in in_rules}))


def rows_in(modules: Sequence[ModuleSource]) -> tuple[str, ...]:
    """The row codes that rules and examples write out, such as `m1` in `b1_stage_m1`."""
    items = [item for module in modules for item in items_of(module)]
    grids = {item.name for item in items if isinstance(item, GridItem) and item.rows.startswith("{")}
    words = {word for module in modules for word in _words(module)}
    codes = {word[len(grid) + 1 :] for word in words for grid in grids if word.startswith(f"{grid}_")}
    return tuple(sorted(code for code in codes if code))


def items_of(module: ModuleSource) -> Iterator[ItemBase]:
    """The items of a module."""
    for section in module.sections:
        yield from section.items


def _needed(module: ModuleSource, modules: Mapping[str, ModuleSource]) -> list[str]:
    own = {item.name for item in items_of(module)}
    strange = [word for word in _words(module) if not _of_items(word, own)]
    others = [name for name in modules if modules[name] is not module]
    return [
        name for name in others if any(_of_items(word, {i.name for i in items_of(modules[name])}) for word in strange)
    ]


def _of_items(word: str, items: set[str]) -> bool:
    return any(word == item or word.startswith(f"{item}_") for item in items)


def _words(module: ModuleSource) -> set[str]:
    """The names in conditions, values, rules and examples."""
    texts: list[str] = []
    rules: list[RuleSource] = list(module.rules)
    for section in module.sections:
        texts.append(section.ask_if or "")
        rules.extend(section.rules)
    for item in items_of(module):
        texts += [str(getattr(item, key, None) or "") for key in ("ask_if", "row_if", "value")]
    for rule in rules:
        texts.append(rule.rule)
        for examples in (rule.passing, rule.failing):
            for example in examples if isinstance(examples, tuple) else (examples,):
                texts += list(example)
    return {word for text in texts for word in WORD.findall(text.replace("{row}", ""))}
