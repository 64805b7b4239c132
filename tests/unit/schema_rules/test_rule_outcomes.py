import pytest

from evaltools.schema import can_be, compile_rule
from rule_scope import SCOPE


@pytest.mark.parametrize(
    "rule",
    [
        "y <= 2018",
        "y >= 1990",
        "n >= 0 and n <= 5",
        "p in [1, 2, 3, 4]",
        "p in [1, 2] or p in [3, 4]",
        "p == 1 or p != 1",
        "a <= b or b < a",
        "a > 2 or a < 3",
        "s >= 2 or s < 2",
        "not selected(u, 1) or selected(u, 1, 2)",
        "count(k in high) <= 2",
        "all(g > 1 or g < 2)",
        "answered(a) or not answered(a)",
    ],
)
def test_a_rule_that_nothing_can_break_never_fires(rule: str) -> None:
    assert can_be(compile_rule(rule, SCOPE), SCOPE).never(outcome=False)


@pytest.mark.parametrize(
    "rule",
    [
        "y > 2018",
        "p == 1 and p == 2",
        "a < b and b < c and c < a",
        "a > 3 and a < 4",
        "a < b and b < 5 and a > 3",
        "s < 0",
        "s > s2 and s2 > s",
        "count(k in high) > 2",
        "any(g > 3 and g < 3)",
        "selected(u, 1) and not selected(u, 1, 2)",
        "missing(a, dont_know) and answered(a)",
        "n > 5 or n < 0",
    ],
)
def test_a_rule_that_nothing_can_meet_always_fires(rule: str) -> None:
    assert can_be(compile_rule(rule, SCOPE), SCOPE).never(outcome=True)


@pytest.mark.parametrize(
    "rule",
    [
        "a <= b",
        "y <= 2017",
        "d > 3 and d < 4",
        "a < d and d < b and b <= a + 1",
        "a < d and d < b and a > 3 and b < 6",
        "p == 1 and q == 1",
        "s >= s2",
        "any(k in high)",
        "count(k in high) == 2",
        "sum(g) <= a",
        "a * a >= 4 * b",
        "abs(a - last_a) <= max(5, 0.3 * last_a)",
        "abs(a - ref_register) <= 5 or missing(a, dont_know)",
        "all(p in [1, 2, 3, 4], a == 1, a == 2)",
        "m >= '2018-03'",
        "t == 'ja'",
    ],
)
def test_a_rule_that_can_go_both_ways_raises_no_alarm(rule: str) -> None:
    outcomes = can_be(compile_rule(rule, SCOPE), SCOPE)
    assert not outcomes.never(outcome=True)
    assert not outcomes.never(outcome=False)


@pytest.mark.parametrize("rule", ["a * a >= 0", "v > 3 and v < 3", "a + b == b + a", "m > '2018-03' or m <= '2018-03'"])
def test_what_cannot_be_told_is_not_known_and_no_alarm(rule: str) -> None:
    outcomes = can_be(compile_rule(rule, SCOPE), SCOPE)
    assert not outcomes.certain
    assert not outcomes.never(outcome=False)


def test_a_rule_on_a_large_grid_is_tried_part_by_part() -> None:
    members = [f"k_r1 == {n} or g_r{m} > {n}" for n in range(3) for m in (1, 2, 3)]
    outcomes = can_be(compile_rule(f"count({', '.join(members)}) >= 0", SCOPE), SCOPE)
    assert True in outcomes.found
    assert not outcomes.never(outcome=True)
