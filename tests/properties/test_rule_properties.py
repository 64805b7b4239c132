"""Random rules and random answers: nothing raises, Kleene's laws hold, what is known stays known."""

import json

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from evaltools.errors import Fault, SchemaError
from evaltools.language import Text
from evaltools.schema import Missing, can_be, compile_rule, evaluate, names_in, tree_from_json, tree_to_json
from evaltools.schema.model import Value
from evaltools.schema.rules.operators import OPERATORS
from evaltools.schema.rules.saying import Named, Speaker, phrase
from evaltools.schema.rules.walking import size
from evaltools.schema.tree import Answer, Call, Constant, Tree
from rule_scope import SCOPE

NAMES = ("a", "b", "p", "u", "t", "unknown")
constants = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10),
    st.integers(),
    st.floats(),
    st.sampled_from(["1", "2", "", "dont_know", "2018-03"]),
)
leaves = st.one_of(st.builds(Constant, constants), st.builds(Answer, st.sampled_from(NAMES)))
operators = st.sampled_from([*OPERATORS, "nonsense"])
trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda inner: st.builds(Call, operators, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=12,
)
values = st.one_of(
    st.sampled_from(list(Missing)),
    st.booleans(),
    st.integers(),
    st.integers(-3, 3),
    st.floats(),
    st.sampled_from(["1", "2", "x", ""]),
    st.lists(st.sampled_from(["1", "2", "3"]), max_size=3).map(tuple),
)
answers = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
truths = st.sampled_from([True, False, None])

conditions = st.sampled_from(["a > 1", "b <= a", "p == 1", "p in [2, 3]", "selected(u, 1)", "t == 'x'"])
rules = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("any({}, {})".format, inner, inner),
        st.builds("all({}, {})".format, inner, inner),
        st.builds("(count({}, {}) >= 1)".format, inner, inner),
    ),
    max_leaves=6,
)


@seed(1)
@settings(max_examples=500, deadline=None, database=None)
@given(trees, answers)
def test_every_tree_gives_a_value_or_none_for_any_answers(tree: Tree, given_answers: dict[str, Value]) -> None:
    check_value(tree, given_answers)


@pytest.mark.proof
def test_ten_thousand_trees_give_a_value_or_none_for_any_answers() -> None:
    seen: list[object] = []

    @seed(1)
    @settings(max_examples=10_000, deadline=None, database=None)
    @given(trees, answers)
    def check(tree: Tree, given_answers: dict[str, Value]) -> None:
        seen.append(check_value(tree, given_answers))

    check()
    print(f"{len(seen)} rules evaluated, {sum(each is not None for each in seen)} gave a value, none raised")  # noqa: T201
    assert len(seen) >= 10_000


def check_value(tree: Tree, given_answers: dict[str, Value]) -> object:
    result = evaluate(tree, given_answers)
    assert result is None or isinstance(result, bool | int | float | str | tuple)
    assert not isinstance(result, Missing)
    assert result == result  # never NaN
    return result


@seed(2)
@settings(max_examples=300, deadline=None, database=None)
@given(trees)
def test_every_tree_can_be_said_and_comes_back_from_json(tree: Tree) -> None:
    speaker = Speaker("da", {"a": Named(Text("Anbragte", "Placed"), is_plain=True)})
    assert isinstance(phrase(tree, speaker), str)
    if all(word not in repr(tree) for word in ("nonsense", "nan", "inf")) and _is_well_formed(tree):
        assert tree_from_json(json.loads(json.dumps(tree_to_json(tree)))) == tree


def _is_well_formed(tree: Tree) -> bool:
    if not isinstance(tree, Call):
        return True
    return OPERATORS[tree.operator].allows(len(tree.operands)) and all(map(_is_well_formed, tree.operands))


@seed(3)
@settings(max_examples=100, deadline=None, database=None)
@given(truths, truths, truths)
def test_the_laws_of_kleene_hold(x: bool | None, y: bool | None, z: bool | None) -> None:
    def said(operator: str, *operands: bool | None) -> bool | None:
        result = evaluate(Call(operator, tuple(map(Constant, operands))), {})
        assert result is None or isinstance(result, bool)
        return result

    def both(*operands: bool | None) -> bool | None:
        return said("and", *operands)

    def either(*operands: bool | None) -> bool | None:
        return said("or", *operands)

    def no(operand: bool | None) -> bool | None:
        return said("not", operand)

    order = {False: 0, None: 1, True: 2}
    assert order[both(x, y)] == min(order[x], order[y])
    assert order[either(x, y)] == max(order[x], order[y])
    assert no(no(x)) is x
    assert no(both(x, y)) is either(no(x), no(y))
    assert both(x, y) is both(y, x)
    assert both(x, y, z) is said("all", x, y, z)
    assert either(x, y, z) is said("any", x, y, z)


@seed(4)
@settings(max_examples=500, deadline=None, database=None)
@given(rules, answers, st.data())
def test_what_is_known_stays_known_when_more_is_answered(
    rule: str, given_answers: dict[str, Value], data: st.DataObject
) -> None:
    tree = compile_rule(rule, SCOPE)
    asked = {name: value for name, value in given_answers.items() if value is not Missing.NOT_ASKED}
    result = evaluate(tree, asked)
    lacking = [name for name in names_in(tree) if isinstance(asked.get(name, Missing.NOT_ANSWERED), Missing)]
    more = {name: data.draw(values.filter(lambda value: value is not Missing.NOT_ASKED)) for name in lacking}
    if result is not None:
        assert evaluate(tree, {**asked, **more}) is result


@seed(5)
@settings(max_examples=200, deadline=None, database=None)
@given(rules, st.data())
def test_no_answer_gives_what_the_analysis_says_never_comes(rule: str, data: st.DataObject) -> None:
    tree = compile_rule(rule, SCOPE)
    outcomes = can_be(tree, SCOPE)
    sensible: dict[str, st.SearchStrategy[Value]] = {
        "a": st.integers(-5, 5),
        "b": st.integers(-5, 5),
        "p": st.sampled_from(["1", "2", "3", "4"]),
        "u": st.sets(st.sampled_from(["1", "2"]), min_size=1).map(tuple),
        "t": st.sampled_from(["x", "y"]),
    }
    result = evaluate(tree, {name: data.draw(sensible[name]) for name in names_in(tree)})
    assert isinstance(result, bool)
    assert not outcomes.never(outcome=result)


def _written(tree: Tree) -> str:
    """The text of a rule, with brackets everywhere; the fields `p` and `u` hold codes."""
    if isinstance(tree, Constant):
        return repr(tree.value)
    if isinstance(tree, Answer):
        return tree.name
    parts = [_written(operand) for operand in tree.operands]
    if tree.operator == "list":
        return f"[{', '.join(parts)}]"
    if tree.operator == "not":
        return f"(not {parts[0]})"
    if tree.operator in ("any", "all", "count", "selected"):
        return f"{tree.operator}({', '.join(parts)})"
    return "(" + f" {tree.operator} ".join(parts) + ")"


@seed(7)
@settings(max_examples=200, deadline=None, database=None)
@given(rules)
def test_a_rule_written_out_from_its_tree_is_read_as_the_same_tree(rule: str) -> None:
    tree = compile_rule(rule, SCOPE)
    assert compile_rule(_written(tree), SCOPE) == tree


@seed(6)
@settings(max_examples=300, deadline=None, database=None)
@given(
    st.text(max_size=40)
    | st.builds("".join, st.lists(st.sampled_from([*"ab1()<=>+-*/ .,'[]", " and ", "not ", "any("])))
)
def test_any_text_is_a_rule_or_a_fault_that_says_why(text: str) -> None:
    try:
        assert size(compile_rule(text, SCOPE)) >= 1
        faults: tuple[Fault, ...] = ()
    except SchemaError as error:
        faults = error.faults
    assert all(fault.code.startswith("RULE_") and fault.remedy for fault in faults)
