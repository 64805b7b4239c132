"""The HTML writer: one file without scripts, every number a link to its row in the register annex."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from importlib import resources
from pathlib import Path

from evaltools.document.front import faults_box, front_box, front_facts
from evaltools.document.html.blocks import Page, anchor, block_html, box_html, link_to, scrolling
from evaltools.document.model import Document
from evaltools.document.outline import Place, outline, shown_texts, uses
from evaltools.document.register import RegisterEntry, RegisterGroup, register_groups
from evaltools.document.soundness import sound
from evaltools.document.writing import write_file
from evaltools.language import texts


def write_html(document: Document, path: Path | str) -> None:
    """Write the document as one accessible HTML file.

    Parameters: `document`; `path`, replaced in one step.
    Raises: MemoError with the codes of `sound`, `DOCUMENT_NOT_WRITTEN`.
    """
    write_file(path, html_bytes(document))


def html_bytes(document: Document) -> bytes:
    """The page itself, UTF-8; the same document gives the same bytes."""
    document = sound(document)
    page = Page(document, outline(document), texts(document.language), {row.id: row for row in document.register})
    style = resources.files("evaltools.document.html").joinpath("style.css").read_text("utf-8")
    title = f"{document.title} – {document.stamp}" if document.stamp else document.title
    parts = (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        _meta("author", document.author),
        _meta("description", document.description),
        _meta("dcterms.date", document.iso_date),
        f"<style>\n{style}{_printed_stamp(document)}</style>\n</head>\n<body>",
        f'<a class="skip" href="#main">{escape(page.words.say("document.skip"))}</a>',
        _running(document),
        f'<div class="page">\n{_cover(page)}\n{_beside(page)}\n<main id="main" tabindex="-1">',
        *(block_html(page, index) for index in range(len(document.blocks))),
        _register(page),
        f"</main>\n</div>\n{_foot(document)}\n</div>\n</body>\n</html>\n",
    )
    return "\n".join(part for part in parts if part).encode()


def body_html(document: Document) -> str:
    """The middle of the page without its head and style, to stand inside the page of a website."""
    document = sound(document)
    page = Page(document, outline(document), texts(document.language), {row.id: row for row in document.register})
    blocks = "\n".join(block_html(page, index) for index in range(len(document.blocks)))
    return f'<div class="document">\n{_cover(page)}\n{_contents(page)}\n{blocks}\n</div>'


def _meta(name: str, value: str) -> str:
    return f'<meta name="{name}" content="{escape(value)}">' if value else ""


def _printed_stamp(document: Document) -> str:
    """The stamp in the margin of each printed page."""
    if not document.stamp:
        return ""
    words = re.sub(r"[^\w\s·.,:–-]", "", document.stamp)
    look = "font: 600 8pt Calibri, Arial, sans-serif; color: #8c2f1b"
    return f'@media print {{ @page {{ @top-right {{ content: "{words}"; {look} }} }} }}\n'


def _running(document: Document) -> str:
    """The stamp that stays in view while the reader scrolls; the cover says it to screen readers."""
    if not document.stamp:
        return ""
    return f'<div class="running" aria-hidden="true"><span class="stamp">{escape(document.stamp)}</span></div>'


def _cover(page: Page) -> str:
    document = page.document
    kind = document.kind or page.words.say("document.kind")
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in front_facts(document))
    parts = (
        f'<p class="kind">{escape(kind)}</p><h1>{escape(document.title)}</h1>',
        f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else "",
        f'<p class="stamp">{escape(document.stamp)}</p>' if document.stamp else "",
        f'<dl class="facts">{facts}</dl>' if facts else "",
        box_html(page, faults_box(document), "box faults"),
        box_html(page, front_box(document)),
    )
    return f'<header class="cover">{"".join(parts)}</header>'


def _beside(page: Page) -> str:
    """What stands beside the blocks on a wide screen: the contents, in a brief report nothing."""
    return "<div>" if page.document.brief else f'<div class="columns">\n{_contents(page)}'


def _contents(page: Page) -> str:
    """Chapters and what lies right under each, as nested lists."""
    chapters: list[list[Place]] = []
    for place in (place for place in page.places.headings() if place.level <= 2):
        if place.level == 1 or not chapters:
            chapters.append([place])
        else:
            chapters[-1].append(place)
    if not chapters:
        return "<div></div>"
    entries = "".join(f"<li>{_entry(first)}{_sublist(rest)}</li>" for first, *rest in chapters)
    title = escape(page.words.say("document.contents"))
    label = escape(page.words.say("document.html.nav"))
    return f'<nav aria-label="{label}"><h2 id="contents">{title}</h2><ol>{entries}</ol></nav>'


def _sublist(places: list[Place]) -> str:
    return f"<ol>{''.join(f'<li>{_entry(place)}</li>' for place in places)}</ol>" if places else ""


def _entry(place: Place) -> str:
    number = place.name if place.kind == "annex" and place.level == 1 else place.number
    shown = f"{number} {place.title}" if number else place.title
    return f'<a href="{link_to(place.id)}">{escape(shown)}</a>'


def _register(page: Page) -> str:
    if not page.document.register:
        return ""
    say = page.words.say
    place = page.places.places[-1]
    used = uses(page.document, page.places)
    names = [say(f"document.register.{column}") for column in ("id", "shown", "value", "own", "used")]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    shown = shown_texts(page.document)
    rows = "\n".join(_register_group(group, used) for group in register_groups(page.document.register, shown))
    caption = f"<caption>{escape(say('document.register.description'))}</caption>"
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    return (
        f'<section class="register" aria-labelledby="{place.id}">'
        f'<h2 id="{place.id}" class="annex"><span class="number">{escape(place.name)}</span>{escape(place.title)}</h2>'
        f"<p>{escape(say('document.register.intro'))}</p>{scrolling(page, place.title, table)}</section>"
    )


def _register_group(group: RegisterGroup, used: Mapping[str, tuple[Place, ...]]) -> str:
    """The numbers of one source under what they share."""
    shared = f'<tr class="group"><th scope="colgroup" colspan="5">{_pairs(group.shared)}</th></tr>'
    return "\n".join([shared, *(_register_row(entry, used.get(entry.id, ())) for entry in group.entries)])


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return " · ".join(
        f'<span data-label="{escape(label)}"><span class="label">{escape(label)}:</span> {escape(text)}</span>'
        for label, text in pairs
    )


def _register_row(entry: RegisterEntry, places: tuple[Place, ...]) -> str:
    row = entry.row
    value = "" if row.value is None else str(row.value)
    rounded = f"{row.value:.10g}" if isinstance(row.value, float) else value
    own = " · ".join(
        filter(None, (escape(entry.name), _pairs(entry.own), row.lookup and f"<code>{escape(row.lookup)}</code>"))
    )
    used = ", ".join(f'<a href="{link_to(place.id)}">{escape(place.name)}</a>' for place in places if place.id)
    shown = escape(entry.shown)
    data = f'data-id="{escape(row.id)}" data-value="{escape(value)}" data-shown="{shown}"'
    return (
        f'<tr id="{escape(anchor(row.id))}" {data}>'
        f'<th scope="row">{escape(row.id)}</th><td>{shown}</td><td>{escape(rounded)}</td>'
        f'<td class="source">{own}</td><td>{used}</td></tr>'
    )


def _foot(document: Document) -> str:
    imprint = " · ".join(part for part in (document.author, document.date, document.stamp) if part)
    return f'<footer class="foot">{escape(imprint)}</footer>'
