"""The HTML page: no scripts, unique ids, links that lead somewhere, text for every picture."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

from evaltools.document.html import html_bytes
from evaltools.document.model import Figure, Heading, Table
from evaltools.document.walk import all_blocks, number_runs
from sample_document import draft_document, sample_document

VOID = {"meta", "img", "br", "link"}


class Reader(HTMLParser):
    """Collects tags with their attributes, and complains when elements do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@cache
def page() -> Reader:
    reader = Reader()
    reader.feed(html_bytes(sample_document()).decode())
    assert reader.open == []
    return reader


def test_the_page_says_its_language_and_title_and_has_no_script() -> None:
    assert page().named("html") == [{"lang": "da"}]
    assert not page().named("script")
    assert not any(key.startswith("on") for _, attributes in page().tags for key in attributes)
    assert not any(
        str(value).startswith("javascript") for _, attributes in page().tags for value in attributes.values()
    )


def test_ids_are_unique_and_every_inner_link_leads_to_one() -> None:
    ids = [attributes["id"] for _, attributes in page().tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    targets = {unquote(str(link["href"])[1:]) for link in page().named("a") if str(link["href"]).startswith("#")}
    assert targets <= set(ids)


def test_every_number_is_a_link_to_its_row_and_tells_its_source() -> None:
    links = [link for link in page().named("a") if link.get("class") == "n"]
    runs = [run for block in all_blocks(sample_document()) for run in number_runs(block)]
    assert [link["href"] for link in links] == [f"#tal-{run.id}" for run in runs]
    assert all(link["title"] for link in links)


def test_the_register_is_a_table_with_the_data_of_each_number() -> None:
    rows = [row for row in page().named("tr") if "data-id" in row]
    assert [row["data-id"] for row in rows] == [row.id for row in sample_document().register]
    assert rows[0]["data-value"] == "70"
    assert rows[3]["data-shown"] == "57,1\u00a0pct.; 49–65"


def test_every_picture_has_alternative_text_and_its_data_behind_a_summary() -> None:
    figures = [block for block in sample_document().blocks if isinstance(block, Figure)]
    assert [image["alt"] for image in page().named("img")] == [figure.alt for figure in figures]
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in page().named("img"))
    assert len(page().named("details")) == len(page().named("summary")) == len(figures)


def test_every_table_has_column_and_row_headers() -> None:
    heads = page().named("th")
    assert all(head.get("scope") in ("col", "row", "colgroup") for head in heads)
    tables = [block for block in sample_document().blocks if isinstance(block, Table)]
    assert len(page().named("caption")) == len(tables) + 1


def test_headings_do_not_skip_a_level() -> None:
    levels = [int(tag[1]) for tag, _ in page().tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(levels) == 3 + sum(isinstance(block, Heading) for block in sample_document().blocks)


def test_a_keyboard_reader_can_skip_the_navigation_and_scroll_wide_tables() -> None:
    assert page().named("a")[0] == {"class": "skip", "href": "#main"}
    regions = [region for region in page().named("div") if region.get("class") == "scroll"]
    assert regions
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert len(page().named("nav")) == 1


def test_words_are_escaped() -> None:
    text = html_bytes(sample_document()).decode()
    assert "&lt; &gt; &amp;" in text
    assert "id=1&amp;sprog=da" in text


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = html_bytes(sample_document()).decode()
    assert "url(" not in text
    assert not page().named("link")


def test_the_stamp_stands_on_the_page_and_on_each_printed_page() -> None:
    text = html_bytes(sample_document()).decode()
    assert '<p class="stamp">Øvelsesdata</p>' in text
    assert '@top-right { content: "Øvelsesdata";' in text


def test_a_draft_lists_its_faults() -> None:
    text = html_bytes(draft_document()).decode()
    assert "Kladden har 2 fejl" in text
    assert draft_document().faults[0] in text


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_its_ground_by_at_least_four_and_a_half() -> None:
    text = html_bytes(sample_document()).decode()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", text))
    for ink in ("ink", "accent", "quiet", "warning"):
        for ground in ("#ffffff", colours["tint"], "#fbf3f0"):
            assert (luminance(ground) + 0.05) / (luminance(colours[ink]) + 0.05) >= 4.5
