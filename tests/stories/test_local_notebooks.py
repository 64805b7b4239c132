"""The notebooks that a municipality runs on its own file: thin, without outputs, and they run on rehearsal data."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from local_files import ROOT, first_place, lines, write_csv

NOTEBOOKS = sorted((ROOT / "notebooks/lokal").glob("*.ipynb"))
SURVEYS = {
    "aalborg": "placement_followup",
    "interviews": "foster_interview",
    "investment": "investment",
    "koebenhavn": "respite",
    "leaders": "leaders_network",
    "randers": "network_meeting",
}


def test_there_is_a_notebook_for_each_system_and_none_is_a_chapter_of_the_memo() -> None:
    assert [path.stem for path in NOTEBOOKS] == sorted(SURVEYS)
    assert not {path.name for path in NOTEBOOKS} & {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_local_notebook_is_thin_and_carries_no_outputs(path: Path) -> None:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            assert len(source.splitlines()) <= 10
            assert not re.search(r"^\s*(def|class) |lambda", source, re.MULTILINE)
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_cells_of_a_local_notebook_run_on_a_register(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(path, tmp_path, monkeypatch)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    shown = " ".join(_run(cell.source, names) for cell in _read(path).cells if cell.cell_type == "code")
    _check(path, tmp_path, shown)


def test_a_local_notebook_runs_in_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "notebooks/lokal/randers.ipynb"
    _prepared(path, tmp_path, monkeypatch)
    notebook = _read(path)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    _check(path, tmp_path, " ".join(str(output) for cell in notebook.cells for output in cell.get("outputs", [])))


def _prepared(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = SURVEYS[path.stem]
    data = write_csv(folder / "register.csv", [row | {"origin": "Øvelsesdata"} for row in lines(survey)])
    monkeypatch.setenv("LOKAL_FIL", str(data))
    monkeypatch.setenv("LOKAL_KOMMUNE", first_place(survey))
    monkeypatch.setenv("LOKAL_MAPPE", str(folder / "rapport"))


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _run(source: str, names: dict[str, Any]) -> str:
    """What a cell shows: its last line, where that is an expression."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return str(value._repr_html_() if hasattr(value, "_repr_html_") else value)


def _check(path: Path, folder: Path, shown: str) -> None:
    assert (folder / "rapport" / f"{path.stem}.pdf").exists()
    assert "Øvelsesdata" in shown
    assert "Kort fortalt" in shown
