"""How tables are set, the same in every format: which columns are figures, how wide they are, what a note says."""

from __future__ import annotations

import math

from evaltools.document.model import Cell, Document, Heading, NumberRun, Paragraph, Table
from evaltools.document.walk import plain_text
from evaltools.language import Language, Texts

LABEL_COLUMN_LIMIT = 44
TEXT_COLUMN_LIMIT = 60
LONGEST_WORD = 22.0
CELL_PADDING = 2.4
UPRIGHT_CHARACTERS = 100
"""How many characters a table's line holds between the margins of an upright page, at the size of tables."""
LANDSCAPE_CHARACTERS = 155
LINES_TOGETHER = 18


def number_columns(table: Table) -> tuple[bool, ...]:
    """For each column whether it is set flush right: most of its filled cells hold a number."""
    return tuple(column > 0 and _mostly_numbers(table, column) for column in range(len(table.header)))


def _mostly_numbers(table: Table, column: int) -> bool:
    cells = [row[column] for index, row in enumerate(table.rows) if index not in table.group_rows]
    filled = [cell for cell in cells if cell.inline]
    return bool(filled) and 2 * sum(is_number(cell) for cell in filled) >= len(filled)


def is_number(cell: Cell) -> bool:
    """Whether a cell stands for a number: it holds one of the register, a raw number, or only figures and signs.

    >>> from evaltools.document.model import TextRun
    >>> is_number(Cell((TextRun("–"),))), is_number(Cell((TextRun("8 af 12"),))), is_number(Cell((TextRun("Ja"),)))
    (True, True, False)
    """
    if isinstance(cell.value, (int, float)) or any(isinstance(run, NumberRun) for run in cell.inline):
        return len(plain_text(cell.inline)) <= 24
    text = plain_text(cell.inline).strip()
    return bool(text) and (text in "–-." or (text[0].isdigit() and len(text) <= 16))


def column_shares(table: Table) -> tuple[float, ...]:
    """Each column's share of the width: room for its longest word first, the rest by how much text it holds.

    The author's widths take the place of the amount of text when they are given.
    """
    columns = range(len(table.header))
    least = [_longest_word(table, column) + CELL_PADDING for column in columns]
    wanted = [max(least[column], _longest_text(table, column) + CELL_PADDING) for column in columns]
    room = LANDSCAPE_CHARACTERS if table.landscape else UPRIGHT_CHARACTERS
    if table.widths:
        wanted = [max(least[column], room * table.widths[column] / sum(table.widths)) for column in columns]
    total = sum(wanted)
    if total <= room:
        return tuple(width / total for width in wanted)
    spare = max(0.0, room - sum(least))
    extra = [width - smallest for width, smallest in zip(wanted, least, strict=True)]
    shared = [smallest + spare * more / sum(extra) for smallest, more in zip(least, extra, strict=True)]
    return tuple(width / sum(shared) for width in shared)


def _rows(table: Table) -> list[tuple[Cell, ...]]:
    return [row for index, row in enumerate(table.rows) if index not in table.group_rows]


def _longest_word(table: Table, column: int) -> float:
    """Characters of the longest word, up to where words are divided; heads are a little wider as they are bold."""
    words = [word for row in _rows(table) for word in _words(plain_text(row[column].inline))]
    head = max((1.12 * len(word) for word in _words(table.header[column])), default=0.0)
    return min(LONGEST_WORD, max(head, max((float(len(word)) for word in words), default=0.0)))


def divides_words(table: Table) -> bool:
    """Whether the table holds a word that is longer than any column is sure to be."""
    return any(_longest_word(table, column) >= LONGEST_WORD for column in range(len(table.header)))


def _words(text: str) -> list[str]:
    return text.replace("-", "- ").replace("/", "/ ").split(" ")


def _longest_text(table: Table, column: int) -> float:
    """Characters of the longest text, up to where it takes more lines; a head may take two."""
    limit = LABEL_COLUMN_LIMIT if column == 0 else TEXT_COLUMN_LIMIT
    longest = max((len(plain_text(row[column].inline)) for row in _rows(table)), default=0)
    return max(min(limit, longest), len(table.header[column]) / 2 + 3)


def runs_long(table: Table) -> bool:
    """Whether the table may break over pages: it takes more lines than about a third of a page.

    >>> from evaltools.document.model import TextRun
    >>> row = (Cell((TextRun("a"),)), Cell((TextRun("b"),)))
    >>> runs_long(Table("", "", ("x", "y"), (row,) * 18, "")), runs_long(Table("", "", ("x", "y"), (row,) * 19, ""))
    (False, True)
    """
    room = LANDSCAPE_CHARACTERS if table.landscape else UPRIGHT_CHARACTERS
    widths = [max(1.0, share * room - CELL_PADDING) for share in column_shares(table)]
    return sum(_lines(row, widths) for row in table.rows) > LINES_TOGETHER


def _lines(row: tuple[Cell, ...], widths: list[float]) -> int:
    filled = zip(row, widths, strict=False)
    return max((math.ceil(len(plain_text(cell.inline)) / width) for cell, width in filled), default=1)


def note_lines(note: str, words: Texts) -> tuple[str, ...]:
    r"""The lines under a figure or table, the first with its word.

    >>> from evaltools.language import texts
    >>> note_lines("n = 70.\nKilde: Skemaet.", texts("da"))
    ('Anm.: n = 70.', 'Kilde: Skemaet.')
    """
    lines = tuple(line.strip() for line in note.splitlines() if line.strip())
    known = tuple(words.say(f"document.{key}") for key in ("note", "source"))
    if not lines or lines[0].startswith(known):
        return lines
    return (f"{known[0]}: {lines[0]}", *lines[1:])


def described(table: Table, words: Texts) -> str:
    """One sentence on a table's shape for those who cannot see it."""
    header = ", ".join(name for name in table.header if name)
    return words.say("document.description", rows=len(table.rows), columns=len(table.header), header=header)


def orientations(document: Document) -> tuple[tuple[bool, tuple[int, ...]], ...]:
    """The blocks, by position, in stretches of upright (False) and landscape (True) pages.

    A heading right before a landscape table, with at most two paragraphs between them, goes along with it, so that no
    heading stands alone on a page. Neighbouring landscape tables share pages.
    """
    stretches: list[tuple[bool, list[int]]] = []
    upright: list[int] = []
    for index, block in enumerate(document.blocks):
        if not (isinstance(block, Table) and block.landscape):
            upright.append(index)
            continue
        along = _belongs_to_next(document, upright)
        before, upright = upright[: len(upright) - len(along)], []
        if before or not stretches:
            stretches += [(False, before)] if before else []
            stretches.append((True, []))
        stretches[-1][1].extend([*along, index])
    if upright:
        stretches.append((False, upright))
    return tuple((landscape, tuple(indices)) for landscape, indices in stretches)


def _belongs_to_next(document: Document, indices: list[int]) -> list[int]:
    """The last of these blocks that must stand on the same page as what follows."""
    start = len(indices)
    while start and isinstance(document.blocks[indices[start - 1]], Paragraph) and len(indices) - start < 2:
        start -= 1
    if not start or not isinstance(document.blocks[indices[start - 1]], Heading):
        return []
    while start and isinstance(document.blocks[indices[start - 1]], Heading):
        start -= 1
    return indices[start:]


def shown_value(value: float | int | str | None, language: Language) -> str:
    """A raw value of a figure's data as a reader sees it: at most four decimals, the language's decimal sign.

    >>> shown_value(0.57142857, "da"), shown_value(12, "da"), shown_value(None, "da")
    ('0,5714', '12', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, (str, int)):
        return str(value)
    if not math.isfinite(value):
        return "–"
    text = f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "−")
    return text.replace(".", ",") if language == "da" else text
