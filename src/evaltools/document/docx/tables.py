"""Tables in Word: real header rows that repeat, rows that do not break, a title and a description."""

from __future__ import annotations

from dataclasses import dataclass

from evaltools.document.docx.markup import Para, attribute, run


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, width and indent in twentieths of a point, and whether it is set flush right."""

    name: str
    width: int
    right: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """The runs of one cell."""

    inside: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; a spanning row shows its first cell only."""

    cells: tuple[GridCell, ...]
    spanning: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be written. `together` keeps it on one page with what follows."""

    title: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    together: bool = False
    small: bool = False


def table_xml(grid: Grid) -> str:
    """The table as XML."""
    total = sum(column.width for column in grid.columns)
    properties = (
        f'<w:tblPr><w:tblStyle w:val="MemoTable"/><w:tblW w:w="{total}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="0"'
        f' w:noVBand="1"/><w:tblCaption w:val={attribute(grid.title)}/>'
        f"<w:tblDescription w:val={attribute(grid.description)}/></w:tblPr>"
    )
    widths = "".join(f'<w:gridCol w:w="{column.width}"/>' for column in grid.columns)
    rows = "".join(_row(grid, index, row) for index, row in enumerate(grid.rows))
    return f"<w:tbl>{properties}<w:tblGrid>{widths}</w:tblGrid>{_header(grid)}{rows}</w:tbl>"


def _header(grid: Grid) -> str:
    cells = "".join(_cell(grid, column, run(column.name), keep=True) for column in grid.columns)
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(grid: Grid, index: int, row: GridRow) -> str:
    keep = grid.together or row.spanning or index >= len(grid.rows) - 2
    if row.spanning:
        cells = _spanning(grid, row)
    else:
        pairs = zip(grid.columns, row.cells, strict=True)
        cells = "".join(_cell(grid, column, cell.inside, keep=keep) for column, cell in pairs)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(grid: Grid, column: Column, inside: str, *, keep: bool) -> str:
    style = "TableSmall" if grid.small else "TableNumber" if column.right else "TableText"
    content = Para(style, inside, keep_next=keep, indent=column.indent).xml()
    return f'<w:tc><w:tcPr><w:tcW w:w="{column.width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def _spanning(grid: Grid, row: GridRow) -> str:
    total = sum(column.width for column in grid.columns)
    content = Para("TableSmall" if grid.small else "TableText", row.cells[0].inside, keep_next=True).xml()
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{total}" w:type="dxa"/><w:gridSpan w:val="{len(grid.columns)}"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="EEF3F8"/></w:tcPr>{content}</w:tc>'
    )
