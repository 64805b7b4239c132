"""Comparisons in a rule: codes bound to code lists, concepts to their sets of codes, order to membership."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from evaltools.errors import near
from evaltools.schema.model import CodeList
from evaltools.schema.rules.sorts import IN_WORDS, Part, Place
from evaltools.schema.tree import Call, Constant, Tree

_TURNED: Final[Mapping[str, str]] = MappingProxyType(
    {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
)
_EQUALITY: Final = ("==", "!=")


def bound_pair(operator: str, left: Part, right: Part, place: Place) -> Tree:
    """The tree of a comparison; faults where the two sides cannot be compared."""
    sorts = (left.sort, right.sort)
    if "unknown" in sorts:
        return Constant(None)
    if "codes" in sorts:
        return _refuse_codes(operator, left if left.sort == "codes" else right, place)
    if sorts == ("code", "code"):
        return _two_code_fields(operator, left, right, place)
    if "code" in sorts:
        turned = left.sort != "code"
        field, literal = (right, left) if turned else (left, right)
        return _code_with_literal(_TURNED[operator] if turned else operator, field, literal, place)
    if not _comparable(operator, left, right, place):
        problem = f"{left.written} is {IN_WORDS[left.sort]} and {right.written} is {IN_WORDS[right.sort]}"
        place.fault("RULE_UNLIKE", f"{problem}: they cannot be compared by {operator}", "Compare values of one kind.")
    return Call(operator, (left.tree, right.tree))


def _refuse_codes(operator: str, field: Part, place: Place) -> Tree:
    problem = f"{field.written} holds several codes and cannot be compared by {operator}"
    place.fault("RULE_UNLIKE", problem, f"Write selected({field.written}, code).")
    return Constant(None)


def bound_membership(value: Part, members: Sequence[Part | str], place: Place) -> Tree:
    """The tree of `value in [...]` or `value in concept`."""
    if value.sort == "codes":
        problem = f'{value.written} holds several codes and cannot stand before "in"'
        place.fault("RULE_UNLIKE", problem, f"Write selected({value.written}, code, ...).")
        return Constant(None)
    if value.sort == "code" and value.codelist is not None:
        return membership(value.tree, codes_of(members, value.written, value.codelist, place))
    trees: list[Tree] = []
    for member in members:
        if isinstance(member, str):
            problem = f'"{member}" is a set of codes, and {value.written} is {IN_WORDS[value.sort]}'
            place.fault("RULE_CONCEPT", problem, "Use it on a field with the code list of the concept.")
        elif not member.is_literal:
            place.fault("RULE_NO_LIST", f"{member.written} is no fixed value", "List fixed values only.")
        else:
            trees.append(bound_pair("==", value, member, place))
    return Call("in", (value.tree, Call("list", tuple(_right_sides(trees)))))


def _right_sides(trees: Iterable[Tree]) -> Iterable[Tree]:
    return (tree.operands[1] for tree in trees if isinstance(tree, Call))


def membership(value: Tree, codes: Iterable[str]) -> Tree:
    """The tree that asks whether a value is one of the codes."""
    return Call("in", (value, Call("list", tuple(Constant(code) for code in codes))))


def codes_of(members: Iterable[Part | str], written: str, codelist: CodeList, place: Place) -> tuple[str, ...]:
    """The codes that are listed, concepts replaced by their codes; faults for codes that do not exist."""
    codes: list[str] = []
    for member in members:
        found = (
            _concept_codes(member, written, codelist, place)
            if isinstance(member, str)
            else (code_of(member, written, codelist, place),)
        )
        codes.extend(code for code in found if code is not None)
    return tuple(dict.fromkeys(codes))


def _concept_codes(name: str, written: str, codelist: CodeList, place: Place) -> tuple[str, ...]:
    concept = place.scope.concepts[name]
    if concept.codelist != codelist.name:
        problem = (
            f'"{name}" is a set of codes of "{concept.codelist}", and {written} has the code list "{codelist.name}"'
        )
        place.fault("RULE_CONCEPT", problem, "Use a field with that code list, or list the codes.")
        return ()
    return concept.codes


def code_of(part: Part, written: str, codelist: CodeList, place: Place) -> str | None:
    """The code that a literal means; whole numbers are codes as they are written."""
    if part.sort == "unknown":
        return None
    value = part.tree.value if isinstance(part.tree, Constant) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        problem = f"{part.written} is no code, and {written} holds codes"
        place.fault("RULE_UNLIKE", problem, f'Write a code of "{codelist.name}": {_shown(codelist)}.')
        return None
    if str(value) in codelist.codes:
        return str(value)
    problem = f'code "{value}" is not in the code list "{codelist.name}" of {written}'
    place.fault("RULE_WRONG_CODE", problem, near(str(value), codelist.codes))
    return None


def _shown(codelist: CodeList) -> str:
    return ", ".join(codelist.codes[:12]) + (", ..." if len(codelist.codes) > 12 else "")


def _code_with_literal(operator: str, field: Part, literal: Part, place: Place) -> Tree:
    assert field.codelist is not None
    if operator not in _EQUALITY and not _is_ordered(operator, field, place):
        return Constant(None)
    code = code_of(literal, field.written, field.codelist, place)
    if code is None:
        return Constant(None)
    if operator in _EQUALITY:
        return Call(operator, (field.tree, Constant(code)))
    return membership(field.tree, _codes_on_side(operator, field.codelist, code))


def _two_code_fields(operator: str, left: Part, right: Part, place: Place) -> Tree:
    assert left.codelist is not None
    assert right.codelist is not None
    if left.codelist.codes != right.codelist.codes:
        problem = f'{left.written} has the code list "{left.codelist.name}" and {right.written} "{right.codelist.name}"'
        place.fault("RULE_UNLIKE", problem, "Compare fields with the same code list.")
        return Constant(None)
    if operator in _EQUALITY:
        return Call(operator, (left.tree, right.tree))
    if not _is_ordered(operator, left, place):
        return Constant(None)
    # Which codes of the left side go with each code of the right one: order becomes membership here too.
    pairs = (
        Call("and", (Call("==", (right.tree, Constant(code))), membership(left.tree, allowed)))
        for code in right.codelist.codes
        if (allowed := _codes_on_side(operator, left.codelist, code))
    )
    return Call("or", tuple(pairs))


def _codes_on_side(operator: str, codelist: CodeList, code: str) -> tuple[str, ...]:
    codes, at = codelist.codes, codelist.codes.index(code)
    sides = {"<": codes[:at], "<=": codes[: at + 1], ">": codes[at + 1 :], ">=": codes[at:]}
    return sides[operator]


def _is_ordered(operator: str, field: Part, place: Place) -> bool:
    assert field.codelist is not None
    if field.codelist.ordered:
        return True
    problem = f'{field.written} is compared by {operator}, but its code list "{field.codelist.name}" has no order'
    remedy = f'Write {field.written} in [...], or mark the code list as "ordered: true".'
    place.fault("RULE_ORDER_ON_NOMINAL", problem, remedy)
    return False


def _comparable(operator: str, left: Part, right: Part, place: Place) -> bool:
    if left.is_number and right.is_number:
        return True
    if {left.sort, right.sort} <= {"truth", "computed"} or left.sort == right.sort == "text":
        return operator in _EQUALITY
    if left.sort == right.sort and left.sort in ("month", "date"):
        return True
    for moment, literal in ((left, right), (right, left)):
        if moment.sort in ("month", "date") and literal.sort == "text" and literal.is_literal:
            return _is_moment(moment, literal, place)
    return False


def _is_moment(moment: Part, literal: Part, place: Place) -> bool:
    text = str(literal.tree.value) if isinstance(literal.tree, Constant) else ""
    day, example = (f"{text}-01", "2018-03") if moment.sort == "month" else (text, "2018-03-31")
    try:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)
        dt.date.fromisoformat(day)
    except (AssertionError, ValueError):
        problem = f'"{text}" is not {IN_WORDS[moment.sort]}, and {moment.written} is'
        place.fault("RULE_WRONG_MOMENT", problem, f'Write it as "{example}".')
    return True
