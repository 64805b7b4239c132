"""The example answers that stand with rules and paths: from text to the values their fields hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.errors import Fault, near
from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Value
from evaltools.schema.reading import Place
from evaltools.schema.scope import LAST_PREFIX, REFERENCE_PREFIX, Scope, ScopeField
from evaltools.schema.source import Example
from evaltools.schema.wording import plain_number

KINDS: Final = frozenset(kind.kind for kind in Missing)


def example_values(source: Example, place: Place, scope: Scope, faults: list[Fault]) -> dict[str, Value]:
    """The values of an example by field name. A grid's name stands for all its rows.

    A kind of missing is written by its name, such as `dont_know`.
    """
    values: dict[str, Value] = {}
    for name, written in source.items():
        for field in _named(name, place, scope, faults):
            value = _value(field, written, place.down(name), faults)
            if value is not None:
                values[field.name] = value
    return values


def _named(name: str, place: Place, scope: Scope, faults: list[Fault]) -> Iterator[ScopeField]:
    if name in scope.grids:
        yield from (scope.fields[row] for row in scope.grids[name])
    elif name in scope.fields:
        yield scope.fields[name]
    else:
        own = set(scope.fields) - scope.last - scope.references
        remedy = near(name, scope.fields if name.startswith((REFERENCE_PREFIX, LAST_PREFIX)) else {*own, *scope.grids})
        faults.append(Fault("UNKNOWN_NAME", place.at(name), f'the example names "{name}", which is no field', remedy))


def _value(field: ScopeField, written: str | tuple[str, ...], place: Place, faults: list[Fault]) -> Value | None:
    if written in KINDS and (field.codelist is None or written not in field.codelist.codes):
        return missing_kind(str(written))
    if field.kind == "multiple":
        codes = (written,) if isinstance(written, str) else written
        return tuple(codes) if _codes_exist(field, codes, place, faults) else None
    if not isinstance(written, str):
        problem = f'"{field.name}" takes one value, not a list'
        faults.append(Fault("WRONG_EXAMPLE", place.at(), problem, "Write one value."))
        return None
    return _one(field, written, place, faults)


def _one(field: ScopeField, written: str, place: Place, faults: list[Fault]) -> Value | None:
    if field.codelist is not None:
        return written if _codes_exist(field, (written,), place, faults) else None
    if not field.is_number:
        return written
    try:
        return plain_number(written)
    except ValueError:
        if field.kind == "computed":
            return written
        problem = f'"{written}" is not a number, as "{field.name}" needs'
        faults.append(Fault("NOT_A_NUMBER", place.at(), problem, "Write digits, or a kind of missing."))
        return None


def _codes_exist(field: ScopeField, codes: tuple[str, ...], place: Place, faults: list[Fault]) -> bool:
    known = field.codelist.codes if field.codelist else ()
    unknown = [code for code in codes if code not in known]
    faults.extend(
        Fault("UNKNOWN_CODE", place.at(), f'"{field.name}" has no code "{code}"', near(code, known)) for code in unknown
    )
    return not unknown
