"""Nothing is shown that did not pass the gate: only `present.disclosure` makes a `Released`."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "evaltools"
GATE = SOURCE / "present" / "disclosure.py"
MARKING = [SOURCE / "present" / name for name in ("linked.py", "families.py")]
"""Mark cells as hidden for the gate; they make no released result."""
GUARDED = {"Released", "ReleasedTiles"}


def makers_of(path: Path) -> list[str]:
    """Calls in that file that make a guarded value, also by `object.__new__` and by an alias of the name."""
    tree = ast.parse(path.read_text("utf-8"))
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in GUARDED
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            passed = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
            if name in GUARDED | aliases or (name in ("__new__", "partial") and passed & (GUARDED | aliases)):
                found.append(f"{path.name}:{node.lineno} {name}")
    return found


def test_only_the_gate_makes_released_results() -> None:
    others = [path for path in SOURCE.rglob("*.py") if path != GATE]
    assert [line for path in others for line in makers_of(path)] == []
    assert makers_of(GATE)


def test_no_file_changes_the_hidden_cells_of_a_released_result() -> None:
    for path in SOURCE.rglob("*.py"):
        if path in (GATE, *MARKING):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "replace":
                assert {word.arg for word in node.keywords}.isdisjoint({"hidden", "ground"}), f"{path}:{node.lineno}"


def test_an_alias_of_the_guarded_name_is_found(tmp_path: Path) -> None:
    sly = tmp_path / "sly.py"
    sly.write_text("from evaltools.present.model import Released as R\nR(1, 'checked', frozenset())\n")
    assert makers_of(sly) == ["sly.py:2 R"]
