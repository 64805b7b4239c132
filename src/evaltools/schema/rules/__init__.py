"""The rule language: read a rule, evaluate it, print it as a sentence, ask what it can ever give (`docs/rules.md`)."""

from evaltools.schema.rules.compiling import compile_condition, compile_rule
from evaltools.schema.rules.evaluating import evaluate
from evaltools.schema.rules.outcomes import Outcomes, can_be
from evaltools.schema.rules.tree_json import tree_from_json, tree_to_json
from evaltools.schema.rules.walking import is_condition, names_in, walk, with_leaves

__all__ = [
    "Outcomes",
    "can_be",
    "compile_condition",
    "compile_rule",
    "evaluate",
    "is_condition",
    "names_in",
    "tree_from_json",
    "tree_to_json",
    "walk",
    "with_leaves",
]
