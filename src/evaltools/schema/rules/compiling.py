"""From the text of a rule to its tree: Python's own grammar is read by `ast`, and only listed nodes pass."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import Fault, SchemaError, near
from evaltools.schema.rules.binding import bound_membership, bound_pair
from evaltools.schema.rules.calls import CALLS
from evaltools.schema.rules.evaluating import LARGEST
from evaltools.schema.rules.grammar import read_grammar
from evaltools.schema.rules.operators import FUNCTIONS, GROUPS
from evaltools.schema.rules.sorts import IN_WORDS, Part, Place, require_condition, require_number, sort_of, unknown
from evaltools.schema.rules.walking import is_condition
from evaltools.schema.scope import Scope
from evaltools.schema.tree import Answer, Call, Constant, Tree

_ARITHMETIC: Final[Mapping[type[ast.operator], str]] = MappingProxyType(
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
)
_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = MappingProxyType(
    {
        ast.Eq: "==",
        ast.NotEq: "!=",
        ast.Lt: "<",
        ast.LtE: "<=",
        ast.Gt: ">",
        ast.GtE: ">=",
        ast.In: "in",
        ast.NotIn: "not in",
    }
)
_FORBIDDEN: Final[Mapping[type[ast.expr], str]] = MappingProxyType(
    {
        ast.Attribute: "a dot after a name",
        ast.Subscript: "square brackets after a name",
        ast.Lambda: "lambda",
        ast.ListComp: "for",
        ast.GeneratorExp: "for",
        ast.NamedExpr: ":=",
        ast.Dict: "braces",
        ast.Set: "braces",
        ast.JoinedStr: "an f-string",
    }
)


def compile_rule(text: str, scope: Scope, where: str = "") -> Tree:
    """The tree of a rule.

    :param text: the rule in Python-expression grammar, such as `f2_foster <= f1_placed`; see `docs/rules.md`
    :param scope: the names that may be used
    :param where: `file:line`, for messages
    :raises SchemaError: with every fault found; codes `RULE_...` of `docs/rules.md`

    >>> from evaltools.schema.scope import ScopeField
    >>> scope = Scope({name: ScopeField(name, "integer") for name in ("f1_placed", "f2_foster")})
    >>> compile_rule("f2_foster <= f1_placed", scope)
    Call(operator='<=', operands=(Answer(name='f2_foster'), Answer(name='f1_placed')))
    """
    rule = " ".join(text.split())
    place = Place(scope, where, rule if len(rule) <= 120 else f"{rule[:117]}...")
    part = _part(read_grammar(rule, place.rule, where), place)
    if place.faults:
        raise SchemaError(*place.faults)
    return part.tree


def compile_condition(text: str, scope: Scope, where: str = "") -> Tree:
    """The tree of a rule that must be true or false: routing conditions and checks.

    :raises SchemaError: as `compile_rule`, and `RULE_NO_CONDITION` for a rule that gives anything else

    >>> from evaltools.schema.scope import ScopeField
    >>> compile_condition("f1_placed > 0", Scope({"f1_placed": ScopeField("f1_placed", "integer")})).operator
    '>'
    """
    tree = compile_rule(text, scope, where)
    computed = (field.name for field in scope.fields.values() if field.kind == "computed")
    if is_condition(tree, frozenset(computed)):
        return tree
    problem = f'the rule "{" ".join(text.split())}" gives a value where a condition must stand'
    raise SchemaError(Fault("RULE_NO_CONDITION", where, problem, "Compare the value, such as f1_placed > 0."))


def _part(node: ast.expr, place: Place) -> Part:
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(node, place)
    written = ast.unparse(node)
    what = _FORBIDDEN.get(type(node), f'"{written}"')
    place.fault("RULE_NOT_ALLOWED", f"{what} is not part of the rule language", _NOT_ALLOWED_REMEDY)
    return unknown(written)


_NOT_ALLOWED_REMEDY: Final = f"Use names, numbers, codes, operators and the functions {', '.join(FUNCTIONS)}."


def _constant(node: ast.Constant, place: Place) -> Part:
    written, value = ast.unparse(node), node.value
    if isinstance(value, bool):
        return Part(Constant(value), "truth", written)
    if isinstance(value, str):
        return Part(Constant(value), "text", written)
    if not isinstance(value, int | float):
        remedy = "Ask missing(x, kind) or answered(x)." if value is None else "Write a number, or a text in quotes."
        place.fault("RULE_NOT_ALLOWED", f"{written} is not part of the rule language", remedy)
        return unknown(written)
    if abs(value) > LARGEST:
        place.fault("RULE_TOO_LARGE", "a number is larger than rules can count with", f"Stay within {LARGEST}.")
        return unknown(written)
    return Part(Constant(value), "number", written)


def _name(node: ast.Name, place: Place) -> Part:
    scope, name = place.scope, place.rows.get(node.id, node.id)
    if name in scope.fields:
        field = scope.fields[name]
        return Part(Answer(name), sort_of(field), node.id, field.codelist)
    if name in scope.parameters:
        return Part(Constant(scope.parameters[name]), "number", node.id)
    if name in scope.grids:
        first = scope.grids[name][0] if scope.grids[name] else name
        remedy = f"Name one row, such as {first}, or write it inside {', '.join(GROUPS[:-1])} or {GROUPS[-1]}."
        place.fault("RULE_GRID_OUTSIDE", f'"{name}" is a grid with several rows', remedy)
    elif name in scope.concepts:
        remedy = f"Write: <field> in {name}."
        place.fault("RULE_CONCEPT", f'"{name}" is a set of codes and can only stand after "in"', remedy)
    else:
        place.fault("RULE_UNKNOWN_NAME", f'unknown name "{node.id}"', near(node.id, scope.names))
    return unknown(node.id)


def _unary(node: ast.UnaryOp, place: Place) -> Part:
    operand, written = _part(node.operand, place), ast.unparse(node)
    if isinstance(node.op, ast.Not):
        require_condition(operand, place)
        return Part(Call("not", (operand.tree,)), "truth", written)
    if not isinstance(node.op, ast.USub):
        place.fault("RULE_NOT_ALLOWED", f'"{written}" is not part of the rule language', _NOT_ALLOWED_REMEDY)
        return unknown(written)
    require_number(operand, place)
    if isinstance(operand.tree, Constant) and isinstance(operand.tree.value, int | float):
        return Part(Constant(-operand.tree.value), "number", written)
    return Part(Call("-", (operand.tree,)), "number", written)


def _logical(node: ast.BoolOp, place: Place) -> Part:
    parts = [_part(value, place) for value in node.values]
    for part in parts:
        require_condition(part, place)
    operator = "and" if isinstance(node.op, ast.And) else "or"
    return Part(Call(operator, tuple(part.tree for part in parts)), "truth", ast.unparse(node))


def _arithmetic(node: ast.BinOp, place: Place) -> Part:
    written, operator = ast.unparse(node), _ARITHMETIC.get(type(node.op))
    if operator is None:
        place.fault("RULE_NOT_ALLOWED", f'"{written}" is not part of the rule language', "Use + - * / to calculate.")
        return unknown(written)
    left, right = _part(node.left, place), _part(node.right, place)
    require_number(left, place)
    require_number(right, place)
    return Part(Call(operator, (left.tree, right.tree)), "number", written)


def _compare(node: ast.Compare, place: Place) -> Part:
    sides = [node.left, *node.comparators]
    links = [_link(op, left, right, place) for op, left, right in zip(node.ops, sides, sides[1:], strict=False)]
    tree = links[0] if len(links) == 1 else Call("and", tuple(links))
    return Part(tree, "truth", ast.unparse(node))


def _link(op: ast.cmpop, left: ast.expr, right: ast.expr, place: Place) -> Tree:
    operator = _COMPARISONS.get(type(op))
    if operator is None:
        place.fault("RULE_NOT_ALLOWED", '"is" is not part of the rule language', 'Write "==" or "!=".')
        return Constant(None)
    if operator not in ("in", "not in"):
        return bound_pair(operator, _part(left, place), _part(right, place), place)
    found = bound_membership(_part(left, place), _members(right, place), place)
    return found if operator == "in" else Call("not", (found,))


def _members(node: ast.expr, place: Place) -> list[Part | str]:
    """What stands after `in`: the parts of a list; a concept's name stays a name until the code list is known."""
    nodes = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    listed = isinstance(node, ast.List | ast.Tuple)
    members: list[Part | str] = []
    for member in nodes:
        if isinstance(member, ast.Name) and member.id in place.scope.concepts:
            members.append(member.id)
        elif listed:
            members.append(_part(member, place))
        elif isinstance(member, ast.Name) and member.id not in place.scope.names:
            remedy = near(member.id, place.scope.concepts)
            place.fault("RULE_UNKNOWN_NAME", f'unknown set of codes "{member.id}" after "in"', remedy)
        else:
            problem = f'after "in" stands {ast.unparse(member)}, which is no list'
            place.fault("RULE_NO_LIST", problem, "Write a list of codes, such as [4, 5], or the name of a concept.")
    return members


def _if(node: ast.IfExp, place: Place) -> Part:
    condition, then, other = (_part(part, place) for part in (node.test, node.body, node.orelse))
    require_condition(condition, place)
    written = ast.unparse(node)
    if (
        then.sort != other.sort
        and "unknown" not in (then.sort, other.sort)
        and "computed" not in (then.sort, other.sort)
    ):
        problem = f"{then.written} is {IN_WORDS[then.sort]} and {other.written} is {IN_WORDS[other.sort]}"
        place.fault("RULE_UNLIKE", problem, "Give both sides of if ... else the same kind of value.")
        return unknown(written)
    return Part(Call("if", (condition.tree, then.tree, other.tree)), then.sort, written, then.codelist)


def _call(node: ast.Call, place: Place) -> Part:
    written = ast.unparse(node)
    if not isinstance(node.func, ast.Name) or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
        remedy = f"Call a function by its name with plain operands: {', '.join(FUNCTIONS)}."
        place.fault("RULE_NOT_ALLOWED", f'"{written}" is not part of the rule language', remedy)
        return unknown(written)
    if node.func.id not in FUNCTIONS:
        place.fault("RULE_UNKNOWN_FUNCTION", f'unknown function "{node.func.id}"', near(node.func.id, FUNCTIONS))
        return unknown(written)
    return CALLS[node.func.id](node, place, _part)


_READERS: Final[Mapping[type[ast.expr], Callable[..., Part]]] = MappingProxyType(
    {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.UnaryOp: _unary,
        ast.BoolOp: _logical,
        ast.BinOp: _arithmetic,
        ast.Compare: _compare,
        ast.IfExp: _if,
        ast.Call: _call,
    }
)
