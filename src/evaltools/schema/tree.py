"""A rule as a tree of three kinds of node. Reading, evaluating and printing live in `schema.rules`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, a truth value, or None (missing)."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of a field, of a register figure (`ref_...`) or of the previous wave (`last_...`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function on its operands: `and or not == != < <= > >= in + - * / if list sum count ...`."""

    operator: str
    operands: tuple[Tree, ...]


Tree = Constant | Answer | Call
