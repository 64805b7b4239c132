"""Shows exhibits in a notebook: as people see them, and as the memo reads them."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import Any, Final

from evaltools.errors import Fault, ReleaseError
from evaltools.memo.model import FIGURE_PREFIX, TABLE_PREFIX, Shown
from evaltools.memo.private import append_cells
from evaltools.memo.register import numbers_of
from evaltools.memo.transport import to_bundle
from evaltools.present.comparing import check_columns, check_together
from evaltools.present.model import ConfidentialCell, Exhibit, FigureExhibit, Number, SentenceExhibit, TableExhibit
from evaltools.settings import read_settings

_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def show(id: str, exhibit: Exhibit) -> None:  # noqa: A002 the word that prose uses
    """Show a number, sentence, figure or table under the id by which prose refers to it.

    id : small letters, digits, `_` and `-`; a figure's begins with `fig-`, a table's with `tab-`.
    Errors: ReleaseError BAD_ID, NOT_AN_EXHIBIT; UNLIKE_UNITS and its like where rates are not made of the same.
    exhibit : from `number`, `sentence`, a table or a chart. Returns nothing: the cell shows it.
    """
    _check(id, exhibit)
    _check_bases(id, exhibit)
    bundle = {**to_bundle(id, exhibit), **_for_people(id, exhibit)}
    cells = read_settings(os.environ, Path.cwd()).cells
    if cells is not None:
        append_cells(cells_behind(id, exhibit), cells)
    _display(bundle)


def cells_behind(shown_id: str, exhibit: Exhibit) -> tuple[ConfidentialCell, ...]:
    """Every cell that an exhibit tells something of: the cells of its results, and those of each single number."""
    numbers = [number for _, number in numbers_of(Shown(shown_id, exhibit))]
    return tuple(dict.fromkeys((*exhibit.cells, *(cell for number in numbers for cell in number.cells))))


def _check(shown_id: str, exhibit: object) -> None:
    if not isinstance(exhibit, (Number, FigureExhibit, TableExhibit, SentenceExhibit)):
        problem = f"a {type(exhibit).__name__} cannot be shown in a memo"
        remedy = "Release it and make a number, sentence, table or chart of it: ev.number(ev.release(result))."
        raise ReleaseError(Fault("NOT_AN_EXHIBIT", str(shown_id), problem, remedy))
    wanted = {FigureExhibit: FIGURE_PREFIX, TableExhibit: TABLE_PREFIX}.get(type(exhibit), "")
    others = [prefix for prefix in (FIGURE_PREFIX, TABLE_PREFIX) if prefix != wanted]
    if not _ID.fullmatch(shown_id) or not shown_id.startswith(wanted) or shown_id.startswith(tuple(others)):
        remedy = f'Use small letters, digits, _ and -, such as "{wanted}use_by_region".'
        raise ReleaseError(Fault("BAD_ID", str(shown_id), "this is not an id for it", remedy))


def _check_bases(shown_id: str, exhibit: Exhibit) -> None:
    """The same rule for whatever is shown, however it was made: rates side by side are made of the same."""
    if isinstance(exhibit, TableExhibit):
        check_columns(exhibit.rows, shown_id)
    elif isinstance(exhibit, (FigureExhibit, SentenceExhibit)):
        check_together(exhibit.numbers.values(), shown_id)


def _for_people(shown_id: str, exhibit: Exhibit) -> dict[str, Any]:
    if isinstance(exhibit, Number):
        return {"text/plain": f"{shown_id}: {exhibit.shown['']}"}
    if isinstance(exhibit, SentenceExhibit):
        return {"text/plain": f"{shown_id}: {plain_sentence(exhibit)}"}
    if isinstance(exhibit, FigureExhibit):
        return {"text/plain": f"{shown_id}: {exhibit.title}. {exhibit.alt}"}
    return {"text/plain": f"{shown_id}: {exhibit.title}", "text/html": _html_table(exhibit)}


def plain_sentence(exhibit: SentenceExhibit) -> str:
    """The sentence with its numbers filled in."""

    def number(match: re.Match[str]) -> str:
        return exhibit.numbers[match[1]].shown[match[2] or ""]

    return re.sub(r"\{([^{}:]+):?([^{}]*)\}", number, exhibit.text)


def _html_table(table: TableExhibit) -> str:
    head = "".join(f"<th>{html.escape(label)}</th>" for label in table.header)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(cell.text if cell.number is None else cell.number.shown[cell.form])}</td>"
            for cell in row
        )
        + "</tr>"
        for row in table.rows
    )
    note = html.escape(table.note)
    return (
        f"<table><caption>{html.escape(table.title)}</caption><tr>{head}</tr>{rows}</table><p><small>{note}</small></p>"
    )


def _display(bundle: dict[str, Any]) -> None:
    from IPython.display import display

    display(bundle, raw=True)
