"""The script of the form outside a page: its functions run in node or in Chromium, over many inputs at once."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from chromium import CHROMIUM, chromium
from evaltools.collect import value_to_json
from evaltools.schema import tree_to_json
from evaltools.schema.model import Value
from evaltools.web.static import script
from random_rules import Case

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not on this machine")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")

_CALLS = """
const plain = (found) => (found?.d ? { number: [String(found.n), String(found.d)] } : (found ?? null));
export const calls = (form) => ({
  evaluate: ([tree, answers]) => plain(form.evaluate(tree, new Map(Object.entries(answers)))),
  ask: ([page, given, open]) => [...form.ask(page, Object.entries(given), open).asked],
  read: ([field, texts, written]) => form.read(field, texts, written) ?? null,
});
"""
_IN_NODE = """
import { readFileSync } from "node:fs";
const [form, { calls }] = await Promise.all(process.argv.slice(1, 3).map((address) => import(address)));
const { call, inputs } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(inputs.map(calls(form)[call])));
"""
_TOLD_APART = """
import { readFileSync } from "node:fs";
const [form, { calls }] = await Promise.all(process.argv.slice(1, 3).map((address) => import(address)));
const [{ call, inputs }, mutants] = readFileSync(0, "utf8").split("\\n").map((line) => JSON.parse(line));
const given = (script) => (input) => JSON.stringify(calls(script)[call](input));
const expected = inputs.map(given(form));
const found = [];
for (const address of mutants) {
  const mutant = given(await import(address));
  try {
    found.push(inputs.some((input, place) => mutant(input) !== expected[place]));
  } catch {
    found.push(true);
  }
}
console.log(JSON.stringify(found));
"""
_IN_CHROMIUM = """
async ([form, runner, text]) => {
  const [script, { calls }] = [await import(form), await import(runner)];
  const { call, inputs } = JSON.parse(text);
  return JSON.stringify(inputs.map(calls(script)[call]));
}
"""


def in_node(call: str, inputs: Sequence[object]) -> list[object]:
    """What the function `call` of the script gives for each of the inputs."""
    assert NODE is not None
    results: list[object] = _node(_IN_NODE, _asked(call, inputs))
    return results


def told_apart(inputs: Sequence[object], mutants: Iterable[str]) -> list[bool]:
    """For each changed script, whether it gives another value for some rule than the script does, or raises."""
    results: list[bool] = _node(
        _TOLD_APART, _asked("evaluate", inputs) + json.dumps([_address(each) for each in mutants])
    )
    return results


def _node(program: str, text: str) -> Any:
    assert NODE is not None
    command = [NODE, "--input-type=module", "-e", program, _address(script()), _address(_CALLS)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def in_chromium(call: str, inputs: Sequence[object]) -> list[object]:
    """The same in a real browser."""
    with chromium() as browser:
        page = browser.new_page()
        text = page.evaluate(_IN_CHROMIUM, [_address(script()), _address(_CALLS), _asked(call, inputs)])
    results: list[object] = json.loads(text)
    return results


def rule_input(case: Case) -> object:
    """A rule with its answers, as the script takes them."""
    return [tree_to_json(case.tree), {name: value_to_json(value) for name, value in case.answers.items()}]


def disagreements(cases: Iterable[Case], ours: Iterable[Value | None], theirs: Iterable[object]) -> list[Case]:
    """The rules for which the script gives another value than Python; numbers are compared exactly."""
    compared = zip(cases, ours, theirs, strict=True)
    return [case for case, our, their in compared if not is_same(our, their)]


def is_same(our: Value | None, their: object) -> bool:
    """Whether a value of Python is what the script gave."""
    if isinstance(their, dict):
        number = Fraction(*map(int, their["number"]))
        return isinstance(our, int | float) and not isinstance(our, bool) and _as_python(number) == our
    return type(our) is type(their) and our == their if not isinstance(their, list) else our == tuple(their)


def _as_python(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def _address(source: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()


def _asked(call: str, inputs: Sequence[object]) -> str:
    """One line of JSON; infinity is a number that is too large for JavaScript."""
    text = json.dumps({"call": call, "inputs": inputs})
    return text.replace("-Infinity", "-1e999").replace("Infinity", "1e999") + "\n"
