"""Each row of the table in docs/rules.md, executed for every kind of missing that it speaks of."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from evaltools.schema import Missing, compile_rule, evaluate, missing_kind
from evaltools.schema.model import Value
from evaltools.schema.rules.operators import FUNCTIONS, OPERATORS
from evaltools.schema.rules.walking import walk
from evaltools.schema.tree import Call
from rule_scope import EVERY_KIND, SCOPE

DOCUMENT = Path(__file__).parents[3] / "docs" / "rules.md"
KINDS = {kind.kind for kind in Missing}


def rows() -> list[tuple[str, str, str]]:
    table = DOCUMENT.read_text("utf-8").partition("## Cases")[2]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(rule.strip("`"), answers, gives) for rule, answers, gives in cells]


def possible(written: str, name: str) -> list[Value | None]:
    if written == "?":
        return list(EVERY_KIND)
    if written == "?asked":
        return [kind for kind in EVERY_KIND if kind is not Missing.NOT_ASKED]
    if written in KINDS:
        return [missing_kind(written)]
    field = SCOPE.fields[name]
    if field.kind == "multiple":
        return [tuple(written.split("+"))]
    return [float(written) if "." in written else int(written)] if field.is_number else [written]


def all_answers(written: str) -> Iterator[dict[str, Value]]:
    pairs = [pair.strip().split("=") for pair in written.split(",") if pair.strip()]
    for values in product(*(possible(value, name) for name, value in pairs)):
        named = zip((name for name, _ in pairs), values, strict=True)
        yield {name: value for name, value in named if value is not None}


@pytest.mark.parametrize(("rule", "answers", "gives"), rows())
def test_each_row_of_the_table_holds(rule: str, answers: str, gives: str) -> None:
    tree = compile_rule(rule, SCOPE)
    wanted = {"True": True, "False": False, "missing": None}.get(gives, gives)
    for each in all_answers(answers):
        result = evaluate(tree, each)
        shown = str(result) if isinstance(wanted, str) else result
        assert shown == wanted, each


def test_the_table_says_for_every_operator_what_missing_gives() -> None:
    with_missing = [rule for rule, answers, _ in rows() if "?" in answers]
    trees = [compile_rule(rule, SCOPE) for rule in with_missing]
    used = {node.operator for tree in trees for node in walk(tree) if isinstance(node, Call)}
    # `missing` asks about one kind and has its own rows, kind by kind; a list has no value.
    assert set(OPERATORS) - used == {"missing"}


def test_the_document_names_every_function_and_every_fault() -> None:
    document = DOCUMENT.read_text("utf-8")
    folder = Path(__file__).parents[3] / "src" / "evaltools" / "schema" / "rules"
    code = "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    faults = {word.strip('"') for word in code.replace("(", " ").replace(",", " ").split() if word.startswith('"RULE_')}
    assert [name for name in FUNCTIONS if f"`{name}(" not in document] == []
    assert sorted(fault for fault in faults if f"`{fault}`" not in document) == []
    assert len(faults) >= 18
