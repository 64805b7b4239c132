"""The names a rule may use, and what each of them holds. `schema.rules` compiles a rule within a scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from evaltools.schema.missing import Missing
from evaltools.schema.model import CodeList, Concept, Kind, Value

REFERENCE_PREFIX: Final = "ref_"
LAST_PREFIX: Final = "last_"


def named_around(references: Mapping[str, float], last: Mapping[str, Value]) -> dict[str, Value]:
    """Register figures and the answers of the wave before, under the names that rules use for them.

    >>> named_around({"children": 500.0}, {"placed": 12})
    {'ref_children': 500.0, 'last_placed': 12}
    """
    around: dict[str, Value] = {REFERENCE_PREFIX + name: value for name, value in references.items()}
    return around | {LAST_PREFIX + name: value for name, value in last.items()}


@dataclass(frozen=True, slots=True)
class ScopeField:
    """What one name in a rule holds. `kind` is never `grid`, `repeat` or `note`; limits as the item states them."""

    name: str
    kind: Kind
    codelist: CodeList | None = None
    minimum: float | None = None
    maximum: float | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether its codes can be compared by `<` and `>`."""
        return self.codelist is not None and self.codelist.ordered

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers (a computed value counts as one unless it has a code list)."""
        numbers = ("integer", "decimal", "count", "year", "computed")
        return self.kind in numbers and self.codelist is None


@dataclass(frozen=True, slots=True)
class Scope:
    """All names that a rule of one questionnaire may use.

    `fields` by name, also `ref_<name>` and `last_<field>`; `grids` maps the name of a grid (or of an item inside a
    repeat, `<repeat>_<item>`) to the names of its fields; `concepts` are those that hold a set of codes;
    `parameters` are numbers: `ref_year`, `answer_year` and the number parameters of the module.
    """

    fields: Mapping[str, ScopeField]
    grids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Every name that may be written, for near misses."""
        return frozenset(self.fields) | frozenset(self.grids) | frozenset(self.concepts) | frozenset(self.parameters)

    @property
    def references(self) -> frozenset[str]:
        """The register figures, such as `ref_placed_register`."""
        return frozenset(name for name in self.fields if name.startswith(REFERENCE_PREFIX))

    @property
    def last(self) -> frozenset[str]:
        """The values of the previous wave, such as `last_f1_placed`."""
        return frozenset(name for name in self.fields if name.startswith(LAST_PREFIX))

    def with_parameters(self, parameters: Mapping[str, float]) -> Scope:
        """The same scope with further numbers, for the rules of one module."""
        return replace(self, parameters={**self.parameters, **parameters})
