import pytest

from evaltools.errors import SchemaError
from evaltools.schema import compile_condition, compile_rule, names_in
from evaltools.schema.tree import Answer, Call, Constant
from rule_scope import SCOPE


def codes(*members: str) -> Call:
    return Call("list", tuple(Constant(member) for member in members))


def test_a_comparison_of_fields_becomes_a_call_on_two_answers() -> None:
    assert compile_rule("a <= b", SCOPE) == Call("<=", (Answer("a"), Answer("b")))


def test_whole_numbers_beside_a_choice_mean_codes() -> None:
    assert compile_rule("p == 2", SCOPE) == Call("==", (Answer("p"), Constant("2")))
    assert compile_rule("2 == p", SCOPE) == Call("==", (Answer("p"), Constant("2")))
    assert compile_rule("p in [1, '2']", SCOPE) == Call("in", (Answer("p"), codes("1", "2")))


def test_a_concept_stands_for_its_codes() -> None:
    assert compile_rule("s in high", SCOPE) == Call("in", (Answer("s"), codes("4", "5")))
    assert compile_rule("s in [high, 1]", SCOPE) == Call("in", (Answer("s"), codes("4", "5", "1")))
    assert compile_rule("s not in high", SCOPE) == Call("not", (compile_rule("s in high", SCOPE),))


@pytest.mark.parametrize(
    ("rule", "members"),
    [("s >= 3", "3 4 5"), ("s > 3", "4 5"), ("s < 2", "0 1"), ("s <= 2", "0 1 2"), ("3 > s", "0 1 2"), ("s > 5", "")],
)
def test_order_on_an_ordered_list_is_membership(rule: str, members: str) -> None:
    assert compile_rule(rule, SCOPE) == Call("in", (Answer("s"), codes(*members.split())))


def test_a_grid_in_a_group_stands_for_its_rows() -> None:
    rows = tuple(Call("in", (Answer(f"k_r{n}"), codes("4", "5"))) for n in (1, 2))
    assert compile_rule("any(k in high)", SCOPE) == Call("any", rows)
    assert compile_rule("sum(g)", SCOPE) == Call("sum", tuple(Answer(f"g_r{n}") for n in (1, 2, 3)))


def test_two_grids_in_one_operand_go_by_the_rows_they_share() -> None:
    tree = compile_rule("count(g > 3 and k in high)", SCOPE)
    assert isinstance(tree, Call)
    assert [names_in(operand) for operand in tree.operands] == [("g_r1", "k_r1"), ("g_r2", "k_r2")]


def test_the_innermost_group_spreads_a_grid() -> None:
    tree = compile_rule("all(a <= max(g))", SCOPE)
    assert tree == Call("all", (Call("<=", (Answer("a"), compile_rule("max(g)", SCOPE))),))


def test_parameters_are_put_in_as_numbers() -> None:
    assert compile_rule("y <= ref_year", SCOPE) == Call("<=", (Answer("y"), Constant(2017)))


def test_chained_comparisons_are_joined_by_and() -> None:
    assert compile_rule("0 <= a <= 5", SCOPE) == compile_rule("0 <= a and a <= 5", SCOPE)


def test_a_rule_may_stand_on_several_lines() -> None:
    assert compile_rule("a <= b\n  and\n b <= c", SCOPE) == compile_rule("a <= b and b <= c", SCOPE)


@pytest.mark.parametrize(
    ("rule", "code", "says"),
    [
        ("", "RULE_SYNTAX", "empty"),
        ("a <", "RULE_SYNTAX", "brackets and operators"),
        ("a = 1", "RULE_SYNTAX", 'Write "=="'),
        ("a == 1 && b == 2", "RULE_SYNTAX", 'Write "and" instead of "&&"'),
        ("a == 1 og b == 2", "RULE_SYNTAX", 'Write "and" instead of "og"'),
        ("p == 01", "RULE_SYNTAX", "in quotes"),
        ("a == \x00", "RULE_SYNTAX", "null"),
        ("a == 1 " + "or a == 1 " * 300, "RULE_TOO_LONG", "characters"),
        ("+".join(["a"] * 150) + " > 0", "RULE_TOO_LONG", "parts"),
        ("not " * 30 + "a > 1", "RULE_TOO_DEEP", "levels deep"),
        ("a < 1e400", "RULE_TOO_LARGE", "larger"),
        ("a.b == 1", "RULE_NOT_ALLOWED", "dot"),
        ("a[0] == 1", "RULE_NOT_ALLOWED", "square brackets"),
        ("(lambda: 1)() == 1", "RULE_NOT_ALLOWED", "plain operands"),
        ("[x for x in g]", "RULE_NOT_ALLOWED", "for"),
        ("a ** 2 > 1", "RULE_NOT_ALLOWED", "Use + - * /"),
        ("a // 2 > 1", "RULE_NOT_ALLOWED", "Use + - * /"),
        ("+a > 1", "RULE_NOT_ALLOWED", "not part"),
        ("a is b", "RULE_NOT_ALLOWED", 'Write "=="'),
        ("a == None", "RULE_NOT_ALLOWED", "missing(x, kind)"),
        ("a == 1j", "RULE_NOT_ALLOWED", "Write a number"),
        ("f'{a}' == t", "RULE_NOT_ALLOWED", "f-string"),
        ("sum(*g) > 1", "RULE_NOT_ALLOWED", "plain operands"),
        ("round(a, digits=1) > 1", "RULE_NOT_ALLOWED", "plain operands"),
        ("ref_registre > 1", "RULE_UNKNOWN_NAME", 'Did you mean "ref_register"?'),
        ("p in hihg", "RULE_UNKNOWN_NAME", 'Did you mean "high"?'),
        ("cuont(a > 1) > 1", "RULE_UNKNOWN_FUNCTION", 'Did you mean "count"?'),
        ("p == 7", "RULE_WRONG_CODE", 'code "7" is not in the code list "choices" of p'),
        ("p in [1, 7]", "RULE_WRONG_CODE", 'code "7"'),
        ("selected(u, 9)", "RULE_WRONG_CODE", 'code "9"'),
        ("s > 9", "RULE_WRONG_CODE", 'code "9"'),
        ("p >= 2", "RULE_ORDER_ON_NOMINAL", "no order"),
        ("p < q", "RULE_ORDER_ON_NOMINAL", "no order"),
        ("m <= '2018-13'", "RULE_WRONG_MOMENT", '"2018-03"'),
        ("day <= '31.12.2018'", "RULE_WRONG_MOMENT", '"2018-03-31"'),
        ("missing(a, dunno)", "RULE_NO_SUCH_KIND", "dont_know"),
        ("a and b", "RULE_UNLIKE", "Compare it"),
        ("not p", "RULE_UNLIKE", "a code where a condition must stand"),
        ("a + p > 1", "RULE_UNLIKE", "a code where a number must stand"),
        ("a == 'x'", "RULE_UNLIKE", "cannot be compared"),
        ("a < True", "RULE_UNLIKE", "cannot be compared"),
        ("t < 'x'", "RULE_UNLIKE", "cannot be compared"),
        ("u == 1", "RULE_UNLIKE", "Write selected(u, code)"),
        ("u in [1]", "RULE_UNLIKE", "Write selected(u, code, ...)"),
        ("selected(p, 1)", "RULE_UNLIKE", "multiple item"),
        ("p == s", "RULE_UNLIKE", "same code list"),
        ("p == 1.5", "RULE_UNLIKE", "is no code"),
        ("any(a)", "RULE_UNLIKE", "Compare it"),
        ("sum(p) > 1", "RULE_UNLIKE", "number must stand"),
        ("(a if b > 1 else p) == 1", "RULE_UNLIKE", "same kind"),
        ("abs(a, b) > 1", "RULE_OPERANDS", "takes 1 operands"),
        ("round(a, 20) > 1", "RULE_OPERANDS", "0 to 10 digits"),
        ("any()", "RULE_OPERANDS", "at least 1"),
        ("answered(a + b)", "RULE_NO_FIELD", "Name one field"),
        ("a in b", "RULE_NO_LIST", "Write a list"),
        ("a in [b]", "RULE_NO_LIST", "List fixed values"),
        ("high", "RULE_CONCEPT", "<field> in high"),
        ("p in high", "RULE_CONCEPT", 'the code list "choices"'),
        ("a in high", "RULE_CONCEPT", "is a number"),
        ("k == 1", "RULE_GRID_OUTSIDE", "k_r1"),
        ("all(g > 1 and k > 1 and other > 1)", "RULE_GRID_ROWS", "no rows in common"),
    ],
)  # fmt: skip
def test_a_wrong_rule_names_its_fault(rule: str, code: str, says: str) -> None:
    with pytest.raises(SchemaError) as caught:
        compile_rule(rule, SCOPE, "questionnaire.yaml:12")
    assert caught.value.code == code
    assert says in str(caught.value)
    assert str(caught.value).startswith("questionnaire.yaml:12: ")


def test_all_faults_of_a_rule_are_reported_at_once() -> None:
    with pytest.raises(SchemaError) as caught:
        compile_rule("nobody or p == 7 or p > 2 or foo(a)", SCOPE)
    found = [fault.code for fault in caught.value.faults]
    assert found == ["RULE_UNKNOWN_NAME", "RULE_WRONG_CODE", "RULE_ORDER_ON_NOMINAL", "RULE_UNKNOWN_FUNCTION"]


def test_a_fault_in_a_grid_is_reported_once_and_not_for_each_row() -> None:
    with pytest.raises(SchemaError) as caught:
        compile_rule("any(g == nobody)", SCOPE)
    assert len(caught.value.faults) == 1


def test_a_routing_condition_must_be_a_condition() -> None:
    assert compile_condition("a > 1", SCOPE) == compile_rule("a > 1", SCOPE)
    assert compile_condition("v", SCOPE) == Answer("v")
    assert compile_condition("True if a > 1 else b > 1", SCOPE)
    for rule in ("a + b", "5", "p", "1 if a > 1 else 2"):
        with pytest.raises(SchemaError, match="RULE_NO_CONDITION"):
            compile_condition(rule, SCOPE)


def test_names_come_once_in_the_order_they_are_written() -> None:
    assert names_in(compile_rule("b > a or ref_register > b and last_p == 1", SCOPE)) == (
        "b",
        "a",
        "ref_register",
        "last_p",
    )
