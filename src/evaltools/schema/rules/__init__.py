"""The rule language: read a rule, evaluate it, print it as a sentence, ask what it can ever give (`docs/rules.md`)."""

from evaltools.schema.rules.compiling import compile_condition, compile_rule
from evaltools.schema.rules.evaluating import evaluate
from evaltools.schema.rules.walking import names_in, walk, with_leaves

__all__ = ["compile_condition", "compile_rule", "evaluate", "names_in", "walk", "with_leaves"]
