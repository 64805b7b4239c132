import math

import pytest

from evaltools.schema import Missing, compile_rule, evaluate
from evaltools.schema.model import Value
from evaltools.schema.rules.evaluating import LARGEST
from evaltools.schema.tree import Answer, Call, Constant, Tree
from rule_scope import EVERY_KIND, SCOPE


def test_parts_that_add_up_in_decimals_are_never_stopped_by_binary_noise() -> None:
    rule = compile_rule("sum(a, b, c) <= d", SCOPE)
    assert 0.1 + 0.7 + 0.1 != 0.9  # what floats say
    assert evaluate(rule, {"a": 0.1, "b": 0.7, "c": 0.1, "d": 0.9}) is True


@pytest.mark.parametrize(
    ("value", "digits", "rounded"), [(2.5, 0, 3), (-2.5, 0, -3), (0.125, 2, 0.13), (1.005, 2, 1.01)]
)
def test_rounding_is_half_away_from_zero_on_the_decimals_as_written(value: float, digits: int, rounded: float) -> None:
    assert evaluate(compile_rule(f"round(d, {digits})", SCOPE), {"d": value}) == rounded


def test_the_digits_of_a_rounding_may_be_any_whole_number_however_it_came_about() -> None:
    half = Call("/", (Constant(4), Constant(2)))
    for digits in (Constant(2), Constant(2.0), half):
        assert evaluate(Call("round", (Constant(2.675), digits)), {}) == 2.68


def test_a_whole_result_is_a_whole_number() -> None:
    assert type(evaluate(compile_rule("a / b", SCOPE), {"a": 6, "b": 3})) is int


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, LARGEST + 1, 10**400])
def test_a_number_that_nobody_can_count_with_is_missing(value: float) -> None:
    for rule in ("a + 1", "a > 1", "a == a", "abs(a)", "sum(a, 1)", "a in [1]"):
        assert evaluate(compile_rule(rule, SCOPE), {"a": value}) is None


def test_true_and_false_are_no_numbers_and_no_kind_of_missing_is_one() -> None:
    rule = compile_rule("a + 1", SCOPE)
    assert evaluate(rule, {"a": True}) is None
    for kind in EVERY_KIND:
        assert evaluate(rule, {} if kind is None else {"a": kind}) is None


def test_unlike_values_cannot_be_compared() -> None:
    for value in ("5", True, ("5",)):
        for operator in ("==", "!=", "<", ">="):
            assert evaluate(Call(operator, (Answer("a"), Constant(5))), {"a": value}) is None


def test_order_between_two_fields_of_an_ordered_list_goes_by_the_list() -> None:
    rule = compile_rule("s <= s2", SCOPE)
    assert evaluate(rule, {"s": "1", "s2": "4"}) is True
    assert evaluate(rule, {"s": "4", "s2": "4"}) is True
    assert evaluate(rule, {"s": "5", "s2": "4"}) is False
    assert evaluate(rule, {"s": Missing.DONT_KNOW, "s2": "4"}) is None


def test_a_count_is_decided_as_soon_as_the_unknown_cannot_matter() -> None:
    answers: dict[str, Value] = {"g_r1": 9, "g_r2": 9, "g_r3": Missing.DONT_KNOW}
    given = {rule: evaluate(compile_rule(rule, SCOPE), answers) for rule in COUNTED}
    assert given == COUNTED


COUNTED = {
    "count(g > 5) >= 2": True,
    "count(g > 5) > 2": None,
    "count(g > 5) > 3": False,
    "count(g > 5) < 2": False,
    "count(g > 5) != 1": True,
    "count(g > 5) == 3": None,
    "4 > count(g > 5)": True,
    "count(g > 5) == count(g > 5)": None,
    "count(g > 5) + 0 >= 2": None,
}


@pytest.mark.parametrize(
    "tree",
    [
        Call("nonsense", (Constant(1),)),
        Call("and", ()),
        Call("not", (Constant(True), Constant(True))),
        Call("<", (Constant(1),)),
        Call("in", (Constant(1), Constant(1))),
        Call("list", (Constant(1),)),
        Call("missing", (Constant(1), Constant("dont_know"))),
        Call("selected", (Constant("a"), Constant("a"))),
        Call("round", (Constant(1.5), Constant(99))),
        Call("round", (Constant(1.5), Constant(0.5))),
        Call("if", (Constant(1), Constant(1), Constant(2))),
        Constant(None),
    ],
)
def test_a_tree_that_makes_no_sense_is_missing(tree: Tree) -> None:
    assert evaluate(tree, {}) is None


def test_a_tree_of_any_depth_is_answered() -> None:
    tree: Tree = Constant(True)
    for _ in range(100_000):
        tree = Call("not", (tree,))
    assert evaluate(tree, {}) is None


def test_answered_and_missing_look_at_the_kind() -> None:
    for kind in EVERY_KIND:
        answers: dict[str, Value] = {} if kind is None else {"a": kind}
        assert evaluate(compile_rule("answered(a)", SCOPE), answers) is False
        for asked in ("dont_know", "no_cases", "not_asked", "not_answered", "refused", "cannot_be_counted"):
            given = kind.kind if kind is not None else "not_answered"
            assert evaluate(compile_rule(f"missing(a, {asked})", SCOPE), answers) is (given == asked)


def test_an_empty_text_and_an_empty_selection_are_no_answers() -> None:
    assert evaluate(compile_rule("answered(t)", SCOPE), {"t": ""}) is False
    assert evaluate(compile_rule("answered(u)", SCOPE), {"u": ()}) is False
