"""Reads an executed notebook: its cells, and the exhibits that they showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from evaltools.errors import Fault, MemoError
from evaltools.memo.model import Cell, Chapter, Shown
from evaltools.memo.transport import from_bundle


def read_chapter(notebook: Mapping[str, Any], name: str) -> Chapter:
    """The chapter that an executed notebook (nbformat 4) holds."""
    settings = notebook["metadata"].get("evaltools", {})
    cells = tuple(_cell(number, cell) for number, cell in enumerate(notebook["cells"], start=1))
    return Chapter(name, cells, annex=bool(settings.get("annex", False)))


def read_notebook(path: Path) -> Any:
    """The notebook in a file; MemoError NOT_A_NOTEBOOK if it is none."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise MemoError(Fault("NO_CHAPTER", path.name, "there is no such notebook", "Check the path.")) from error
    except Exception as error:  # nbformat raises many kinds for a broken file
        problem = f"the file is not a notebook ({type(error).__name__})"
        raise MemoError(
            Fault("NOT_A_NOTEBOOK", path.name, problem, "Open it in JupyterLab and save it again.")
        ) from error


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    if cell["cell_type"] != "code":
        return Cell(number, "markdown", cell["source"])
    shown: list[Shown] = []
    strays: list[str] = []
    for data in _data(cell.get("outputs", ())):
        found = from_bundle(data)
        if found is not None:
            shown.append(Shown(*found))
        elif "image/png" in data or "image/svg+xml" in data:
            strays.append("picture")
    return Cell(number, "code", cell["source"], tuple(shown), tuple(strays))


def _data(outputs: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (output["data"] for output in outputs if "data" in output)
