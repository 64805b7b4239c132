"""What a part of a rule can hold while it is compiled, and the faults found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from evaltools.errors import Fault
from evaltools.schema.model import CodeList, Kind
from evaltools.schema.scope import Scope, ScopeField
from evaltools.schema.tree import Constant, Tree

Sort = Literal["truth", "number", "text", "code", "codes", "month", "date", "computed", "unknown"]

SORT_OF_KIND: Final[Mapping[Kind, Sort]] = MappingProxyType(
    {
        "single": "code",
        "multiple": "codes",
        "integer": "number",
        "decimal": "number",
        "count": "number",
        "year": "number",
        "month": "month",
        "date": "date",
        "text": "text",
        "email": "text",
        "computed": "computed",
    }
)

IN_WORDS: Final[Mapping[Sort, str]] = MappingProxyType(
    {
        "truth": "a condition (true or false)",
        "number": "a number",
        "text": "a text",
        "code": "a code",
        "codes": "several codes",
        "month": "a month",
        "date": "a date",
        "computed": "a computed value",
        "unknown": "something unknown",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled part of a rule: its tree, what it holds, the code list of codes, and its words in the rule."""

    tree: Tree
    sort: Sort
    written: str
    codelist: CodeList | None = None

    @property
    def is_literal(self) -> bool:
        """Whether it is a number or text that stands in the rule itself."""
        return isinstance(self.tree, Constant)

    @property
    def is_number(self) -> bool:
        """Whether arithmetic may use it."""
        return self.sort in ("number", "computed", "unknown")

    @property
    def is_condition(self) -> bool:
        """Whether `and`, `or`, `not` may use it."""
        return self.sort in ("truth", "computed", "unknown")


@dataclass(frozen=True, slots=True)
class Place:
    """Where compiling stands: the scope, the place in the file, the row bound to each grid, the faults so far."""

    scope: Scope
    where: str
    rule: str
    rows: Mapping[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, problem: str, remedy: str) -> None:
        """Note a fault once (a grid's rows would repeat it) and go on, so that all faults are reported."""
        found = Fault(code, self.where, f'rule "{self.rule}": {problem}', remedy)
        if found not in self.faults:
            self.faults.append(found)

    def with_rows(self, rows: Mapping[str, str]) -> Place:
        """The same place, with each grid's name standing for one of its rows."""
        return Place(self.scope, self.where, self.rule, rows, self.faults)


def unknown(written: str) -> Part:
    """A part that had a fault: it fits everywhere, so that one mistake gives one message."""
    return Part(Constant(None), "unknown", written)


def sort_of(field: ScopeField) -> Sort:
    """What the values of a field are to a rule."""
    if field.kind == "computed" and field.codelist is not None:
        return "code"
    return SORT_OF_KIND[field.kind]


def require_condition(part: Part, place: Place) -> None:
    """Note a fault unless the part is true or false."""
    if not part.is_condition:
        problem = f"{part.written} is {IN_WORDS[part.sort]} where a condition must stand"
        place.fault("RULE_UNLIKE", problem, f"Compare it, such as {part.written} == 1.")


def require_number(part: Part, place: Place) -> None:
    """Note a fault unless the part is a number."""
    if not part.is_number:
        problem = f"{part.written} is {IN_WORDS[part.sort]} where a number must stand"
        place.fault("RULE_UNLIKE", problem, "Calculate with numbers only.")
