"""The operators and functions of the rule language, and how many operands each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Arity:
    """How many operands an operator takes. `most` None: any number."""

    least: int
    most: int | None = None

    def allows(self, count: int) -> bool:
        """Whether so many operands are right."""
        return count >= self.least and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"


LOGICAL: Final = ("and", "or", "not")
COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
ARITHMETIC: Final = ("+", "-", "*", "/")
TRUTH_GROUPS: Final = ("any", "all", "count")
"""Functions over conditions; together with `NUMBER_GROUPS` they range over the rows of a grid."""
NUMBER_GROUPS: Final = ("sum", "min", "max")
GROUPS: Final = TRUTH_GROUPS + NUMBER_GROUPS

OPERATORS: Final[Mapping[str, Arity]] = MappingProxyType(
    {
        "and": Arity(1),
        "or": Arity(1),
        "not": Arity(1, 1),
        **dict.fromkeys(COMPARISONS, Arity(2, 2)),
        "in": Arity(2, 2),
        "list": Arity(0),
        "+": Arity(2, 2),
        "-": Arity(1, 2),
        "*": Arity(2, 2),
        "/": Arity(2, 2),
        "if": Arity(3, 3),
        "answered": Arity(1, 1),
        "missing": Arity(2, 2),
        "selected": Arity(2),
        **dict.fromkeys(GROUPS, Arity(1)),
        "abs": Arity(1, 1),
        "round": Arity(1, 2),
    }
)
"""Every operator that a tree may hold. `in` has a `list` as its second operand; `if` has condition, then, else."""

FUNCTIONS: Final = ("answered", "selected", "missing", *GROUPS, "abs", "round")
"""The names that may be called in the text of a rule."""
