"""Pieces of HTML: escaped text, lists of facts, tables with headers that a screen reader can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

Html = NewType("Html", str)
"""Text that is already markup. Everything else is escaped on its way in."""


def text(words: str) -> Html:
    """Plain text made safe."""
    return Html(escape(words))


def tag(name: str, *content: Html, **attributes: str) -> Html:
    """One element. Python's spelling of an attribute becomes HTML's: `class_` is `class`, `aria_label` `aria-label`.

    >>> tag("p", text("a < b"), class_="quiet")
    '<p class="quiet">a &lt; b</p>'
    """
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{said}>{''.join(content)}</{name}>")


def link(target: str, words: str) -> Html:
    """A link within or out of the page."""
    return tag("a", text(words), href=target)


def fact_list(pairs: Iterable[tuple[str, Html]]) -> Html:
    """Label and content in two columns; pairs without content are left out."""
    shown = [tag("dt", text(label)) + tag("dd", content) for label, content in pairs if content]
    return tag("dl", *(Html(each) for each in shown)) if shown else Html("")


def table(caption: str, mark: str, header: Sequence[str], rows: Iterable[Sequence[Html]]) -> Html:
    """A table whose first column holds the headers of its rows. `mark`: what the caption says about the origin."""
    said = tag(
        "caption", text(caption), *([text(" "), tag("span", text(f"({mark})"), class_="origin")] if mark else [])
    )
    head = tag("thead", tag("tr", *(tag("th", text(words), scope="col") for words in header)))
    body = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows]
    whole = tag("table", said, head, tag("tbody", *body))
    return tag("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)


def unordered(entries: Iterable[Html]) -> Html:
    """A list."""
    return tag("ul", *(tag("li", entry) for entry in entries))


def page(title: str, language: str, style: str, body: Iterable[Html]) -> str:
    """A whole page in one file, without scripts."""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{style.rstrip()}\n</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )
