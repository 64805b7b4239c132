"""Prose: numbers and references are marks, digits typed by hand are faults."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evaltools.document.model import Box, Bullets, Heading, NumberRun, Paragraph, ReferenceRun, Run, TextRun
from evaltools.memo.prose import Prose, read_prose


def read(source: str) -> Prose:
    def resolve(mark: str, place: str) -> Sequence[Run]:
        return (ReferenceRun(mark[1:]),) if mark.startswith("@") else (NumberRun(mark, "", "9,14 pct."),)

    return read_prose(source, "chapter, cell 2", resolve)


def test_a_number_mark_becomes_a_number_run_and_swallows_the_second_full_stop() -> None:
    (paragraph,) = read("Andelen er {{share}}. Den er høj.").blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inline == (TextRun("Andelen er "), NumberRun("share", "", "9,14 pct."), TextRun(" Den er høj."))


def test_a_reference_becomes_a_reference_run_without_its_full_stop() -> None:
    (paragraph,) = read("Se @fig-use.").blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inline == (TextRun("Se "), ReferenceRun("fig-use"), TextRun("."))


def test_headings_lists_and_boxes_are_kept() -> None:
    blocks = read("# Et\n\n- a\n- b\n\n> **Kort**\n>\n> tekst\n").blocks
    assert [type(block) for block in blocks] == [Heading, Bullets, Box]
    assert isinstance(blocks[2], Box)
    assert blocks[2].title == "Kort"


@pytest.mark.parametrize(
    "typed", ["41 kommuner", "i 95 procent", "(1.234)", "12,5", "uge 14", "de 98", "f.eks. 3", "N=98", "98 pct."]
)
def test_a_number_typed_by_hand_is_a_fault_with_its_line(typed: str) -> None:
    (fault,) = read(f"Først en linje.\nSå {typed} her.").faults
    assert fault.code == "TYPED_NUMBER"
    assert fault.where == "chapter, cell 2, line 2"


@pytest.mark.parametrize(
    "allowed",
    ["i 2018", "2015-2018", "31. december 2018", "§ 47", "§§ 20-22", "b1_stage", "netværk", "R2-registrering"],
)
def test_years_dates_paragraphs_and_names_are_no_typed_numbers(allowed: str) -> None:
    assert read(f"Det skete {allowed} her.").faults == ()


def test_pictures_and_code_blocks_are_refused() -> None:
    codes = [fault.code for fault in read("![x](a.png)\n\n```\nkode\n```\n").faults]
    assert codes == ["UNSUPPORTED_MARKDOWN", "UNSUPPORTED_MARKDOWN"]
