"""What a document must be before it is written, and how a draft is mended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.document.model import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    NumberRun,
    Paragraph,
    ReferenceRun,
    Table,
    TextRun,
)
from evaltools.document.soundness import sound
from evaltools.errors import MemoError
from sample_document import draft_document, number, sample_document, sample_figure, text


def with_blocks(*blocks: Block) -> Document:
    return replace(sample_document(), blocks=blocks)


def codes(document: Document) -> list[str]:
    with pytest.raises(MemoError) as caught:
        sound(document)
    return [fault.code for fault in caught.value.faults]


def test_a_sound_document_comes_back_unchanged() -> None:
    document = sample_document()
    assert sound(document) is document


def test_two_blocks_with_one_id_are_refused() -> None:
    figure = sample_figure("fig-a", "A")
    assert codes(with_blocks(figure, replace(figure, title="B"))) == ["DOCUMENT_ID_TWICE"]


def test_a_reference_to_nothing_is_refused_with_the_nearest_id() -> None:
    document = with_blocks(sample_figure("fig-brug", "A"), Paragraph((ReferenceRun("fig-burg"),)))
    with pytest.raises(MemoError, match='Did you mean "fig-brug"') as caught:
        sound(document)
    assert caught.value.code == "DOCUMENT_REFERENCE"


def test_a_number_without_a_register_row_is_refused() -> None:
    assert codes(with_blocks(Paragraph((number("ukendt", "12"),)))) == ["DOCUMENT_NUMBER"]


def test_one_number_shown_in_two_ways_in_one_form_is_refused() -> None:
    block = Paragraph((number("response.n", "70"), number("response.n", "71")))
    assert codes(with_blocks(block)) == ["DOCUMENT_NUMBER_DIFFERS"]


def test_headings_must_not_skip_a_level() -> None:
    assert codes(with_blocks(Heading(1, text("A")), Heading(3, text("B")))) == ["DOCUMENT_HEADINGS"]


def test_headings_go_no_deeper_than_three_levels() -> None:
    headings = tuple(Heading(level, text("H")) for level in (1, 2, 3, 4))
    assert codes(with_blocks(*headings)) == ["DOCUMENT_HEADINGS"]
    mended = sound(replace(with_blocks(*headings), faults=("en fejl",))).blocks[-1]
    assert isinstance(mended, Heading)
    assert mended.level == 3


def test_a_figure_without_alternative_text_is_refused() -> None:
    assert codes(with_blocks(replace(sample_figure("fig-a", "A"), alt=" "))) == ["DOCUMENT_ALT"]


def test_a_table_row_must_have_a_cell_for_each_heading() -> None:
    table = Table("tab-a", "A", ("x", "y"), ((Cell(text("1")),),), "")
    assert codes(with_blocks(table)) == ["DOCUMENT_TABLE_SHAPE"]


def test_widths_must_fit_the_columns() -> None:
    table = Table("tab-a", "A", ("x", "y"), ((Cell(text("1")), Cell(text("2"))),), "", widths=(1.0,))
    assert codes(with_blocks(table)) == ["DOCUMENT_TABLE_SHAPE"]


def test_all_faults_are_told_at_once() -> None:
    found = codes(with_blocks(Heading(2, text("A")), Paragraph((ReferenceRun("x"), number("y", "1")))))
    assert sorted(found) == ["DOCUMENT_HEADINGS", "DOCUMENT_NUMBER", "DOCUMENT_REFERENCE"]


def test_a_draft_shows_an_unknown_reference_and_number_as_words() -> None:
    last = sound(draft_document()).blocks[-1]
    assert isinstance(last, Paragraph)
    assert TextRun("[ukendt henvisning: fig-borte]", bold=True) in last.inline
    assert TextRun("12") in last.inline


def test_a_draft_is_mended_in_all_other_ways_too() -> None:
    table = Table("tab-a", "A", ("x", "y"), ((Cell(text("1")),),), "", widths=(1.0,))
    figure = replace(sample_figure("tab-a", "Titel"), alt="")
    twice = Paragraph((number("response.n", "70"), number("response.n", "71")))
    document = replace(with_blocks(Heading(3, text("H")), table, figure, twice), faults=("en fejl",))
    heading, mended, pictured, words = sound(document).blocks
    assert isinstance(heading, Heading)
    assert heading.level == 1
    assert isinstance(mended, Table)
    assert len(mended.rows[0]) == 2
    assert mended.widths == ()
    assert isinstance(pictured, Figure)
    assert (pictured.id, pictured.alt) == ("", "Titel")
    assert isinstance(words, Paragraph)
    assert isinstance(words.inline[0], NumberRun)
    assert words.inline[1] == TextRun("71")


def test_a_mended_draft_has_no_faults_left() -> None:
    mended = sound(draft_document())
    assert sound(replace(mended, faults=())) == replace(mended, faults=())
