"""The browser shows what the server asks: the script's rules, routing and reading are held to Python's, case by case."""

from __future__ import annotations

import json
import random
import types
from collections.abc import Iterator
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any, cast

import pytest

from evaltools.collect import Answers, read_answers, value_to_json
from evaltools.language import Language
from evaltools.rehearsal import invented_units
from evaltools.rehearsal.settings import read_settings
from evaltools.rehearsal.sheets import record_sheets, unit_sheets
from evaltools.schema import Field, Missing, Questionnaire, ask, evaluate, fields, read_survey
from evaltools.schema.model import Value
from evaltools.schema.rules import evaluating
from evaltools.schema.rules.operators import OPERATORS
from evaltools.store import Unit, read_units
from evaltools.web.form import rules_for_page
from evaltools.web.static import script
from every_kind import every_kind
from form_script import disagreements, in_chromium, in_node, is_same, needs_chromium, needs_node, rule_input, told_apart
from random_rules import KINDS, SHALLOWEST, Case, Coverage, cases, depth

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "surveys").rglob("questionnaire.yaml"))
SAMPLE = 3000
BATCH = 5000


@cache
def sample() -> tuple[Case, ...]:
    return tuple(cases(SAMPLE, seed=1))


@needs_node
def test_a_rule_gives_the_same_in_the_browser_as_on_the_server() -> None:
    assert all(depth(case.tree) >= SHALLOWEST for case in sample())
    ours = [evaluate(case.tree, case.answers) for case in sample()]
    assert disagreements(sample(), ours, in_node("evaluate", [rule_input(case) for case in sample()])) == []
    assert sum(value is not None for value in ours) > SAMPLE / 4  # a corpus of unknowns would agree on anything


@needs_chromium
def test_a_rule_gives_the_same_in_a_real_browser() -> None:
    some = sample()[:500]
    ours = [evaluate(case.tree, case.answers) for case in some]
    assert disagreements(some, ours, in_chromium("evaluate", [rule_input(case) for case in some])) == []


@needs_node
@pytest.mark.proof
def test_a_hundred_thousand_rules_give_the_same_in_the_browser_as_on_the_server() -> None:
    made = cases(100_000, seed=2)
    coverage, known, apart = Coverage.of(()), 0, list[Case]()
    while batch := list(islice(made, BATCH)):
        ours = [evaluate(case.tree, case.answers) for case in batch]
        apart += disagreements(batch, ours, in_node("evaluate", [rule_input(case) for case in batch]))
        known += sum(value is not None for value in ours)
        coverage += Coverage.of(batch)
    print(f"{coverage}; {known:,} gave a value, {len(apart)} disagreements")  # noqa: T201
    assert apart == []
    assert coverage.rules == 100_000
    assert all(coverage.operators[operator] >= 1000 for operator in OPERATORS)
    assert all(coverage.missing[kind] >= 1000 for kind in KINDS)


SCRIPT_MUTANTS = (
    ("what decides gives the contrary", "truths.includes(by) ? by", "truths.includes(by) ? !by"),
    ("an unknown condition counts as false", "truths.includes(null) ? null : !by", "!by"),
    ("binary fractions", "10n ** BigInt(part.length + +power)", "10n ** BigInt(part.length)"),
    ("the limit is one too low", "size(n) > 10n ** 15n * d", "size(n) >= 10n ** 15n * d"),
    ("half goes to even", "(2n * size(n) * 10n ** places + d)", "(2n * size(n) * 10n ** places + d - 1n)"),
    ("half goes up", "fraction(n < 0n ? -units : units, 10n ** places)", "fraction(units, 10n ** places)"),
    ("texts go by UTF-16", "Array.from(text, (mark) => mark.codePointAt(0) + 2e6).join()", "text"),
    ("truths have an order", "else if (!/[=!]=/.test(operator)) return null;", ""),
    ("kinds need not fit", "typeof a !== typeof b || ", ""),
    ("not asked is not left out", '"missing" || isAsked(tree)', '"missing" || true'),
    ("nothing is left out around missing(...)", 'tree[0] === "missing" || isAsked(tree)', "isAsked(tree)"),
    ("a count is never between two numbers", "counts.push(counts.at(-1) + 1)", "counts[0] += 0"),
    ("an empty group is nothing", "if (!parts.length) return null;", ""),
    ("an empty text is an answer", '(value(tree) ?? "").length !== 0', "value(tree) !== null"),
    ("absent is no kind", '(answers.get(name) ?? { missing: "not_answered" })', "(answers.get(name) ?? {})"),
    ("dividing by zero is zero", "size(b.n)) : null)", "size(b.n)) : fraction(0n))"),
    ("the sign of a divisor is lost", "(b.n < 0n ? -a.n : a.n) * b.d", "a.n * b.d"),
    ("part of a text is chosen", "Array.isArray(chosen) ?", "chosen.includes ?"),
    ("min is max", 'min: extreme("<")', 'min: extreme(">")'),
    ("subtracting adds", "{ n: -b.n, d: b.d }", "b"),
    ("digits beyond ten", "places > 10n", "places > 99n"),
    (
        "an unknown condition takes the other branch",
        "if: ([condition, then, other]) => where(truth(condition), (holds) => value(holds ? then : other))",
        "if: ([condition, then, other]) => value(truth(condition) ? then : other)",
    ),
    ("unequal is equal", '"!=": [-1, 1]', '"!=": [0]'),
    ("at most is less", '"<=": [-1, 0]', '"<=": [-1]'),
)
SERVER_MUTANTS = (
    (
        "and is satisfied with an unknown",
        "    result: bool | None = True\n    for operand in operands:\n        truth = _truth(operand, answers)",
        "    result: bool | None = True\n    for operand in operands:\n        truth = _truth(operand, answers) is not False",
    ),
    ("the limit is ten times higher", "LARGEST: Final = 10**15", "LARGEST: Final = 10**16"),
    ("binary fractions", "Fraction(repr(value))", "Fraction(value)"),
    ("half goes to even", "math.floor(abs(value) * scale + Fraction(1, 2))", "round(abs(value) * scale)"),
    ("an unknown member is no member", "True if True in found else None if None in found else False", "True in found"),
    ("a count is never between two numbers", "tuple(range(low, high + 1)) if high else", "(low,) if high else"),
    ("not asked is not left out", "is Missing.NOT_ASKED for node", "is Missing.REFUSED for node"),
    ("nothing is left out around missing(...)", 'tree.operator == "missing":', 'tree.operator == "missed":'),
    (
        "texts go by UTF-16",
        "return compare(left, right) if alike",
        "return compare(*map(_utf16, (left, right))) if alike",
    ),
    ("any field is answered", 'not in (None, "", ())', 'not in ("", ())'),
    ("absent is refused", "answers.get(field.name, Missing.NOT_ANSWERED)", "answers.get(field.name, Missing.REFUSED)"),
    ("dividing by zero is one", "divisor == 0:\n        return None", "divisor == 0:\n        return 1"),
    ("a sum has no limit", "return exact(gather(numbers)) if numbers", "return gather(numbers) if numbers"),
    ("if takes the other branch", "operands[1 if condition else 2]", "operands[2 if condition else 1]"),
)
_UTF16 = "\n\ndef _utf16(value):\n    return value.encode('utf-16-be', 'surrogatepass') if isinstance(value, str) else value\n"


@needs_node
def test_a_script_with_another_meaning_is_caught() -> None:
    assert [name for name, old, _ in SCRIPT_MUTANTS if script().count(old) != 1] == []
    mutants = [script().replace(old, new) for _, old, new in SCRIPT_MUTANTS]
    caught = told_apart([rule_input(case) for case in sample()], mutants)
    assert [name for (name, _, _), is_caught in zip(SCRIPT_MUTANTS, caught, strict=True) if not is_caught] == []


@needs_node
def test_a_server_with_another_meaning_is_caught() -> None:
    source = Path(str(evaluating.__file__)).read_text("utf-8")
    assert [name for name, old, _ in SERVER_MUTANTS if source.count(old) != 1] == []
    theirs = in_node("evaluate", [rule_input(case) for case in sample()])
    survivors = []
    for name, old, new in SERVER_MUTANTS:
        mutant = types.ModuleType("mutant")
        exec(source.replace(old, new) + _UTF16, mutant.__dict__)
        pairs = zip(sample(), theirs, strict=True)
        if all(is_same(mutant.__dict__["evaluate"](case.tree, case.answers), their) for case, their in pairs):
            survivors.append(name)
    assert survivors == []


@cache
def _units() -> tuple[Unit, ...]:
    return invented_units(read_units(ROOT / "data_dictionary" / "codelists" / "municipalities.csv"))


def _rehearsed(q: Questionnaire, seed: int) -> Iterator[Answers]:
    """Made-up answers without end: when every unit has answered, they answer anew."""
    settings, units = read_settings(q.survey), _units()
    for round_seed in count(seed):
        many = q.many_records
        made = (
            record_sheets(q, settings, units, round_seed)
            if many
            else unit_sheets(q, settings, units, 0, round_seed, {})
        )
        yield from (sheet.answers for sheet in made)


def _hurried(q: Questionnaire, answers: Answers, chance: random.Random) -> dict[str, Value]:
    """The same answers with some taken away, some changed, and some in branches that are closed."""
    changed = {name: value for name, value in answers.items() if chance.random() < 0.9}
    for field in fields(q):
        if field.kind != "computed" and chance.random() < 0.15:
            changed[field.name] = _any_value(field, chance)
    return changed


def _any_value(field: Field, chance: random.Random) -> Value:
    if chance.random() < 0.2:
        return chance.choice((Missing.DONT_KNOW, Missing.REFUSED, Missing.CANNOT_BE_COUNTED, Missing.NOT_ANSWERED))
    codes = field.item.codelist.codes if field.item.codelist else ()
    if field.kind == "single":
        return chance.choice(codes)
    if field.kind == "multiple":
        return tuple(chance.sample(codes, chance.randint(0, len(codes))))
    texts = {"month": "2018-03", "date": "2018-03-31", "text": "Æøå", "email": "a@b.dk"}
    return texts.get(field.kind) or chance.choice((0, 1, 3, 12, 2017))


def _pages(q: Questionnaire, answers: Answers) -> Iterator[tuple[list[object], frozenset[str]]]:
    """For each section what the script gets, and the fields that the server asks there."""
    asking = ask(q, answers)
    blank = (Missing.NOT_ANSWERED, Missing.NOT_ASKED, "", ())
    for section in q.sections:
        page: dict[str, Any] = json.loads(rules_for_page(q, section, asking.answers, "da"))
        names = frozenset(field["name"] for field in page["fields"])
        typed = {name: value_to_json(value) for name, value in answers.items() if name in names and value not in blank}
        yield [page, typed, []], names & asking.asked


def _routed_otherwise(sets: int, seed: int) -> tuple[int, int, int, list[frozenset[str]]]:
    """How many pages and fields were compared and how many of these asked, and the fields on which the two differ."""
    chance = random.Random(seed)
    made = [(q, _rehearsed(q, seed)) for q in map(read_survey, (file.parent for file in FILES))]
    pages, compared, asked, apart = 0, 0, 0, list[frozenset[str]]()
    while sets > 0:
        drawn = [(q, _hurried(q, answers, chance)) for q, sheets in made for answers in islice(sheets, 6)]
        inputs, ours = zip(*(page for q, answers in drawn for page in _pages(q, answers)), strict=True)
        theirs = [frozenset(each) for each in cast("list[list[str]]", in_node("ask", inputs))]
        apart += [our ^ their for our, their in zip(ours, theirs, strict=True) if our != their]
        pages, asked = pages + len(inputs), asked + sum(map(len, ours))
        compared += sum(len(page["fields"]) for page, *_ in inputs)
        sets -= len(drawn)
    return pages, compared, asked, apart


@needs_node
def test_the_browser_asks_the_fields_that_the_server_asks() -> None:
    pages, compared, asked, apart = _routed_otherwise(40, seed=3)
    assert apart == []
    assert pages > 100
    assert 0.1 * compared < asked < 0.9 * compared


@needs_node
@pytest.mark.proof
def test_the_browser_asks_the_fields_that_the_server_asks_for_a_thousand_sets_of_answers() -> None:
    pages, compared, asked, apart = _routed_otherwise(1000, seed=4)
    print(f"{pages:,} pages with {compared:,} fields, {asked:,} of them asked, {len(apart)} pages apart")  # noqa: T201
    assert apart == []


def _as_typed(chance: random.Random) -> str:
    """A number as somebody might type it, or something like one."""
    if chance.random() < 0.3:
        return "".join(chance.choice("0123456789.,-+ x") for _ in range(chance.randint(1, 8)))
    digits = f"{chance.choice((0, 7, 12, 1234, 1234567, 10**15, 10**15 + 1)) + chance.randint(0, 9):,}"
    part = chance.choice(("", "", ".5", ".50", ".125", ".0"))
    marks = chance.choice((",.", ".,", " ,", " .", "_,", "_."))
    written = (digits + part).translate(str.maketrans(",.", marks)).replace("_", "")
    return chance.choice(("", "", "-", "+", "\u2212", "ca. ")) + written + chance.choice(("", "", ".", " %", " børn"))


@needs_node
@pytest.mark.parametrize("language", ["da", "en"])
def test_what_the_browser_reads_the_server_reads_alike(language: Language) -> None:
    chance = random.Random(5)
    q = every_kind()
    typed = (
        "2018-03",
        "3/2018",
        "03.2018",
        "2018-13",
        "1 - 3 - 2018",
        "13/2018",
        "2018-03-31",
        "31.3.2018",
        "2018",
        "1899",
        "20180",
        "Æøå",
        "1",
        "missing:dont_know",
    )
    own = [field for field in fields(q) if field.kind not in ("computed", "multiple")]
    tried = [(field, text) for field in own for text in (*typed, *(_as_typed(chance) for _ in range(200)))]
    pages = [json.loads(rules_for_page(q, section, {}, language)) for section in q.sections]
    described = {each["name"]: (each, page["written"]) for page in pages for each in page["fields"]}
    inputs = [[described[field.name][0], [text], described[field.name][1]] for field, text in tried]
    known = 0
    for (field, text), theirs in zip(tried, in_node("read", inputs), strict=True):
        if field.kind in ("single", "text", "email") or theirs is None:
            continue  # codes and texts are taken as they are: routing only asks whether they are given
        if isinstance(theirs, int | float) and abs(theirs) > evaluating.LARGEST:
            continue  # rules count it as missing
        known += 1
        raw = {f"{field.name}__missing": "dont_know"} if isinstance(theirs, dict) else {field.name: text}
        reading = read_answers(q, raw, language)
        ours = reading.changes.get(field.name)
        assert isinstance(theirs, dict) or ours == theirs, (field.name, text, ours, theirs, reading.problems)
    assert known > 200
