"""Routing: conditions may ask only about earlier items, without circles and without guessing about skipped ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from evaltools.errors import Fault
from evaltools.schema.fields import conjuncts, fields
from evaltools.schema.model import Field, Item
from evaltools.schema.reading import Place
from evaltools.schema.resolve import Resolved
from evaltools.schema.rules import names_in, walk
from evaltools.schema.tree import Answer, Call, Constant, Tree


@dataclass(frozen=True)
class Condition:
    """A condition or value of an item, with where it stands. `position` is that of its item in the questionnaire."""

    item: Item
    position: int
    tree: Tree
    where: str
    is_value: bool = False


@dataclass(frozen=True)
class Map:
    """The conditions of a questionnaire and the position of each field."""

    resolved: Resolved

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by name."""
        return {field.name: field for field in fields(self.resolved.questionnaire)}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of the item each field belongs to; items inside a repeat have that of the repeat."""
        owners = {}
        for position, item in enumerate(self.resolved.questionnaire.items):
            owners[item.name] = position
        names = sorted(owners, key=len, reverse=True)
        for name in self.fields:
            owner = next(each for each in names if name == each or name.startswith(f"{each}_"))
            owners[name] = owners[owner]
        return owners

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions and computed values of items, with those of their sections."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        position = 0
        for section, draft in zip(self.resolved.questionnaire.sections, self.resolved.sections, strict=True):
            if section.ask_if is not None and section.items:
                yield Condition(section.items[0], position, section.ask_if, draft.pending[0].where)
            for item, placed in zip(section.items, draft.drafts, strict=True):
                yield from _of_item(item, position, placed.place)
                position += 1


def _of_item(item: Item, position: int, place: Place) -> Iterator[Condition]:
    if item.ask_if is not None:
        yield Condition(item, position, item.ask_if, place.at("ask_if"))
    if item.value is not None:
        yield Condition(item, position, item.value, place.at("value"), is_value=True)
    for row in item.rows:
        if row.ask_if is not None:
            yield Condition(item, position, row.ask_if, place.at("row_if"))


def routing_faults(resolved: Resolved) -> Iterator[Fault]:
    """Circles, references to later items, and denials about items that may not have been asked."""
    chart = Map(resolved)
    circles = _circles(chart)
    for circle in circles:
        names = [resolved.questionnaire.items[n].name for n in (*circle, circle[0])]
        where = next(each.where for each in chart.conditions if each.position == circle[0])
        problem = f"the items wait for one another: {' -> '.join(names)}"
        yield Fault("CYCLE", where, problem, "Let one of them ask about earlier items only.")
    seen: set[tuple[str, str]] = set()
    for condition in chart.conditions:
        for fault in (*_later(condition, chart, circles), *_unasked(condition, chart)):
            if (fault.code, fault.where) not in seen:
                seen.add((fault.code, fault.where))
                yield fault


def _needs(chart: Map) -> dict[int, set[int]]:
    needs: dict[int, set[int]] = {}
    for condition in chart.conditions:
        for name in names_in(condition.tree):
            if name in chart.positions:
                needs.setdefault(condition.position, set()).add(chart.positions[name])
    return needs


def _circles(chart: Map) -> list[tuple[int, ...]]:
    """Each circle once, beginning with its first item."""
    needs = _needs(chart)
    circles: list[tuple[int, ...]] = []
    for start in sorted(needs):
        path = _way_back(start, needs)
        if path and not any(set(path) == set(circle) for circle in circles):
            circles.append(path)
    return circles


def _way_back(start: int, needs: Mapping[int, set[int]]) -> tuple[int, ...]:
    """The shortest way from an item back to itself through items that are not before it."""
    ways: list[tuple[int, ...]] = [(start,)]
    seen: set[int] = set()
    while ways:
        way = ways.pop(0)
        for following in sorted(needs.get(way[-1], ())):
            if following == start:
                return way
            if following > start and following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return ()


def _later(condition: Condition, chart: Map, circles: list[tuple[int, ...]]) -> Iterator[Fault]:
    for name in names_in(condition.tree):
        position = chart.positions.get(name, -1)
        circular = any(position in circle and condition.position in circle for circle in circles)
        if position >= condition.position and not circular:
            problem = f'"{name}" is asked after "{condition.item.name}"'
            remedy = f'Move "{name}" up, or ask about an earlier item.'
            yield Fault("LATER_REFERENCE", condition.where, problem, remedy)


def _unasked(condition: Condition, chart: Map) -> Iterator[Fault]:
    """A denial such as `x != 1` is missing, not true, where x was not asked: the author must say what is meant."""
    if condition.is_value:
        return
    granted = set(conjuncts(condition.tree)) | _own_conditions(condition.item, chart)
    guarded = {
        node.operands[0].name
        for node in walk(condition.tree)
        if isinstance(node, Call) and node.operator in ("answered", "missing") and isinstance(node.operands[0], Answer)
    }
    for name in _denied(condition.tree):
        field = chart.fields.get(name)
        if field is None or field.ask_if is None or name in guarded:
            continue
        if not set(conjuncts(field.ask_if)) <= granted:
            problem = f'"{name}" is not asked of everyone; where it is not asked, this condition is never true'
            remedy = f"Say what is meant: answered({name}) and ..., or not answered({name}) or ..."
            yield Fault("POSSIBLY_UNASKED", condition.where, problem, remedy)


def _own_conditions(item: Item, chart: Map) -> set[Tree]:
    wholes = [field.ask_if for field in chart.fields.values() if field.item is item and field.ask_if is not None]
    return {part for whole in wholes for part in conjuncts(whole)}


def _denied(tree: Tree) -> tuple[str, ...]:
    """Names under `not`, `!=`, or a count that must be small."""
    names: list[str] = []
    for node in walk(tree):
        if isinstance(node, Call) and (node.operator in ("not", "!=") or _small_count(node)):
            names.extend(names_in(node))
    return tuple(dict.fromkeys(names))


def _small_count(node: Call) -> bool:
    if node.operator not in ("==", "<", "<="):
        return False
    left, right = node.operands
    counted = isinstance(left, Call) and left.operator == "count"
    return counted and isinstance(right, Constant)
