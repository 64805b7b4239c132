"""Numbers and names of parts, and how tables and pages are set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.document.front import front_facts
from evaltools.document.layout import column_shares, number_columns, orientations
from evaltools.document.model import Cell, Document, Heading, Paragraph, Table
from evaltools.document.numbers import number_format
from evaltools.document.outline import outline, shown_texts, uses
from evaltools.document.register import register_groups
from sample_document import sample_document, sample_figure, text

SAMPLE = sample_document()


def table(id_: str) -> Table:
    return next(block for block in SAMPLE.blocks if isinstance(block, Table) and block.id == id_)


def test_chapters_are_numbered_and_annexes_lettered_and_the_register_is_the_last_annex() -> None:
    names = [(place.number, place.title) for place in outline(SAMPLE).headings()]
    assert names == [
        ("", "Resumé"),
        ("1", "Baggrund og formål"),
        ("1.1", "Datagrundlag og metode"),
        ("1.1.1", "Bortfald"),
        ("2", "Resultater efter region"),
        ("2.1", "Alle spørgsmål"),
        ("A", "Svar fra hver kommune"),
        ("A.1", "Spørgsmålene"),
        ("B", "Talregister"),
    ]


def test_figures_and_tables_are_numbered_through_the_whole_document() -> None:
    places = outline(SAMPLE)
    assert places.named("fig-bilag").name == "Figur 2"
    assert places.named("tab-lang").name == "Tabel 5"


def test_an_english_document_speaks_english() -> None:
    places = outline(replace(SAMPLE, language="en"))
    assert places.named("fig-bilag").name == "Figure 2"
    assert places.named("annex-skema").name == "Annex A"
    assert places.named("sec-metode").name == "section 1.1"


def test_a_document_without_numbers_has_no_register_annex() -> None:
    assert outline(Document("T", "", "", "", "2018-12-31", "da", "", (), ())).places == ()


def test_the_register_knows_where_each_number_is_shown() -> None:
    found = uses(SAMPLE, outline(SAMPLE))
    assert [place.name for place in found["response.share"]] == ["afsnit 1.1"]
    assert [place.name for place in found["b1.m6"]] == ["Resumé", "Figur 1", "Tabel 1", "Tabel 3", "Tabel 4", "Figur 2"]


def test_columns_of_numbers_are_set_flush_right_and_columns_of_words_are_not() -> None:
    assert number_columns(table("tab-brug")) == (False, True, True, True)
    assert number_columns(table("tab-grupper")) == (False, True, False)


def test_widths_add_up_and_follow_the_author_when_given() -> None:
    assert abs(sum(column_shares(table("tab-brug"))) - 1) < 1e-12
    assert column_shares(replace(table("tab-grupper"), widths=(2, 1, 1))) == pytest.approx((0.5, 0.25, 0.25))


def test_a_column_is_never_narrower_than_its_longest_word() -> None:
    long = "meget tekst " * 10
    rows = ((Cell(text("b1_mandatory")), Cell(text(long)), Cell(text(long)), Cell(text(long))),)
    shares = column_shares(Table("tab-x", "X", ("Nr.", "Spørgsmål", "Svar", "Stilles"), rows, "", widths=(1, 9, 9, 9)))
    assert shares[0] * 100 >= len("b1_mandatory")
    assert shares[1:] == pytest.approx((shares[1],) * 3, rel=0.05)


def test_a_heading_before_a_landscape_table_goes_along_to_its_page() -> None:
    blocks = (Paragraph(text("Før")), Heading(1, text("H")), Paragraph(text("Om tabellen")), table("tab-bred"))
    assert orientations(replace(SAMPLE, blocks=blocks)) == ((False, (0,)), (True, (1, 2, 3)))


def test_neighbouring_landscape_tables_share_pages() -> None:
    blocks = (table("tab-bred"), table("tab-bred-2"), sample_figure("fig-x", "X"))
    assert orientations(replace(SAMPLE, blocks=blocks)) == ((True, (0, 1)), (False, (2,)))


def test_every_block_stands_in_exactly_one_stretch_in_order() -> None:
    positions = [index for _, indices in orientations(SAMPLE) for index in indices]
    assert positions == list(range(len(SAMPLE.blocks)))


def test_numbers_of_one_source_stand_together_and_lose_nothing() -> None:
    groups = register_groups(SAMPLE.register, shown_texts(SAMPLE))
    assert sorted(entry.id for group in groups for entry in group.entries) == sorted(row.id for row in SAMPLE.register)
    assert len({tuple(row.source.items()) for row in SAMPLE.register}) == len(groups)
    for group in groups:
        for entry in group.entries:
            told = {*group.shared, *entry.own}
            assert {*entry.row.source.items(), *list(entry.row.own.items())[1:]} <= told
            assert entry.name in " ".join(entry.row.own.values())
    assert max(len(group.entries) for group in groups) > 30


def test_what_is_alike_for_all_numbers_of_a_source_is_said_once() -> None:
    shares = next(group for group in register_groups(SAMPLE.register, {}) if group.entries[0].id == "b1.m1")
    assert ("n", "70") in shares.shared
    assert [entry.own for entry in shares.entries] == [()] * len(shares.entries)
    assert all("Metode: " not in entry.name for entry in shares.entries)


def test_a_workbook_shows_a_share_as_the_text_does() -> None:
    assert number_format(0.0914, "9,14\u00a0pct.", "da") == "0.00%"
    assert number_format(0.0914, "9.14 per cent", "en") == "0.00%"
    assert number_format(1234567, "1.234.567", "da") == "#,##0"
    assert number_format(-3.5, "−3,5\u00a0procentpoint", "da") == "#,##0.0"
    assert number_format(12, "halvdelen", "da") == ""


def test_a_fact_that_the_document_gives_itself_is_not_said_twice() -> None:
    facts = (("Afsender", SAMPLE.author), ("Modtager", "Socialstyrelsen"))
    found = front_facts(replace(SAMPLE, facts=facts))
    assert found == (("Dato", SAMPLE.date), *facts)
