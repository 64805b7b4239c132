"""The functions that a rule may call: what each takes, and grids spread over their rows inside the groups."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import near
from evaltools.schema.missing import OFFERED, Missing
from evaltools.schema.rules.binding import codes_of
from evaltools.schema.rules.operators import GROUPS, OPERATORS, TRUTH_GROUPS
from evaltools.schema.rules.sorts import IN_WORDS, Part, Place, require_condition, require_number, unknown
from evaltools.schema.tree import Answer, Call, Constant

Reader = Callable[[ast.expr, Place], Part]

_KINDS: Final = tuple(kind.kind for kind in Missing if kind in OFFERED | {Missing.NOT_ASKED, Missing.NOT_ANSWERED})


def _right_number(node: ast.Call, name: str, place: Place) -> bool:
    if OPERATORS[name].allows(len(node.args)):
        return True
    problem = f"{name}(...) takes {OPERATORS[name]} operands, and here are {len(node.args)}"
    place.fault("RULE_OPERANDS", problem, "docs/rules.md shows each function with an example.")
    return False


def _answered(node: ast.Call, place: Place, read: Reader) -> Part:
    written = ast.unparse(node)
    field = _field(node, "answered", place, read)
    return Part(Call("answered", (field.tree,)), "truth", written) if field else unknown(written)


def _missing(node: ast.Call, place: Place, read: Reader) -> Part:
    written = ast.unparse(node)
    field = _field(node, "missing", place, read)
    if field is None:
        return unknown(written)
    kind = node.args[1]
    name = kind.id if isinstance(kind, ast.Name) else str(kind.value) if isinstance(kind, ast.Constant) else ""
    if name not in _KINDS:
        problem = f'"{ast.unparse(kind)}" is no kind of missing'
        place.fault("RULE_NO_SUCH_KIND", problem, near(name, _KINDS))
    return Part(Call("missing", (field.tree, Constant(name))), "truth", written)


def _selected(node: ast.Call, place: Place, read: Reader) -> Part:
    written = ast.unparse(node)
    field = _field(node, "selected", place, read)
    if field is None:
        return unknown(written)
    if field.sort != "codes" or field.codelist is None:
        problem = f"{field.written} is {IN_WORDS[field.sort]}, and selected(...) asks about a multiple item"
        place.fault("RULE_UNLIKE", problem, f"Write {field.written} in [...] or compare by ==.")
        return unknown(written)
    members = [_code_or_concept(arg, place, read) for arg in node.args[1:]]
    codes = codes_of(members, field.written, field.codelist, place)
    return Part(Call("selected", (field.tree, *(Constant(code) for code in codes))), "truth", written)


def _code_or_concept(node: ast.expr, place: Place, read: Reader) -> Part | str:
    if isinstance(node, ast.Name) and node.id in place.scope.concepts:
        return node.id
    return read(node, place)


def _field(node: ast.Call, name: str, place: Place, read: Reader) -> Part | None:
    """The first operand, which must be a field."""
    if not _right_number(node, name, place):
        return None
    part = read(node.args[0], place)
    if part.sort == "unknown":
        return None
    if not isinstance(part.tree, Answer):
        place.fault("RULE_NO_FIELD", f"{name}(...) asks about a field, and {part.written} is none", "Name one field.")
        return None
    return part


def _abs(node: ast.Call, place: Place, read: Reader) -> Part:
    written = ast.unparse(node)
    if not _right_number(node, "abs", place):
        return unknown(written)
    part = read(node.args[0], place)
    require_number(part, place)
    return Part(Call("abs", (part.tree,)), "number", written)


def _round(node: ast.Call, place: Place, read: Reader) -> Part:
    written = ast.unparse(node)
    if not _right_number(node, "round", place):
        return unknown(written)
    parts = [read(arg, place) for arg in node.args]
    require_number(parts[0], place)
    digits = parts[1].tree if len(parts) == 2 else Constant(0)
    if not (isinstance(digits, Constant) and isinstance(digits.value, int) and 0 <= digits.value <= 10):
        problem = f"round(...) takes 0 to 10 digits, and {parts[1].written} is not that"
        place.fault("RULE_OPERANDS", problem, f"Write a whole number, such as round({parts[0].written}, 1).")
    return Part(Call("round", tuple(part.tree for part in parts)), "number", written)


def _group(node: ast.Call, place: Place, read: Reader) -> Part:
    assert isinstance(node.func, ast.Name)
    name, written = node.func.id, ast.unparse(node)
    if not _right_number(node, name, place):
        return unknown(written)
    parts = [part for arg in node.args for part in _over_rows(arg, place, read)]
    for part in parts:
        if name in TRUTH_GROUPS:
            require_condition(part, place)
        else:
            require_number(part, place)
    operands = tuple(part.tree for part in parts)
    return Part(Call(name, operands), "truth" if name in ("any", "all") else "number", written)


def _over_rows(node: ast.expr, place: Place, read: Reader) -> Iterator[Part]:
    """One part per row of the grids that the operand names; one part where it names none."""
    grids = list(dict.fromkeys(_grids_in(node, place)))
    if not grids:
        yield read(node, place)
        return
    rows = _rows(grids, place.scope.grids)
    if not rows:
        problem = f"the grids {', '.join(grids)} have no rows in common"
        place.fault("RULE_GRID_ROWS", problem, "Name grids with the same rows, or write the rows one by one.")
    for row in rows:
        yield read(node, place.with_rows({**place.rows, **row}))


def _grids_in(node: ast.AST, place: Place) -> Iterator[str]:
    """The grids that the innermost group around them is this one."""
    if _is_group(node):
        return
    if isinstance(node, ast.Name) and node.id in place.scope.grids:
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _grids_in(child, place)


def _is_group(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GROUPS


def _rows(names: Iterable[str], grids: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """For each row that all the grids have, the field of each grid. Without common names rows go by position."""
    by_row = {name: {field.removeprefix(f"{name}_"): field for field in grids[name]} for name in names}
    first = next(iter(by_row.values()))
    common = [row for row in first if all(row in fields for fields in by_row.values())]
    if common:
        return [{name: fields[row] for name, fields in by_row.items()} for row in common]
    if len({len(fields) for fields in by_row.values()}) > 1:
        return []
    return [dict(zip(by_row, fields, strict=True)) for fields in zip(*(grids[name] for name in by_row), strict=True)]


CALLS: Final[Mapping[str, Callable[[ast.Call, Place, Reader], Part]]] = MappingProxyType(
    {
        "answered": _answered,
        "missing": _missing,
        "selected": _selected,
        "abs": _abs,
        "round": _round,
        **dict.fromkeys(GROUPS, _group),
    }
)
"""How each function is read."""
