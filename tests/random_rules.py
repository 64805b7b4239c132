"""Random rules and answers for comparing evaluators: every operator, every kind of missing, numbers and texts that bite."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaltools.schema import Missing, names_in
from evaltools.schema.model import Value
from evaltools.schema.rules import walk
from evaltools.schema.rules.operators import COMPARISONS
from evaltools.schema.tree import Answer, Call, Constant, Tree

SHALLOWEST = 4
"""Levels of operators that every rule has at least."""
NUMBERS = (
    0, 1, 2, 3, 7, 10, -1, -3, 0.1, 0.2, 0.3, 0.5, -0.5, 2.5, -2.5, 2.675, 1.005, -0.0, 1 / 3, 2.0, 100.0, 1e-7, 1e-20,
    5e-324, 123456789.123, 10**15, -(10**15), 10**15 + 1, 10**15 - 1, 999999999999999.9, 1e15, 1e21, 1e308, 31622776,
    31622777, 2**53, 94906265.62425156, 10**25, float("inf"), float("-inf"),
)  # fmt: skip
LIMITS = (10**15, -(10**15), 999999999999999.9, 10**15 - 1)
TEXTS = (
    "", "1", "2", "3", "01", "1.0", "-0", "a", "aa", "b", "z", "Z", "æ", "ø", "å", "Å", "A\u030a", "é", "e\u0301", "\ue000",
    "\uffff", "\ufffd", "\U0001f600", "\U0001f469\u200d\U0001f692", "\U0010ffff", "2018-03", "2018-03-31", "not_asked",
    "dont_know", "true", "null", "constructor", "__proto__", " ", "\n",
)  # fmt: skip
CODES = ("1", "2", "3", "0101", "æ", "\U0001f600")
MANY_CODES = tuple(str(code) for code in range(300))
NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("n1", "n2", "n3", "n4", "constructor"),
    "text": ("t1", "t2", "t3"),
    "codes": ("c1", "c2"),
    "truth": ("b1", "b2"),
}
KINDS = tuple(kind.kind for kind in Missing)


@dataclass(frozen=True, slots=True)
class Case:
    """A rule and the answers it is asked about."""

    tree: Tree
    answers: Mapping[str, Value]


@dataclass
class Coverage:
    """How often each operator stands in a rule, and each kind of missing in an answer that its rule names."""

    operators: Counter[str]
    missing: Counter[str]
    rules: int = 0
    absent: int = 0

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Coverage:
        found = cls(Counter(), Counter())
        for case in cases:
            found.rules += 1
            found.operators.update(node.operator for node in walk(case.tree) if isinstance(node, Call))
            for name in names_in(case.tree):
                value = case.answers.get(name)
                found.absent += value is None
                if isinstance(value, Missing):
                    found.missing[value.kind] += 1
        return found

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.operators + other.operators,
            self.missing + other.missing,
            self.rules + other.rules,
            self.absent + other.absent,
        )

    def __str__(self) -> str:
        operators = ", ".join(f"{name} {count:,}" for name, count in sorted(self.operators.items()))
        missing = ", ".join(f"{name} {count:,}" for name, count in sorted(self.missing.items()))
        return f"{self.rules:,} rules; operators: {operators}; missing: {missing}, absent {self.absent:,}"


def cases(count: int, seed: int) -> Iterator[Case]:
    """So many rules of at least four levels, each with answers."""
    chance = random.Random(seed)
    maker = _Maker(chance)
    while count:
        tree = maker.tree(chance.choices(("truth", "number", "text"), (6, 3, 1))[0], chance.randint(4, 6))
        if depth(tree) >= SHALLOWEST:
            count -= 1
            yield Case(tree, answers(chance))


def depth(tree: Tree) -> int:
    """Levels of operators."""
    return 1 + max((depth(operand) for operand in tree.operands), default=0) if isinstance(tree, Call) else 0


def answers(chance: random.Random) -> dict[str, Value]:
    """An answer to most names or to nearly all, a kind of missing to others, nothing to some."""
    given: dict[str, Value] = {}
    missing = chance.choice((0.03, 0.05, 0.3))
    for sort, names in NAMES.items():
        for name in names:
            draw = chance.random()
            if draw < missing:
                given[name] = chance.choice((*Missing, Missing.NOT_ASKED))
            elif draw < 0.97:
                given[name] = _value(sort if draw < 0.95 else chance.choice(list(NAMES)), chance)
    return given


def _value(sort: str, chance: random.Random) -> Value:
    if sort == "number":
        return _number(chance)
    if sort == "codes":
        return MANY_CODES if chance.random() < 0.05 else tuple(chance.sample(CODES, chance.randint(0, 4)))
    return chance.random() < 0.5 if sort == "truth" else _text(chance)


def _number(chance: random.Random) -> int | float:
    plain = (chance.randint(-9, 9), round(chance.uniform(-9, 9), 2))
    return chance.choice((chance.choice(NUMBERS), chance.choice(LIMITS), *plain, *plain, *plain, *plain))


def _text(chance: random.Random) -> str:
    return chance.choice(TEXTS if chance.random() < 0.7 else ("\uffff", "\U0001f600", "\ue000"))


class _Maker:
    """Makes rules as the compiler does: kinds mostly fit, and now and then they do not."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.makers: Mapping[str, tuple[Callable[[int], Tree], ...]] = {
            "truth": (self._logical, self._not, self._compared, self._compared, self._in, self._looked_at, self._missing,
                      self._selected, self._truths, self._if_truth),
            "number": (self._calculated, self._minus, self._numbers, self._numbers, self._count, self._abs, self._round,
                       self._if_number),
            "text": (self._if_text,),
        }  # fmt: skip

    def tree(self, sort: str, levels: int) -> Tree:
        if self.chance.random() < 0.01:
            sort = self.chance.choice(("truth", "number", "text"))
        if levels <= 0 or self.chance.random() < (0.6 if sort == "text" else 0.08):
            return self._leaf(sort)
        return self.chance.choice(self.makers[sort])(levels - 1)

    def _leaf(self, sort: str) -> Tree:
        if self.chance.random() < 0.65:
            wanted = sort if self.chance.random() < 0.95 else self.chance.choice(list(NAMES))
            return Answer(self.chance.choice(NAMES[wanted]) if self.chance.random() < 0.98 else "unknown")
        if sort == "truth":
            return Constant(self.chance.choice((True, False, True, False, None)))
        return Constant(_number(self.chance) if sort == "number" else _text(self.chance))

    def _several(self, sort: str, levels: int) -> tuple[Tree, ...]:
        if levels <= 1 and self.chance.random() < 0.05:
            return tuple(self.tree(sort, 0) for _ in range(self.chance.randint(10, 60)))
        several = [self.tree(sort, levels) for _ in range(self.chance.choice((1, 2, 2, 3)))]
        if sort == "truth" and self.chance.random() < 0.1:
            several.append(self._missing(0))
        return tuple(several)

    def _logical(self, levels: int) -> Tree:
        return Call(self.chance.choice(("and", "or")), self._several("truth", levels))

    def _not(self, levels: int) -> Tree:
        return Call("not", (self.tree("truth", levels),))

    def _compared(self, levels: int) -> Tree:
        if self.chance.random() < 0.3:
            sides = (self._count(levels), self._count(levels) if self.chance.random() < 0.3 else self.tree("number", 0))
            return Call(self.chance.choice(COMPARISONS), sides if self.chance.random() < 0.5 else sides[::-1])
        sort = self.chance.choice(("number", "number", "text", "text", "truth"))
        return Call(self.chance.choice(COMPARISONS), (self.tree(sort, levels), self.tree(sort, levels)))

    def _in(self, levels: int) -> Tree:
        sort = self.chance.choice(("text", "number"))
        members = (self.chance.choice(TEXTS if sort == "text" else NUMBERS) for _ in range(self.chance.randint(0, 5)))
        return Call("in", (self.tree(sort, levels), Call("list", tuple(map(Constant, members)))))

    def _looked_at(self, levels: int) -> Tree:
        return Call("answered", (self._any_answer() if self.chance.random() < 0.8 else self.tree("number", levels),))

    def _missing(self, _levels: int) -> Tree:
        return Call("missing", (self._any_answer(), Constant(self.chance.choice((*KINDS, "nonsense")))))

    def _any_answer(self) -> Tree:
        return Answer(self.chance.choice(NAMES[self.chance.choice(list(NAMES))]))

    def _selected(self, _levels: int) -> Tree:
        codes = tuple(Constant(self.chance.choice((*CODES, "299", 1))) for _ in range(self.chance.randint(1, 3)))
        return Call("selected", (self._leaf(self.chance.choice(("codes", "codes", "codes", "text"))), *codes))

    def _truths(self, levels: int) -> Tree:
        return Call(self.chance.choice(("any", "all")), self._several("truth", levels))

    def _count(self, levels: int) -> Tree:
        return Call("count", self._several("truth", levels))

    def _numbers(self, levels: int) -> Tree:
        return Call(self.chance.choice(("sum", "min", "max")), self._several("number", levels))

    def _calculated(self, levels: int) -> Tree:
        sides = (self.tree("number", levels), self.tree("number", levels))
        return Call(self.chance.choice(("+", "-", "*", "/")), sides)

    def _minus(self, levels: int) -> Tree:
        return Call("-", (self.tree("number", levels),))

    def _abs(self, levels: int) -> Tree:
        return Call("abs", (self.tree("number", levels),))

    def _round(self, levels: int) -> Tree:
        digits = self.chance.choice((0, 1, 1, 2, 2, 3, 10, 11, -1, 0.5, 2.0, "2"))
        on_a_tie = Constant(self.chance.choice((0.5, -0.5, 1.5, 2.5, -2.5, 0.25, -0.125, 2.675, 1.005)))
        operands = (on_a_tie if self.chance.random() < 0.3 else self.tree("number", levels), Constant(digits))
        return Call("round", operands[: self.chance.choice((1, 2, 2))])

    def _if(self, sort: str, levels: int) -> Tree:
        return Call("if", (self.tree("truth", levels), self.tree(sort, levels), self.tree(sort, levels)))

    def _if_truth(self, levels: int) -> Tree:
        return self._if("truth", levels)

    def _if_number(self, levels: int) -> Tree:
        return self._if("number", levels)

    def _if_text(self, levels: int) -> Tree:
        return self._if("text", levels)
