"""From the expanded files to the frozen `Questionnaire`: texts filled, code lists bound, rules compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from evaltools.errors import Fault, SchemaError, near
from evaltools.language import Text
from evaltools.schema.drafting import Draft, Pending, draft_item
from evaltools.schema.examples import example_values
from evaltools.schema.expand import Expanded, PlacedRule, PlacedSection, Setting
from evaltools.schema.fields import both
from evaltools.schema.model import ExamplePath, Item, Questionnaire, Rule, Section, Value
from evaltools.schema.naming import inner_scope, scope_of
from evaltools.schema.reading import Place
from evaltools.schema.rules import compile_condition, compile_rule, names_in
from evaltools.schema.scope import Scope
from evaltools.schema.source import Example
from evaltools.schema.storing import with_source
from evaltools.schema.tree import Constant, Tree
from evaltools.schema.universes import with_universes
from evaltools.schema.wording import plain_number

ABOUT: Final = ("publisher", "contact", "legal_basis", "coordination")
UNSAID: Final = Constant(None)
"""What stands for a condition that could not be compiled; its fault is in the list."""


@dataclass(frozen=True)
class DraftSection:
    """A section before its conditions are compiled: one or several blocks of the same name."""

    section: Section
    place: Place
    drafts: tuple[Draft, ...]
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """A questionnaire as far as it could be made, with what is known about its parts and all faults."""

    questionnaire: Questionnaire
    expanded: Expanded
    scope: Scope
    drafts: tuple[Draft, ...]
    sections: tuple[DraftSection, ...]
    faults: list[Fault] = field(default_factory=list)


def resolve(expanded: Expanded) -> Resolved:
    """The questionnaire that the files describe; faults are listed, not raised."""
    sections = _draft_sections(expanded)
    drafts = tuple(draft for each in sections for draft in each.drafts)
    source = expanded.source
    years: dict[str, float] = {"ref_year": source.reference_year, "answer_year": source.answer_year}
    scope = scope_of(drafts, expanded.dictionary.concepts, source.references, years)
    compiler = _Compiler(scope, expanded.faults)
    built = tuple(compiler.section(each) for each in sections)
    rules = tuple(compiler.rule(each) for each in expanded.rules)
    questionnaire = _questionnaire(expanded, built, rules, tuple(compiler.paths(expanded)))
    return Resolved(with_universes(with_source(questionnaire)), expanded, scope, drafts, sections, expanded.faults)


def _questionnaire(
    expanded: Expanded, sections: tuple[Section, ...], rules: tuple[Rule, ...], paths: tuple[ExamplePath, ...]
) -> Questionnaire:
    source, place, wording = expanded.source, expanded.place, expanded.setting.wording
    texts = {key: getattr(source, key) for key in ABOUT if getattr(source, key) is not None}
    return Questionnaire(
        survey=source.survey,
        wave=source.wave,
        title=wording.text(source.title, place.down("title")),
        languages=source.languages,
        unit=source.unit,
        unit_words=wording.text(source.unit_words, place.down("unit_words")) if source.unit_words else None,
        population=source.population,
        universe=wording.text(source.universe, place.down("universe")),
        reference_year=source.reference_year,
        answer_year=source.answer_year,
        many_records=source.records == "many",
        sections=sections,
        rules=rules,
        concepts=dict(expanded.dictionary.concepts),
        references=source.references,
        content_sha256="",
        source="",
        modules=expanded.modules,
        paths=paths,
        about={key: wording.either(text, place.down(key)) for key, text in texts.items()},
    )


def _draft_sections(expanded: Expanded) -> tuple[DraftSection, ...]:
    """The sections in order; blocks of the same name become one section where the first of them stands."""
    merged: dict[str, DraftSection] = {}
    for each in expanded.sections:
        block = _draft_section(each)
        name = block.section.name
        if name not in merged:
            merged[name] = block
            continue
        first = merged[name]
        _check_same(first, block, expanded.faults)
        merged[name] = replace(first, drafts=first.drafts + block.drafts)
    return tuple(merged.values())


def _draft_section(placed: PlacedSection) -> DraftSection:
    source, place, setting = placed.source, placed.place, placed.setting
    drafts = tuple(
        draft_item(item, place.down("items", n), setting, source.section) for n, item in enumerate(source.items)
    )
    section = Section(
        name=source.section,
        title=setting.wording.text(source.title, place.down("title")),
        intro=setting.wording.optional(source.intro, place.down("intro")),
        items=(),
        module=setting.module,
    )
    pending = [Pending("", "section", source.ask_if, place.at("ask_if"), setting)] if source.ask_if else []
    if placed.used_if:
        pending.append(Pending("", "section", placed.used_if[0], placed.used_if[1], placed.used_if[2]))
    return DraftSection(section, place, drafts, tuple(pending))


def _check_same(first: DraftSection, block: DraftSection, faults: list[Fault]) -> None:
    name = block.section.name
    if {each.text for each in first.pending} != {each.text for each in block.pending}:
        problem = f'section "{name}" stands twice with different ask_if (first {first.place.at()})'
        remedy = "Give both the same ask_if, or put it on the items, or name one section otherwise."
        faults.append(Fault("SECTION_DIFFERS", block.place.at(), problem, remedy))
    elif first.section.title != block.section.title:
        problem = f'section "{name}" stands twice with different titles (first {first.place.at()})'
        faults.append(Fault("SECTION_DIFFERS", block.place.at(), problem, "Give both the same title, or other names."))


@dataclass
class _Compiler:
    scope: Scope
    faults: list[Fault]

    def tree(self, pending: Pending, scope: Scope) -> Tree:
        try:
            compiler = compile_rule if pending.slot == "value" else compile_condition
            return compiler(pending.text, _with_numbers(scope, pending.setting), pending.where)
        except SchemaError as error:
            unknown = tuple(fault for fault in error.faults if fault.code == "RULE_UNKNOWN_NAME")
            self.faults.extend(fault for fault in unknown or error.faults if fault not in self.faults)
            return UNSAID

    def section(self, draft: DraftSection) -> Section:
        condition: Tree | None = None
        for pending in draft.pending:
            condition = both(condition, self.tree(pending, self.scope))
        items = tuple(self.item(each, self.scope) for each in draft.drafts)
        return replace(draft.section, items=items, ask_if=condition)

    def item(self, draft: Draft, scope: Scope) -> Item:
        trees = {(each.slot, each.key): self.tree(each, scope) for each in draft.pending}
        inside = inner_scope(scope, draft) if draft.inner else scope
        return replace(
            draft.item,
            ask_if=trees.get(("ask_if", "")),
            value=trees.get(("value", "")),
            rows=tuple(replace(row, ask_if=trees.get(("row", row.name))) for row in draft.item.rows),
            items=tuple(self.item(inner, inside) for inner in draft.inner),
        )

    def rule(self, placed: PlacedRule) -> Rule:
        source, place, setting = placed.source, placed.place, placed.setting
        condition = self.tree(Pending(source.name, "rule", source.rule, place.at("rule"), setting), self.scope)
        message = setting.wording.text(source.message, place.down("message"))
        if condition == UNSAID:
            return Rule(source.name, source.level, condition, message, "", where=place.at())
        return Rule(
            name=source.name,
            level=source.level,
            condition=condition,
            message=message,
            at=self._at(source.at, condition, place),
            passing=self._examples(source.passing, place.down("pass")),
            failing=self._examples(source.failing, place.down("fail")),
            where=place.at(),
        )

    def paths(self, expanded: Expanded) -> Iterator[ExamplePath]:
        for name, source in expanded.source.paths.items():
            place = expanded.place.down("paths", name)
            wording = expanded.setting.wording
            label = Text(name, name) if source.label is None else wording.text(source.label, place.down("label"))
            answers = example_values(source.answers, place.down("answers"), self.scope, self.faults)
            yield ExamplePath(name, label, answers, source.at_most, place.at())

    def _at(self, written: str | None, condition: Tree, place: Place) -> str:
        named = [name for name in names_in(condition) if name in self.own_fields()]
        if written is None:
            return named[0] if named else ""
        if written not in self.own_fields():
            problem = f'"{written}" is no field to put the message at'
            self.faults.append(Fault("UNKNOWN_NAME", place.at("at"), problem, near(written, self.own_fields())))
        return written

    def _examples(self, source: Example | tuple[Example, ...], place: Place) -> tuple[Mapping[str, Value], ...]:
        if not isinstance(source, tuple):
            return (example_values(source, place, self.scope, self.faults),)
        places = (place.down(n) for n in range(len(source)))
        return tuple(example_values(each, at, self.scope, self.faults) for each, at in zip(source, places, strict=True))

    def own_fields(self) -> set[str]:
        return set(self.scope.fields) - self.scope.references - self.scope.last


def _with_numbers(scope: Scope, setting: Setting) -> Scope:
    numbers = {name: plain_number(value or "0") for name, value in setting.wording.numbers.items()}
    return scope.with_parameters(numbers)
