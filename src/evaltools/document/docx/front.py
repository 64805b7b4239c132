"""What stands around the blocks in Word: first page, contents, register annex, page headers and footers."""

from __future__ import annotations

from evaltools.document.docx.blocks import UPRIGHT_WIDTH, box, heading
from evaltools.document.docx.inline import Writing, contents_name, marked
from evaltools.document.docx.markup import (
    DECLARATION,
    NAMESPACES,
    Element,
    Para,
    body_xml,
    field,
    field_begin,
    field_end,
    run,
    tab,
)
from evaltools.document.front import faults_box, front_box, front_facts
from evaltools.document.model import Heading, TextRun
from evaltools.document.outline import Place, shown_texts
from evaltools.document.register import RegisterEntry, entry_details, register_groups

LABEL = '<w:rStyle w:val="Label"/>'
STAMP = '<w:rStyle w:val="StampMark"/>'
WARNING = '<w:color w:val="8C2F1B"/>'


def first_page(writing: Writing) -> list[Element]:
    """Kind, title, subtitle, stamp, facts, the faults of a draft, and the box."""
    document = writing.document
    kind = document.kind or writing.words.say("document.kind")
    elements: list[Element] = [Para("Kind", run(kind)), Para("Title", run(document.title))]
    if document.subtitle:
        elements.append(Para("Subtitle", run(document.subtitle)))
    if document.stamp:
        elements.append(Para("Stamp", run(document.stamp)))
    elements += [Para("Fact", run(name, LABEL) + tab() + run(text)) for name, text in front_facts(document)]
    elements += box(writing, faults_box(document), WARNING)
    return elements + box(writing, front_box(document))


def contents(writing: Writing) -> list[Element]:
    """The table of contents as a field that is already filled in; Word adds page numbers when it is updated."""
    listed = writing.places.contents()
    if not listed:
        return []
    opening = field_begin(f'TOC \\o "1-{max(place.level for place in listed)}" \\h \\z \\u')
    entries = [
        Para(f"TOC{place.level}", (opening if index == 0 else "") + _entry(place), keep_next=True)
        for index, place in enumerate(listed)
    ]
    title = Para("TOCHeading", run(writing.words.say("document.contents")), keep_next=True)
    inside = body_xml([title, *entries, Para("SectionEnd", field_end())])
    properties = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    return [f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"]


def _entry(place: Place) -> str:
    number = place.name if place.kind == "annex" and place.level == 1 else place.number
    shown = f"{number}  {place.title}" if number else place.title
    return f'<w:hyperlink w:anchor="{contents_name(place)}" w:history="1">{run(shown)}</w:hyperlink>'


def register(writing: Writing) -> list[Element]:
    """The annex with every number under its source; each has a bookmark."""
    say = writing.words.say
    place = writing.places.places[-1]
    title = heading(writing, Heading(1, (TextRun(place.title),), annex=True), place)
    elements: list[Element] = [title, Para("Normal", run(say("document.register.intro")))]
    for group in register_groups(writing.document.register, shown_texts(writing.document)):
        elements.append(Para("RegisterSource", _pairs(group.shared), keep_next=True))
        entries = run("; ", LABEL).join(_register_entry(writing, entry) for entry in group.entries)
        elements.append(Para("RegisterNumbers", entries))
    return [*elements, Para("SectionEnd", "")]


def _register_entry(writing: Writing, entry: RegisterEntry) -> str:
    """Id, text as shown, and in brackets what is the number's own."""
    name = f"tal_{next(writing.bookmarks)}"
    return (
        marked(writing, name, run(entry.id, "<w:b/>")) + run(f"\u00a0{entry.shown}") + run(entry_details(entry), LABEL)
    )


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    parts = [run(f"{label}: ", LABEL) + run(text) for label, text in pairs]
    return run(" · ", LABEL).join(parts)


def page_header(writing: Writing, width: int, *, first: bool = False) -> bytes:
    """The title left and the stamp right; on the first page the stamp only."""
    document = writing.document
    title = "" if first else run(document.title)
    stamp = run(f" {document.stamp} ", STAMP) if document.stamp else ""
    return _running("hdr", "Header", width, title + tab() + stamp)


def page_footer(writing: Writing, width: int) -> bytes:
    """Author and date left, page x of y right."""
    document = writing.document
    imprint = " · ".join(part for part in (document.author, document.date) if part)
    before, _, rest = writing.words.by_key["document.page_of"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    pages = run(before) + field("PAGE", "1") + run(between) + field("NUMPAGES", "1") + run(after)
    return _running("ftr", "Footer", width, run(imprint) + tab() + pages)


def _running(kind: str, style: str, width: int, inside: str) -> bytes:
    tabs = f'<w:tabs><w:tab w:val="clear" w:pos="{UPRIGHT_WIDTH}"/><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    own = tabs if width != UPRIGHT_WIDTH else ""
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{inside}</w:p>'
    return f"{DECLARATION}<w:{kind} {NAMESPACES}>{paragraph}</w:{kind}>".encode()
