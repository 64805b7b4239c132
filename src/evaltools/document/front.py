"""The first page: facts about the document, its box, and the faults that a draft opens with."""

from __future__ import annotations

from evaltools.document.model import Box, Bullets, Document, Paragraph, TextRun
from evaltools.language import texts


def front_facts(document: Document) -> tuple[tuple[str, str], ...]:
    """Author and date, unless the document's own facts say them, then those facts."""
    say = texts(document.language).say
    said = {part for fact in document.facts for part in fact}
    usual = ((say("document.author"), document.author), (say("document.date"), document.date))
    missing = tuple((name, text) for name, text in usual if text and name not in said and text not in said)
    return missing + document.facts


def front_box(document: Document) -> Box:
    """The box of the first page: the document's own, or what the document is about."""
    if document.box:
        return document.box
    about = (Paragraph((TextRun(document.description),)),) if document.description else ()
    return Box(texts(document.language).say("document.about"), about)


def faults_box(document: Document) -> Box:
    """The list of faults that a draft opens with."""
    say = texts(document.language).say
    count = len(document.faults)
    if not count:
        return Box("", ())
    intro = say("document.faults_one") if count == 1 else say("document.faults_many", count=count)
    entries = tuple((TextRun(fault),) for fault in document.faults)
    return Box(say("document.faults_title"), (Paragraph((TextRun(intro),)), Bullets(entries)))
