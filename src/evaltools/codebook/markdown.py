"""Pieces of Markdown: tables, headings with anchors, and texts that cannot break out of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    r"""The text on one line, safe inside a table cell.

    >>> print(cell("a | b"))
    a \| b
    """
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    lines = [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]
    return [*lines, *(f"| {' | '.join(cell(text) for text in row)} |" for row in rows), ""]


def facts(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Label and text as a list; pairs without a text are left out."""
    return [*(f"- **{label}:** {cell(text)}" for label, text in pairs if text), ""]


def anchor(name: str) -> str:
    """A place that links can lead to, independent of how a heading is worded."""
    return f'<a id="{name}"></a>'


def page(title: str, notice: str, lines: Iterable[str]) -> str:
    """A whole page: title, where it comes from, content; exactly one line break at the end."""
    return "\n".join([f"# {cell(title)}", "", f"*{notice}*", "", *lines]).rstrip() + "\n"
