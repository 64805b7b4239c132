"""The last step of the PDF: row headers, which Typst cannot tag yet, are tagged in its structure tree."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf


def with_row_headers(pdf: bytes) -> bytes:
    """The same PDF with the first cell of each body row tagged as the row's header (TH, Scope Row).

    Typst lists the headers of every cell by id, and such a list overrides the scopes; so each row header gets an id
    and goes onto the lists of its row. Typst 0.15 has `pdf.header-cell` behind a switch that its Python wheel cannot
    set; drop this pass when it can.
    """
    result = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        tree = file.Root.StructTreeRoot
        if "/IDTree" in tree:
            _tag_rows(tree)
        file.save(result, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return result.getvalue()


def _tag_rows(tree: pikepdf.Dictionary) -> None:
    ids = pikepdf.NameTree(tree.IDTree)
    for serial, row in enumerate(_body_rows(tree, inside=False), start=1):
        cells = list(_children(row))
        if not cells or not _is(cells[0], "TD"):
            continue
        name = f"row{serial}"
        first, *rest = cells
        first.S = pikepdf.Name.TH
        first.ID = pikepdf.String(name)
        _table_attributes(first).Scope = pikepdf.Name.Row
        ids[name] = first
        for cell in rest:
            attributes = _table_attributes(cell)
            given = list(attributes.get("/Headers", pikepdf.Array()))
            attributes.Headers = pikepdf.Array([*given, pikepdf.String(name)])


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


def _table_attributes(cell: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """The cell's attributes as a table cell, added when it has none."""
    given = cell.get("/A", pikepdf.Array())
    attributes = list(given) if isinstance(given, pikepdf.Array) else [given]
    for entry in attributes:
        if entry.get("/O") == pikepdf.Name.Table:
            return entry
    own = pikepdf.Dictionary(O=pikepdf.Name.Table)
    cell.A = pikepdf.Array([own, *attributes])
    return cell.A[0]
