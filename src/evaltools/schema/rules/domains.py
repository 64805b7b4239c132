"""Few values that stand for all that a field can hold, as far as one rule can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Value
from evaltools.schema.rules.operators import GROUPS
from evaltools.schema.rules.walking import constants_in, names_in, walk
from evaltools.schema.scope import Scope, ScopeField
from evaltools.schema.tree import Answer, Call, Tree

Domain = tuple[Value | None, ...]
"""Values to try; None stands for an answer that is absent."""

WHOLE: Final = ("integer", "count", "year")
TEXTS: Final = ("text", "email")
MOST_SELECTED: Final = 8
"""Codes of one multiple item whose every combination is tried."""


def domains(tree: Tree, scope: Scope) -> tuple[dict[str, Domain], bool]:
    """For each field in the tree the values to try, and whether trying them all is as good as trying everything.

    Within an interval between two numbers of the rule only the order of the fields matters, so that as many values as
    there are numeric fields are enough.
    """
    names = names_in(tree)
    known = {name: scope.fields[name] for name in names if name in scope.fields}
    numeric = [field for field in known.values() if field.is_number]
    points = _points(tree, numeric)
    found: dict[str, Domain] = {name: _domain(field, tree, points, len(names)) for name, field in known.items()}
    return found, all(_is_complete(field, tree) for field in known.values())


def _domain(field: ScopeField, tree: Tree, points: Sequence[float], fields: int) -> Domain:
    absent = tuple(dict.fromkeys(_missing_asked(field.name, tree)))
    if field.kind == "multiple":
        return (*_selections(field, tree), *absent)
    if field.codelist is not None:
        return (*_codes(field, tree, fields), *absent)
    if field.is_number:
        truths = (False, True) if field.kind == "computed" else ()
        return (*_numbers(field, points, fields), *truths, *absent)
    return (*_texts(field, tree, fields), *absent)


def _is_complete(field: ScopeField, tree: Tree) -> bool:
    if field.kind == "multiple":
        return len(_mentioned(field, tree)) <= MOST_SELECTED
    return field.kind not in ("computed", "month", "date")


def _missing_asked(name: str, tree: Tree) -> Iterator[Missing | None]:
    """The kinds of missing that the rule tells apart for this field; in a group, what is not asked is left out."""
    for node in walk(tree):
        if not isinstance(node, Call):
            continue
        if node.operator in ("answered", "missing") and Answer(name) in node.operands:
            yield None
            yield from (missing_kind(each.value) for each in constants_in(node) if isinstance(each.value, str))
        if node.operator in GROUPS and name in names_in(node):
            yield Missing.NOT_ASKED


def _mentioned(field: ScopeField, tree: Tree) -> tuple[str, ...]:
    codes = {constant.value for constant in constants_in(tree)}
    return tuple(code for code in field.codelist.codes if code in codes) if field.codelist else ()


def _codes(field: ScopeField, tree: Tree, fields: int) -> tuple[str, ...]:
    """The codes that the rule mentions, and as many others as fields could differ by."""
    mentioned = _mentioned(field, tree)
    others = [code for code in (field.codelist.codes if field.codelist else ()) if code not in mentioned]
    return (*mentioned, *others[:fields])


def _selections(field: ScopeField, tree: Tree) -> Iterator[tuple[str, ...]]:
    """Every combination of the codes that the rule mentions, with and without one that it does not."""
    codes = _codes(field, tree, 1)[: MOST_SELECTED + 1]
    for size in range(1, len(codes) + 1):
        yield from combinations(codes, size)


def _points(tree: Tree, fields: Iterable[ScopeField]) -> list[float]:
    """The numbers between which nothing changes: those in the rule and the limits of its fields."""
    said = {c.value for c in constants_in(tree) if isinstance(c.value, int | float) and not isinstance(c.value, bool)}
    said |= {n for node in walk(tree) if isinstance(node, Call) and node.operator == "count" for n in _counts(node)}
    limits = {limit for field in fields for limit in (field.minimum, field.maximum) if limit is not None}
    return sorted(said | limits) or [0]


def _counts(node: Call) -> Iterable[int]:
    return range(len(node.operands) + 1)


def _numbers(field: ScopeField, points: Sequence[float], fields: int) -> Iterator[float]:
    low = field.minimum if field.minimum is not None or field.kind != "count" else 0
    spread = _spread_whole if field.kind in WHOLE else _spread
    for value in spread(points, fields):
        if (low is None or value >= low) and (field.maximum is None or value <= field.maximum):
            yield value


def _spread_whole(points: Sequence[float], fields: int) -> Iterator[int]:
    """Whole numbers: the points themselves and the first few of each gap between them."""
    ends = [*(int(point // 1) for point in points)]
    tried = {end + step for end in ends for step in range(fields + 1)}
    tried |= {ends[0] - step for step in range(1, fields + 1)}
    yield from sorted(tried)


def _spread(points: Sequence[float], fields: int) -> Iterator[float]:
    """All numbers: the whole ones that others may take, and a few between each two of them."""
    whole = sorted({*points, *_spread_whole(points, fields)})
    yield from whole
    for left, right in pairwise(whole):
        yield from (left + (right - left) * step / (fields + 1) for step in range(1, fields + 1))


def _texts(field: ScopeField, tree: Tree, fields: int) -> tuple[str, ...]:
    said = tuple(constant.value for constant in constants_in(tree) if isinstance(constant.value, str))
    if field.kind in TEXTS:
        return (*said, *(f"text {n}" for n in range(fields)))
    ends = ("1950-01", "2001-01", "2099-12") if field.kind == "month" else ("1950-01-01", "2001-01-01", "2099-12-31")
    moments = tuple(text for text in said if len(text) == len(ends[0]) and text[:4].isdigit())
    return tuple(sorted({*moments, *ends, *(f"20{n:02}{ends[1][4:]}" for n in range(2, fields + 2))}))
