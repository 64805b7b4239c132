"""Writes a file that only its owner may read: links and addresses. It appears whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from evaltools.errors import ContactError, Fault


@contextmanager
def private_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file that is written aside, with rights for its owner alone, and takes its name when all is in it.

    That it can be written is known before the body of the `with` statement begins. When the body fails, no file is
    left. An earlier file of that name is never written over.
    Raises: `ContactError` FILE_THERE.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with private_file(Path(folder) / "links.csv") as file:
    ...         _ = file.write("kommunekode,name,url")
    ...     (Path(folder) / "links.csv").read_text()
    'kommunekode,name,url'
    """
    _refuse_earlier(path)
    aside = path.with_name(f".{path.name}.part")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _refuse_earlier(path)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _refuse_earlier(path: Path) -> None:
    if path.exists():
        remedy = "Name another file, or move this one away. The links in it may be the only copy."
        raise ContactError(Fault("FILE_THERE", str(path), "there is a file of this name", remedy))
