"""Chapters become one document; whatever does not hold together is named with its cell and line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.document.model import Figure, NumberRun, Paragraph, Table, TextRun
from evaltools.memo.assemble import Assembly, assemble
from evaltools.memo.model import Cell, Chapter
from evaltools.present.model import Exhibit
from memo_fixtures import PAGE, PROVENANCE, chapter, code, figure, number, sentence, table


def build(*chapters: Chapter) -> Assembly:
    return assemble(chapters, PAGE, PROVENANCE)


def codes(*chapters: Chapter) -> list[str]:
    return [fault.code for fault in build(*chapters).faults]


def test_a_number_in_prose_leads_to_its_row_in_the_register() -> None:
    assembly = build(chapter("Andelen er {{use}} ({{use:n}} kommuner).", ("use", number())))
    paragraph = assembly.document.blocks[-1]
    assert assembly.faults == ()
    assert isinstance(paragraph, Paragraph)
    assert NumberRun("use", "", "50 pct.") in paragraph.inline
    assert NumberRun("use", "n", "20") in paragraph.inline
    assert [row.id for row in assembly.document.register] == ["use"]


def test_one_chapter_may_use_the_numbers_of_another() -> None:
    first = chapter("{{use}}", name="01-resume")
    assert codes(first, chapter("tekst", ("use", number()), name="02-brug")) == []


def test_a_sentence_stands_in_prose_with_its_numbers_traced() -> None:
    assembly = build(chapter("{{s_use}} Mere.", ("s_use", sentence())))
    paragraph = assembly.document.blocks[-1]
    assert isinstance(paragraph, Paragraph)
    assert NumberRun("s_use.share", "n", "20") in paragraph.inline
    assert "s_use.share" in assembly.register.entries


def test_a_table_has_one_register_row_per_number_however_many_forms_it_shows() -> None:
    assembly = build(chapter("@tab-use", ("tab-use", table())))
    (shown,) = [block for block in assembly.document.blocks if isinstance(block, Table)]
    assert [cell.inline[0] for cell in shown.rows[0]] == [
        TextRun("Familierådslagning"),
        NumberRun("tab-use.1", "", "50 pct."),
        NumberRun("tab-use.1", "n", "20"),
    ]
    assert list(assembly.register.entries) == ["tab-use.1"]


def test_a_figure_names_the_numbers_it_shows() -> None:
    assembly = build(chapter("@fig-use", ("fig-use", figure())))
    (shown,) = [block for block in assembly.document.blocks if isinstance(block, Figure)]
    assert shown.numbers == ("fig-use.m1",)


def test_a_constant_carries_its_source_into_the_register() -> None:
    assembly = build(chapter("Der er {{fixed:98|Danmarks Statistik}} kommuner."))
    (entry,) = assembly.register.entries.values()
    assert (entry.number.value, entry.number.source.citation) == (98, "Danmarks Statistik")
    assert assembly.faults == ()


def test_annexes_come_last_whatever_their_name() -> None:
    annex = chapter("bilag", name="00-bilag", annex=True)
    document = build(annex, chapter("tekst")).document
    prose = [block.inline for block in document.blocks if isinstance(block, Paragraph)]
    assert prose == [(TextRun("tekst"),), (TextRun("bilag"),)]


@pytest.mark.parametrize(
    ("prose", "code_of_fault"),
    [
        ("{{unknown}}", "UNKNOWN_NUMBER"),
        ("{{use:nope}}", "UNKNOWN_FORM"),
        ("@fig-nope", "UNKNOWN_REFERENCE"),
        ("@tab-nope", "UNKNOWN_REFERENCE"),
        ("41 kommuner", "TYPED_NUMBER"),
        ("{{fixed:98}}", "FIXED_WITHOUT_SOURCE"),
        ("![billede](x.png)", "UNSUPPORTED_MARKDOWN"),
        ("### For dybt", "HEADING_SKIPS"),
    ],
)
def test_a_fault_in_prose_is_named_with_its_cell_and_line(prose: str, code_of_fault: str) -> None:
    (fault,) = build(chapter(f"Linje\n\n{prose}\n", ("use", number()))).faults
    assert fault.code == code_of_fault
    assert fault.where.startswith("01-kapitel, cell 3")


@pytest.mark.parametrize(
    ("shown", "code_of_fault"),
    [(figure(alt=""), "NO_ALT_TEXT"), (figure(alt="image"), "NO_ALT_TEXT"), (figure(data=False), "NO_DATA")],
)
def test_a_figure_without_words_or_data_is_a_fault(shown: Exhibit, code_of_fault: str) -> None:
    assert codes(chapter("@fig-use", ("fig-use", shown))) == [code_of_fault]


def test_one_id_with_two_values_is_a_fault_and_with_one_value_is_not() -> None:
    same = chapter("{{use}}", ("use", number()), name="02-igen")
    other = chapter("{{use}}", ("use", replace(number(), value=0.6)), name="03-anden")
    assert codes(chapter("x", ("use", number())), same) == []
    assert codes(chapter("x", ("use", number())), other) == ["TWO_VALUES"]


def test_a_picture_that_was_not_shown_through_evaltools_is_a_fault() -> None:
    stray = Chapter("01", (Cell(1, "markdown", "# A"), Cell(2, "code", "", (), ("picture",))))
    assert codes(stray) == ["UNTRACED_PICTURE"]


def test_a_chapter_without_heading_is_a_fault() -> None:
    assert codes(Chapter("01", (Cell(1, "markdown", "tekst"), code(2)))) == ["NO_HEADING"]


def test_a_draft_still_has_words_where_something_is_unknown() -> None:
    paragraph = build(chapter("Se {{unknown}} og @fig-nope.")).document.blocks[-1]
    assert isinstance(paragraph, Paragraph)
    assert [run for run in paragraph.inline if isinstance(run, TextRun) and run.bold] == [
        TextRun("[unknown?]", bold=True),
        TextRun("[fig-nope?]", bold=True),
    ]
