"""Markdown prose made into blocks: `{{number}}`, `{{number:form}}`, `@fig-x`, `{{fixed:98|source}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import mistune

from evaltools.document.model import (
    Block,
    Box,
    Bullets,
    Heading,
    Inline,
    LinkRun,
    NumberRun,
    PageBreak,
    Paragraph,
    Run,
    TextRun,
)
from evaltools.errors import Fault

_MARK: Final = re.compile(r"\{\{\s*(?P<inner>[^{}]+?)\s*\}\}|@(?P<target>(?:fig|tab)-[\w-]*\w)")
_TYPED: Final = re.compile(r"(?<![\w§.])(?:§+\s*)?\d+(?:[.,]\d+)*")
_MONTHS: Final = (
    "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|"
    "january|february|march|may|june|july|october"
)
_ALLOWED: Final = re.compile(
    rf"§+\s*\d+(?:[-,\s]*(?:stk\.|nr\.)?\s*\d+)*|\b\d{{1,2}}\.? (?:{_MONTHS})\b|\b(?:19|20)\d\d\b(?:-(?:19|20)\d\d\b)?",
    re.IGNORECASE,
)
_MARKDOWN: Final = mistune.create_markdown(renderer=None)

Resolve = Callable[[str, str], Sequence[Run]]
"""From a mark in prose (`use:n`, `fixed:98|source` or `@fig-x`) and its place to runs; see `assemble`."""


@dataclass(frozen=True, slots=True)
class Prose:
    """The blocks of one Markdown cell and what is wrong with it."""

    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]


class _Reader:
    """Walks the Markdown of one cell; collects faults on its way."""

    def __init__(self, place: str, source: str, resolve: Resolve, *, annex: bool) -> None:
        self.place = place
        self.lines = source.splitlines()
        self.resolve = resolve
        self.annex = annex
        self.faults: list[Fault] = []

    def where(self, text: str) -> str:
        """Place and line of the first line that holds this text."""
        words = text.strip()
        for number, line in enumerate(self.lines, start=1):
            if words and words in line:
                return f"{self.place}, line {number}"
        return self.place

    def fault(self, code: str, text: str, problem: str, remedy: str) -> None:
        """Note one fault and go on."""
        self.faults.append(Fault(code, self.where(text), problem, remedy))

    def blocks(self, tokens: Sequence[dict[str, Any]]) -> Iterator[Block]:
        """The blocks of a list of Markdown tokens."""
        for token in tokens:
            kind = token["type"]
            if kind == "heading":
                yield Heading(token["attrs"]["level"], self.inline(token["children"]), annex=self.annex)
            elif kind in ("paragraph", "block_text"):
                yield Paragraph(self.inline(token["children"]))
            elif kind == "list":
                yield self.bullets(token)
            elif kind == "block_quote":
                yield self.box(token)
            elif kind == "thematic_break":
                yield PageBreak()
            elif kind != "blank_line":
                remedy = "Use headings, paragraphs, lists and boxes; show tables and figures from a cell."
                self.fault("UNSUPPORTED_MARKDOWN", token.get("raw", ""), f"a memo has no {kind}", remedy)

    def bullets(self, token: dict[str, Any]) -> Bullets:
        """A list; only the first paragraph of an entry is kept on its line."""
        entries = tuple(self.inline(entry["children"][0]["children"]) for entry in token["children"])
        return Bullets(entries, ordered=bool(token["attrs"].get("ordered")))

    def box(self, token: dict[str, Any]) -> Box:
        """A quotation is a box; a first paragraph all in bold is its title."""
        children = [child for child in token["children"] if child["type"] != "blank_line"]
        title = ""
        if children and children[0]["type"] == "paragraph":
            first = children[0]["children"]
            if len(first) == 1 and first[0]["type"] == "strong":
                title = "".join(child.get("raw", "") for child in first[0]["children"])
                children = children[1:]
        blocks = tuple(block for block in self.blocks(children) if isinstance(block, (Paragraph, Bullets)))
        return Box(title, blocks)

    def inline(self, children: Sequence[dict[str, Any]], bold: bool = False, italic: bool = False) -> Inline:
        """Runs of one paragraph."""
        runs: list[Run] = []
        for child in children:
            runs.extend(self.run(child, bold, italic))
        return without_double_stops(runs)

    def run(self, child: dict[str, Any], bold: bool, italic: bool) -> Iterator[Run]:
        """Runs of one inline token."""
        kind = child["type"]
        if kind in ("text", "codespan"):
            yield from self.text(child["raw"], bold, italic)
        elif kind in ("softbreak", "linebreak"):
            yield TextRun(" ")
        elif kind == "strong":
            yield from self.inline(child["children"], True, italic)
        elif kind == "emphasis":
            yield from self.inline(child["children"], bold, True)
        elif kind == "link":
            yield LinkRun(child["attrs"]["url"], "".join(part.get("raw", "") for part in child["children"]))
        else:
            remedy = "Show pictures from a cell, with alternative text and data."
            self.fault("UNSUPPORTED_MARKDOWN", child.get("raw", ""), f"a memo has no {kind} in running text", remedy)

    def text(self, raw: str, bold: bool, italic: bool) -> Iterator[Run]:
        """Words, numbers and references of one piece of text."""
        position = 0
        for mark in _MARK.finditer(raw):
            yield from self.words(raw[position : mark.start()], raw, bold, italic)
            yield from self.resolve(mark["inner"] or mark.group(), self.where(mark.group()))
            position = mark.end()
        yield from self.words(raw[position:], raw, bold, italic)

    def words(self, text: str, raw: str, bold: bool, italic: bool) -> Iterator[Run]:
        """Plain words; a number typed by hand among them is a fault."""
        for typed in _TYPED.finditer(_ALLOWED.sub(" ", text)):
            remedy = "Show it from a cell and write {{its_id}}, or write {{fixed:98|where it is from}}."
            self.fault("TYPED_NUMBER", raw, f'the number "{typed.group()}" is typed by hand', remedy)
        if text:
            yield TextRun(text, bold, italic)


def read_prose(source: str, place: str, resolve: Resolve, *, annex: bool = False) -> Prose:
    """The blocks of one Markdown cell.

    source : Markdown. place : chapter and cell, for faults. resolve : from what stands in the braces and its place
    to runs. annex : whether the chapter is an annex.
    """
    reader = _Reader(place, source, resolve, annex=annex)
    tokens = _MARKDOWN(source)
    assert isinstance(tokens, list)
    blocks = tuple(reader.blocks(tokens))
    return Prose(blocks, tuple(reader.faults))


def without_double_stops(runs: Sequence[Run]) -> Inline:
    """The same runs, but never two full stops where a number ends with one ("9,14 pct.").

    >>> without_double_stops([NumberRun("x", "", "9,14 pct."), TextRun(". Og")])[1].text
    ' Og'
    """
    kept: list[Run] = []
    for run in runs:
        before = kept[-1] if kept else None
        ends = isinstance(before, NumberRun) and before.shown.endswith(".")
        if ends and isinstance(run, TextRun) and run.text.startswith("."):
            kept.append(TextRun(run.text[1:], run.bold, run.italic))
        else:
            kept.append(run)
    return tuple(run for run in kept if not isinstance(run, TextRun) or run.text)
