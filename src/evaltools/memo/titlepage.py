"""Reads `memo.yaml` beside the chapters: title, sender, recipient, date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final, cast

import yaml

from evaltools.errors import Fault, MemoError, near
from evaltools.language import Language, plain_yaml
from evaltools.memo.model import TitlePage

_NEEDED: Final = ("title", "author", "date")
_FIELDS: Final = ("title", "subtitle", "author", "recipient", "journal_number", "date", "language", "description")


def read_title_page(folder: Path) -> TitlePage:
    """The title page of the memo whose chapters stand in `folder`. Errors: MemoError TITLE_PAGE."""
    path = folder / "memo.yaml"
    place = path.name
    if not path.is_file():
        raise _wrong(place, f"{folder.name}/ has no memo.yaml", f"Write one with {', '.join(_NEEDED)}.")
    try:
        content = plain_yaml(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise _wrong(place, f"the file is not YAML: {str(error).splitlines()[0]}", "Mend the line it names.") from error
    for name in content:
        if name not in _FIELDS:
            raise _wrong(place, f'there is no field "{name}"', near(name, _FIELDS))
    for name in _NEEDED:
        if not content.get(name):
            raise _wrong(place, f'"{name}" is missing', f"Write {name}: ... on a line of its own.")
    return _title_page({name: str(content.get(name, "")) for name in _FIELDS}, place)


def _title_page(content: dict[str, str], place: str) -> TitlePage:
    language = content["language"] or "da"
    if language not in ("da", "en"):
        raise _wrong(place, f'there is no language "{language}"', "Write da or en.")
    if not _is_date(content["date"]):
        raise _wrong(place, f'the date "{content["date"]}" is not a date', "Write it as 2018-12-31.")
    return TitlePage(
        title=content["title"],
        subtitle=content["subtitle"],
        author=content["author"],
        recipient=content["recipient"],
        journal_number=content["journal_number"],
        date=content["date"],
        language=cast(Language, language),
        description=content["description"] or content["subtitle"] or content["title"],
    )


def _is_date(written: str) -> bool:
    try:
        return dt.date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _wrong(place: str, problem: str, remedy: str) -> MemoError:
    return MemoError(Fault("TITLE_PAGE", place, problem, remedy))
