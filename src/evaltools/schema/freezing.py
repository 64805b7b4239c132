"""An opened wave is frozen: `opened.yaml` beside the questionnaire holds the hash of its content."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import Field

from evaltools.errors import Fault, SchemaError
from evaltools.schema.dictionary import find_root
from evaltools.schema.expand import shown
from evaltools.schema.model import Questionnaire
from evaltools.schema.reading import read_document
from evaltools.schema.scalars import Shape, Word
from evaltools.schema.shape import shape

FILE: Final = "opened.yaml"


class OpenedSource(Shape):
    """The file `opened.yaml`."""

    content_sha256: Word = Field(pattern="^[0-9a-f]{64}$")
    opened: Word


def folder_of(path: Path) -> Path:
    """The folder of a wave, from its folder or its questionnaire file."""
    return path if path.is_dir() else path.parent


def write_opened(path: Path, questionnaire: Questionnaire, when: dt.date) -> Path:
    """Write `opened.yaml` for a wave whose questionnaire has just been read and checked.

    Opening it again with the same content changes nothing.
    """
    file = folder_of(path) / FILE
    if file.exists():
        return file
    text = f"content_sha256: {questionnaire.content_sha256}\nopened: {when.isoformat()}\n"
    aside = file.with_suffix(".part")
    aside.write_text(text, "utf-8")
    return aside.replace(file)


def opened_on(path: str | Path) -> dt.date | None:
    """The day on which a wave was opened, by its folder or questionnaire; None where it has not been.

    :raises SchemaError: if `opened.yaml` is not as evaltools wrote it
    """
    file = folder_of(Path(path)) / FILE
    if not file.exists():
        return None
    name = shown(file, find_root(file.parent))
    opened = shape(OpenedSource, read_document(file, name)).opened
    try:
        return dt.date.fromisoformat(opened)
    except ValueError:
        remedy = "Restore the file as it was written (git shows it)."
        raise SchemaError(Fault("NOT_A_DATE", f"{name}:1", f'"{opened}" is not a date', remedy)) from None


def frozen_faults(path: Path, questionnaire: Questionnaire) -> tuple[Fault, ...]:
    """The fault of an opened wave whose content has changed, if it has."""
    file = folder_of(path) / FILE
    if not file.exists():
        return ()
    name = shown(file, find_root(file.parent))
    try:
        opened = shape(OpenedSource, read_document(file, name))
    except SchemaError as error:
        return error.faults
    if opened.content_sha256 == questionnaire.content_sha256:
        return ()
    problem = f"{questionnaire.id} was opened on {opened.opened} and its content has changed since"
    remedy = "Undo the change (git diff shows it), or ask the new questions in a new wave: evaltools compare A B."
    return (Fault("WAVE_CHANGED", f"{name}:1", problem, remedy),)
