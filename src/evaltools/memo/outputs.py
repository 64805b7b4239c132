"""Writes everything a memo consists of into a folder aside, then moves each file to its place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import nbformat

from evaltools.document.docx import write_docx
from evaltools.document.html import write_html
from evaltools.document.model import Document, Figure
from evaltools.document.neutral import write_rows
from evaltools.document.pdf import write_pdf
from evaltools.document.xlsx import write_xlsx
from evaltools.errors import Fault, MemoError
from evaltools.memo.assemble import Assembly
from evaltools.memo.register import register_to_json
from evaltools.memo.stages import Stages
from evaltools.memo.transport import MIME

NAME: Final = "notat"

_WRITERS: Final[Mapping[str, Callable[[Document, Path], None]]] = {
    "pdf": write_pdf,
    "docx": write_docx,
    "html": write_html,
    "xlsx": write_xlsx,
}

_WRITING: Final = 2
"""Formats written at a time: the PDF takes longer than all others, and Typst computes outside Python's lock."""


def write_outputs(assembly: Assembly, notebooks: Mapping[str, Any], out: Path, stages: Stages) -> tuple[str, ...]:
    """All files of the memo, relative to `out`; either all are replaced or none.

    notebooks : the executed chapters by name. stages : times each format.
    Errors: MemoError NOT_WRITTEN, such as on a full disk.
    """
    with stages.stage("write"), _aside(out) as folder, ThreadPoolExecutor(_WRITING) as pool:
        formats = [pool.submit(_write, kind, assembly.document, folder, stages) for kind in _WRITERS]
        content = register_to_json(assembly.register, assembly.provenance, assembly.document)
        (folder / f"{NAME}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
        _write_figures(assembly.document, folder / "figures")
        _write_chapters(notebooks, folder / "chapters")
        for each in formats:
            each.result()
        return _move(folder, out)


def _write(kind: str, document: Document, folder: Path, stages: Stages) -> None:
    with stages.stage(kind, told=f"{NAME}.{kind}"):
        _WRITERS[kind](document, folder / f"{NAME}.{kind}")


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """A folder beside the outputs that is gone afterwards, whatever happens."""
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".memo-", dir=out))
    try:
        yield folder
    except OSError as error:
        problem = f"the memo could not be written: {error.strerror or error}"
        remedy = "Make room on the disk, or choose another folder with -o. Earlier outputs are untouched."
        raise MemoError(Fault("NOT_WRITTEN", out.name, problem, remedy)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_figures(document: Document, folder: Path) -> None:
    folder.mkdir()
    for figure in (block for block in document.blocks if isinstance(block, Figure)):
        (folder / f"{figure.id}.svg").write_text(figure.svg, "utf-8")
        (folder / f"{figure.id}.png").write_bytes(figure.png)
        with (folder / f"{figure.id}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            write_rows(file, [figure.header, *figure.rows], delimiter=";")


def _write_chapters(notebooks: Mapping[str, Any], folder: Path) -> None:
    folder.mkdir()
    for name, notebook in notebooks.items():
        nbformat.write(released_only(notebook), folder / f"{name}.ipynb")


def released_only(notebook: Mapping[str, Any]) -> Any:
    """A copy with the outputs that passed the gate: what a cell printed, or left as its value, stays behind."""
    copy = nbformat.from_dict({**notebook, "metadata": {**notebook["metadata"]}})
    copy["metadata"].pop("widgets", None)
    for cell in copy["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [one for one in cell["outputs"] if MIME.keys() & one.get("data", {}).keys()]
    return copy


def _move(folder: Path, out: Path) -> tuple[str, ...]:
    """Put every new file in its place; only then remove figures and chapters that the memo no longer has."""
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    for file in files:
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        os.replace(folder / file, out / file)
    for name in ("figures", "chapters"):
        for stale in (path for path in (out / name).iterdir() if path.relative_to(out) not in files):
            stale.unlink()
    return tuple(str(file) for file in files)
