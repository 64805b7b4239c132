"""What a report calculates with beyond its register: a small file says it, each amount with its range and source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import Field

from evaltools.errors import DataError, Fault, near
from evaltools.estimate.economy import Amount
from evaltools.schema.reading import Document, read_document
from evaltools.schema.scalars import Shape, Word
from evaltools.schema.shape import shape

_SPREAD: Final = 10.0
_MOST_SPREAD: Final = 100.0


class _AmountSource(Shape):
    value: Word
    source: Word
    low: Word | None = None
    high: Word | None = None


class _AssumptionsSource(Shape):
    """The file of assumptions."""

    amounts: dict[str, _AmountSource] = Field(default_factory=dict)
    spread: Word | None = None
    effect: Word = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What somebody said to calculate with. amounts : by name. effect : what the effects among them count, in words.

    spread : per cent to each side in which an amount of the register is let vary.
    """

    amounts: Mapping[str, Amount] = field(default_factory=dict)
    spread: float = _SPREAD
    effect: str = ""


NOTHING_ASSUMED: Final = Assumptions()


def read_assumptions(path: Path, known: Sequence[str]) -> Assumptions:
    """The assumptions in a file. known : the amounts that the report can use.

    Raises `DataError`: ASSUMPTIONS_NOT_USED, NO_SUCH_ASSUMPTION, ASSUMPTION_NOT_A_NUMBER, ASSUMPTION_RANGE_WRONG; and
    `SchemaError` where the file does not have the shape of docs/local.md.
    """
    if not known:
        problem, remedy = "this report calculates with nothing beyond its register", "Leave out --assumptions."
        raise DataError(Fault("ASSUMPTIONS_NOT_USED", path.name, problem, remedy))
    document = read_document(path, path.name)
    found = shape(_AssumptionsSource, document)
    for name in found.amounts:
        if name not in known:
            problem, where = f'there is no assumption "{name}"', document.where(("amounts", name))
            raise DataError(Fault("NO_SUCH_ASSUMPTION", where, problem, near(name, known)))
    spread = _SPREAD if found.spread is None else _number(found.spread, document, ("spread",))
    if not 0 < spread < _MOST_SPREAD:
        raise _range(document, ("spread",), f"the spread is {spread:g} per cent", "Give a number from 1 to 99.")
    amounts = {name: _amount(each, document, ("amounts", name)) for name, each in found.amounts.items()}
    return Assumptions(amounts, spread, found.effect)


def _amount(source: _AmountSource, document: Document, path: tuple[str, ...]) -> Amount:
    value = _number(source.value, document, (*path, "value"))
    low, high = (
        None if text is None else _number(text, document, (*path, name))
        for name, text in (("low", source.low), ("high", source.high))
    )
    if not (value if low is None else low) <= value <= (value if high is None else high):
        problem = f"{value:g} lies outside its own range"
        raise _range(document, path, problem, "Let the value lie between low and high.")
    return Amount(value, low, high, source.source)


def _number(text: str, document: Document, path: tuple[str, ...]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problem, where = f'"{text}" is not a number', document.where(path)
        remedy = "Write digits, with a point before decimals: 2859.5."
        raise DataError(Fault("ASSUMPTION_NOT_A_NUMBER", where, problem, remedy))
    return value


def _range(document: Document, path: tuple[str, ...], problem: str, remedy: str) -> DataError:
    return DataError(Fault("ASSUMPTION_RANGE_WRONG", document.where(path), problem, remedy))
