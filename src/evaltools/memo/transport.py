"""How an exhibit travels in a notebook's output: a JSON part of its own beside the ordinary picture or table."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from evaltools.estimate.bases import Base
from evaltools.estimate.result import Source
from evaltools.present.model import Exhibit, FigureExhibit, Number, SentenceExhibit, TableCell, TableExhibit

MIME: Final[Mapping[str, type[Exhibit]]] = {
    "application/vnd.evaltools.number+json": Number,
    "application/vnd.evaltools.figure+json": FigureExhibit,
    "application/vnd.evaltools.table+json": TableExhibit,
    "application/vnd.evaltools.sentence+json": SentenceExhibit,
}

_PRIVATE: Final = "cells"
"""Confidential cells never enter a notebook; `notebook.show` hands them to the build aside."""


def to_bundle(shown_id: str, exhibit: Exhibit) -> dict[str, Any]:
    """The output parts that carry an exhibit, without the pictures' bytes (they have standard parts)."""
    mime = next(name for name, kind in MIME.items() if isinstance(exhibit, kind))
    content = _plain(exhibit)
    for key in ("svg", "png"):
        content.pop(key, None)
    bundle: dict[str, Any] = {mime: {"id": shown_id, **content}}
    if isinstance(exhibit, FigureExhibit):
        bundle["image/svg+xml"] = exhibit.svg
        bundle["image/png"] = base64.b64encode(exhibit.png).decode()
    return bundle


def from_bundle(bundle: Mapping[str, Any]) -> tuple[str, Exhibit] | None:
    """The id and exhibit that an output carries; None for ordinary output."""
    for mime in MIME:
        if mime in bundle:
            content = dict(bundle[mime])
            return str(content.pop("id")), _exhibit(mime, content, bundle)
    return None


def _exhibit(mime: str, content: dict[str, Any], bundle: Mapping[str, Any]) -> Exhibit:
    kind = MIME[mime]
    if kind is Number:
        return number_from_json(content)
    if kind is TableExhibit:
        rows = tuple(tuple(_table_cell(cell) for cell in row) for row in content["rows"])
        return TableExhibit(
            title=content["title"],
            header=tuple(content["header"]),
            rows=rows,
            note=content["note"],
            landscape=content["landscape"],
            group_rows=frozenset(content["group_rows"]),
            widths=tuple(content["widths"]),
        )
    numbers = {key: number_from_json(value) for key, value in content["numbers"].items()}
    if kind is SentenceExhibit:
        return SentenceExhibit(content["text"], numbers)
    return FigureExhibit(
        title=content["title"],
        svg=_joined(bundle["image/svg+xml"]),
        png=base64.b64decode(bundle["image/png"]),
        alt=content["alt"],
        note=content["note"],
        header=tuple(content["header"]),
        rows=tuple(tuple(row) for row in content["rows"]),
        numbers=numbers,
        width_cm=content["width_cm"],
    )


def number_from_json(content: Mapping[str, Any]) -> Number:
    """A number from its JSON form."""
    source = {**content["source"]}
    made_of = source.pop("made_of", None)
    whole = Source(**source, made_of=None if made_of is None else Base(**made_of))
    return Number(**{**content, "source": whole, "shown": dict(content["shown"])})


def _table_cell(content: Mapping[str, Any]) -> TableCell:
    number = content["number"]
    return TableCell(content["text"], None if number is None else number_from_json(number), content["form"])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value) if field.name != _PRIVATE)
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value
