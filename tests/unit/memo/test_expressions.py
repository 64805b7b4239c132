"""Recorded code is parsed against a list of verbs; nothing else runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaltools.errors import MemoError
from evaltools.memo.expressions import evaluate_code

VERBS: dict[str, Callable[..., object]] = {
    "add": lambda a, b=0: a + b,
    "interval.exact": lambda: "exact",
    "pair": lambda *, of: of,
}


def test_calls_literals_and_keywords_are_computed() -> None:
    assert evaluate_code("add(add(1, b=2), -4)", VERBS, {}) == -1
    assert evaluate_code('pair(of={"a": [1, 2], "b": (3,)})', VERBS, {}) == {"a": [1, 2], "b": (3,)}
    assert evaluate_code("interval.exact()", VERBS, {}) == "exact"


def test_what_was_computed_before_is_not_computed_again() -> None:
    calls: list[int] = []

    def slow() -> int:
        calls.append(1)
        return 5

    known: dict[str, object] = {}
    for _ in range(3):
        assert evaluate_code("add(slow(), 1)", {**VERBS, "slow": slow}, known) == 6
    assert len(calls) == 1


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os')", "add.__globals__", "(lambda: 1)()", "add(1).__class__", "[x for x in (1, 2)]", "1 if 2 else 3",
        "add(1", "open('x')", "pair(of=add).mro()", "f'{add}'", "add(1) + 2",
    ],
)  # fmt: skip
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(MemoError) as caught:
        evaluate_code(code, VERBS, {})
    assert caught.value.code == "CODE_REFUSED"
