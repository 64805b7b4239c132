"""Reads out of the files of a memo what they say: numbers with the call and row that they are told to come from.

Nothing of the program that wrote the files is used: the workbook, the page, the chapters and the codebook are read as
a stranger would read them.
"""

from __future__ import annotations

import csv
import html
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from lxml import html as pages

_ROW = re.compile(r"^(?P<call>.*)(?P<lookup>\.row\(.*\)\.\w+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """One number as a file tells it. value : None where it is hidden. count : how many of `n`, where that is told."""

    id: str
    call: str
    lookup: str
    value: float | None
    count: int | None = None
    n: int | None = None
    base: float | None = None


@dataclass(frozen=True, slots=True)
class BookTable:
    """One table of the codebook: the wave and item it is about, its caption, and its lines."""

    wave: str
    item: str
    caption: str
    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def told_by_workbook(path: Path) -> Iterator[Told]:
    """The rows of the register that stands in the workbook."""
    book = openpyxl.load_workbook(path, read_only=True)
    lines = iter([*book["Talregister"].iter_rows(values_only=True)])
    book.close()
    header = next(line for line in lines if line and line[0] == "Id")
    place = {str(name): column for column, name in enumerate(header) if name}
    for line in lines:
        if line[0]:
            value = line[place["Værdi"]]
            number = float(value) if isinstance(value, (int, float)) else None
            yield Told(str(line[0]), str(line[place["Kode"]] or ""), str(line[place["Opslag i koden"]] or ""), number)


def told_by_page(path: Path) -> Iterator[Told]:
    """The rows of the register that stands at the end of the page."""
    tree = pages.fromstring(path.read_text("utf-8"))
    call = ""
    for line in tree.iter("tr"):
        for found in line.xpath('.//span[@data-label="Kode"]'):
            call = str(found.text_content()).partition(":")[2].strip()
        if line.get("data-id"):
            own = [str(code.text_content()) for code in line.iter("code")]
            value = line.get("data-value") or ""
            number = float(value) if re.fullmatch(r"-?[\d.]+(e-?\d+)?", value) else None
            yield Told(line.get("data-id"), call, own[0] if own else "", number)


def told_by_chapters(folder: Path) -> Iterator[Told]:
    """Every number that executed chapters carry, in whatever exhibit."""
    for path in sorted(folder.glob("*.ipynb")):
        for entry in _numbers(json.loads(path.read_text("utf-8"))):
            yield _of_json(entry)


def told_by_register(path: Path) -> Iterator[Told]:
    """Every number of the register beside the memo."""
    for entry in json.loads(path.read_text("utf-8"))["numbers"]:
        yield _of_json({**entry, "shown": entry["forms"], "source": {"code": entry["code"]}})


def _numbers(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if {"value", "shown", "source", "n"} <= content.keys():
            yield content
        for each in content.values():
            yield from _numbers(each)
    elif isinstance(content, list):
        for each in content:
            yield from _numbers(each)


def _of_json(entry: Mapping[str, Any]) -> Told:
    code = str(entry["source"]["code"])
    found = _ROW.match(code)
    call, lookup = (found["call"], found["lookup"]) if found else (code, "")
    count = entry["shown"].get("count", "").replace(".", "")
    value = entry["value"] if isinstance(entry["value"], (int, float)) else None
    number = int(count) if count.isdigit() else None
    return Told(str(entry.get("id", "")), call, lookup, value, number, entry["n"], entry["base"])


def shown_in_page(path: Path) -> dict[str, set[str]]:
    """Number -> every text that stands for it on the page."""
    found: dict[str, set[str]] = {}
    for link in pages.fromstring(path.read_text("utf-8")).xpath('//a[@class="n"]'):
        found.setdefault(str(link.get("href")).removeprefix("#tal-"), set()).add(str(link.text_content()))
    return found


def shown_in_word(path: Path) -> dict[str, set[str]]:
    """Number -> every text that stands for it in the Word file."""
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(path) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    found: dict[str, set[str]] = {}
    for control in tree.iter(f"{word}sdt"):
        tag = control.find(f"{word}sdtPr/{word}tag")
        if tag is not None and str(tag.get(f"{word}val")).startswith("tal:"):
            number = str(tag.get(f"{word}val")).removeprefix("tal:").partition("~")[0]
            found.setdefault(number, set()).add("".join(text.text or "" for text in control.iter(f"{word}t")))
    return found


def shown_in_figures(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines of the data beside each figure, with the figure's id."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in list(csv.reader(file, delimiter=";"))[1:]:
                yield path.stem, tuple(line)


def codebook_tables(path: Path) -> Iterator[BookTable]:
    """The tables of a codebook in order."""
    tree = pages.fromstring(path.read_text("utf-8"))
    for wave in tree.xpath("//main/section"):
        for block in wave.xpath(".//section"):
            item = str(block.get("id")).removeprefix(f"{wave.get('id')}-")
            for table in block.iter("table"):
                caption = table.find("caption")
                assert caption is not None
                header = tuple(_text(cell) for cell in table.xpath("./thead//th"))
                lines = tuple(
                    tuple(_text(cell) for cell in line.xpath("./th|./td")) for line in table.xpath("./tbody/tr")
                )
                yield BookTable(str(wave.get("id")), item, str(caption.text or "").strip(), header, lines)


def _text(cell: Any) -> str:
    return html.unescape(str(cell.text_content())).strip()


def figures_on_sheet(content: bytes) -> Iterator[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    """Question, groups, answer and counts ("5 ud af 8") of each line of a comparison page."""
    for question in pages.fromstring(content.decode()).xpath('//section[@class="compared"]'):
        title = question.find("h3")
        called = "".join(title.itertext())[len("".join(title.find("span").itertext())) :].strip()
        for table in question.iter("table"):
            groups = tuple(_text(cell) for cell in table.xpath("./thead//th"))[1:]
            for line in table.xpath("./tbody/tr"):
                head = line.find("th")
                told = tuple(_text(cell).replace("\u00a0", " ") for cell in line.findall("td"))
                yield called, groups, str(head.text or "").strip(), told
