import json

import pytest

from evaltools.errors import SchemaError
from evaltools.schema import compile_rule, tree_from_json, tree_to_json
from rule_scope import SCOPE


@pytest.mark.parametrize("rule", ["a <= b", "s in high", "sum(g) <= 3.5", "missing(a, dont_know) or t == 'æ'", "-a"])
def test_a_tree_comes_back_from_json_as_it_was(rule: str) -> None:
    tree = compile_rule(rule, SCOPE)
    assert tree_from_json(json.loads(json.dumps(tree_to_json(tree)))) == tree


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("a", "no node"),
        ([], "no node"),
        ([1], "no node"),
        ({"value": 1}, "no node"),
        (["plus", ["value", 1]], 'no operator "plus"'),
        (["not", ["value", 1], ["value", 2]], "takes 1 operands"),
        (["answer", 3], "no leaf"),
        (["value", [1]], "no leaf"),
        (["value"], "no leaf"),
    ],
)
def test_what_is_no_tree_is_refused(data: object, says: str) -> None:
    with pytest.raises(SchemaError, match="RULE_TREE") as caught:
        tree_from_json(data, "snapshot.json")
    assert says in str(caught.value)


def test_a_tree_of_absurd_depth_is_refused() -> None:
    data: list[object] = ["value", True]
    for _ in range(5000):
        data = ["not", data]
    with pytest.raises(SchemaError, match="levels"):
        tree_from_json(data)
