"""The notebooks that a municipality runs on its own file: thin, without outputs, and they run on rehearsal data."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
def test_a_local_notebook_runs_on_a_register(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = SURVEYS[path.stem]
    data = write_csv(tmp_path / "register.csv", [row | {"origin": "Øvelsesdata"} for row in lines(survey)])
    monkeypatch.setenv("LOKAL_FIL", str(data))
    monkeypatch.setenv("LOKAL_KOMMUNE", first_place(survey))
    monkeypatch.setenv("LOKAL_MAPPE", str(tmp_path / "rapport"))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert (tmp_path / "rapport" / f"{path.stem}.pdf").exists()
    shown = " ".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))
    assert "Øvelsesdata" in shown
    assert "Kort fortalt" in shown
