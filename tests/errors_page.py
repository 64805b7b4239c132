"""Makes `docs/errors.md` from the code: `python tests/errors_page.py > docs/errors.md`."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "evaltools"
_CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)+")
_HEAD = """# Every error, by its code

A message has four parts: where it is, what is wrong, what to do, and the code in brackets. This page is made from the code by
`python tests/errors_page.py > docs/errors.md`; a test fails when it is old. `{...}` stands for what the message names.

| code | room | what is wrong |
|---|---|---|
"""


@cache
def codes() -> dict[str, set[tuple[str, str]]]:
    """Code -> pairs of room and problem, as the code raises them."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for code, problem in _raised(ast.parse(path.read_text("utf-8"))):
            found.setdefault(code, set()).add((room, problem))
    return found


def _raised(tree: ast.Module) -> Iterator[tuple[str, str]]:
    nodes = tuple(ast.walk(tree))
    constants = {node.id for node in nodes if isinstance(node, ast.Name)}
    listed = {id(node) for place in nodes if isinstance(place, ast.List) for node in place.elts}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and _is_code(node.value)
            and node.value not in constants
            and id(node) not in listed
        ):
            yield str(node.value), ""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _faults(node)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(_CODE.fullmatch(value)) and not value.startswith("EVALTOOLS_")


def _faults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    said: dict[str, str] = {}
    for node in sorted(
        (node for node in ast.walk(function) if isinstance(node, (ast.Assign, ast.Call))), key=lambda node: node.lineno
    ):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            said[node.targets[0].id] = _template(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault" and len(node.args) > 2:
            code, problem = node.args[0], node.args[2]
            if isinstance(code, ast.Constant):
                yield str(code.value), said.get(problem.id, "") if isinstance(problem, ast.Name) else _template(problem)


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{...}" for part in node.values)
    return ""


def page() -> str:
    """The whole page."""
    lines = []
    for code, places in sorted(codes().items()):
        rooms = ", ".join(sorted({room for room, _ in places}))
        problems = "; ".join(sorted({problem for _, problem in places if problem})).replace("|", "\\|")
        lines.append(f"| `{code}` | {rooms} | {problems} |")
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
