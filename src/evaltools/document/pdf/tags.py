"""The last step of the PDF: row headers, which Typst cannot tag yet, are tagged in its structure tree."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf


def with_row_headers(pdf: bytes) -> bytes:
    """The same PDF with the first cell of each body row tagged as the row's header (TH, Scope Row).

    Typst 0.15 has `pdf.header-cell` behind a switch that its Python wheel cannot set; drop this pass when it can.
    """
    result = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for row in _body_rows(file.Root.StructTreeRoot, inside=False):
            cells = list(_children(row))
            if cells and _is(cells[0], "TD"):
                _make_row_header(cells[0])
        file.save(result, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return result.getvalue()


def _is(element: pikepdf.Dictionary, tag: str) -> bool:
    return str(element.S) == f"/{tag}"


def _children(element: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    kids = element.get("/K")
    listed = kids if isinstance(kids, pikepdf.Array) else [kids]
    for kid in listed:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _body_rows(element: pikepdf.Dictionary, *, inside: bool) -> Iterator[pikepdf.Dictionary]:
    for child in _children(element):
        if inside and _is(child, "TR"):
            yield child
        else:
            yield from _body_rows(child, inside=inside or _is(child, "TBody"))


def _make_row_header(cell: pikepdf.Dictionary) -> None:
    cell.S = pikepdf.Name.TH
    given = cell.get("/A", pikepdf.Array())
    attributes = list(given) if isinstance(given, pikepdf.Array) else [given]
    for entry in attributes:
        if entry.get("/O") == pikepdf.Name.Table:
            entry.Scope = pikepdf.Name.Row
            break
    else:
        attributes.append(pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row))
    cell.A = pikepdf.Array(attributes)
