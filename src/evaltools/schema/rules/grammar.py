"""The text of a rule read by Python's own grammar, within limits, with remedies for the usual slips of the pen."""

from __future__ import annotations

import ast
import warnings
from typing import Final

from evaltools.errors import Fault, SchemaError

LONGEST_TEXT: Final = 2000
"""Characters."""
MOST_NODES: Final = 200
"""Nodes in the text as it is written, before grids are spread over their rows."""
DEEPEST: Final = 25

_SLIPS: Final = (
    ("&&", "and"),
    ("||", "or"),
    ("<>", "!="),
    ("=<", "<="),
    ("=>", ">="),
    (" og ", "and"),
    (" eller ", "or"),
)


def read_grammar(rule: str, shown: str, where: str) -> ast.expr:
    """The expression that a rule's text is in Python's grammar.

    :param rule: the text on one line
    :param shown: the text as messages show it
    :param where: `file:line`
    :raises SchemaError: `RULE_SYNTAX`, `RULE_TOO_LONG`, `RULE_TOO_DEEP`
    """
    if not rule:
        raise SchemaError(Fault("RULE_SYNTAX", where, "the rule is empty", "Write a condition, or delete the key."))
    if len(rule) > LONGEST_TEXT:
        raise _too_long(shown, where, f"{len(rule)} characters, and {LONGEST_TEXT} is the most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on its own grammar is no help to an author of rules
            body = ast.parse(rule, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise SchemaError(_syntax_fault(rule, shown, where, error)) from None
    nodes = sum(isinstance(node, ast.expr) for node in ast.walk(body))
    if nodes > MOST_NODES:
        raise _too_long(shown, where, f"{nodes} parts, and {MOST_NODES} is the most")
    if _depth(body) > DEEPEST:
        raise SchemaError(
            Fault(
                "RULE_TOO_DEEP",
                where,
                f'the rule "{shown}" is nested more than {DEEPEST} levels deep',
                "Split it into two rules, or give a part its own computed item.",
            )
        )
    return body


def _too_long(shown: str, where: str, size: str) -> SchemaError:
    remedy = "Split it into several rules, or use any(...), all(...) or count(...) on a grid."
    return SchemaError(Fault("RULE_TOO_LONG", where, f'the rule "{shown}" has {size}', remedy))


def _syntax_fault(rule: str, shown: str, where: str, error: Exception) -> Fault:
    remedy = next((f'Write "{right}" instead of "{slip.strip()}".' for slip, right in _SLIPS if slip in rule), "")
    reason = error.msg if isinstance(error, SyntaxError) else "nested too deep"
    if not remedy and "leading zeros" in reason:
        remedy = 'Put a code with a leading zero in quotes, such as "0101".'
    elif not remedy and "=" in rule and "==" not in rule:
        remedy = 'Write "==" to compare, such as a5_project == 1.'
    remedy = remedy or "Check brackets and operators; docs/rules.md lists all that may be written."
    return Fault("RULE_SYNTAX", where, f'cannot read the rule "{shown}" ({reason})', remedy)


def _depth(node: ast.AST) -> int:
    deepest, level = 0, [node]
    while level:
        level = [child for parent in level for child in ast.iter_child_nodes(parent) if isinstance(child, ast.expr)]
        deepest += 1
    return deepest
