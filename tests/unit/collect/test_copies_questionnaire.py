"""A whole questionnaire as a document: everything that can be asked stands in it, under the same numbers as elsewhere."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from broad_survey import write_broad_survey
from evaltools.collect.copies import Surroundings, questionnaire_document
from evaltools.collect.workbook.layout import pages
from evaltools.document.docx import docx_bytes
from evaltools.document.html import html_bytes
from evaltools.document.model import Bullets, Heading
from evaltools.document.outline import outline
from evaltools.document.pdf import pdf_bytes
from evaltools.document.walk import inlines, plain_text
from evaltools.language import Language, Text
from evaltools.schema import Questionnaire, numbering, read_survey
from pdf_words import pdf_words

SHIPPED = Path(__file__).parents[3] / "surveys"
AROUND = Surroundings(dt.date(2018, 2, 5), "28. februar 2018", "Anna, anna@example.dk", "Hvem er vi.\n\nHvor længe.")
LANGUAGES: tuple[Language, ...] = ("da", "en")


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return read_survey(write_broad_survey(tmp_path_factory.mktemp("copied")))


def words(questionnaire: Questionnaire, language: Language = "da") -> str:
    document = questionnaire_document(questionnaire, language, AROUND)
    told = [plain_text(inline) for block in document.blocks for inline in inlines(block)]
    return "\n".join([*told, *(text for fact in document.facts for text in fact)])


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/*/questionnaire.yaml")), ids=lambda path: str(path.parent)[-24:]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_bear_the_numbers_of_the_questions(path: Path, language: Language) -> None:
    questionnaire = read_survey(path.parent)
    document = questionnaire_document(questionnaire, language, AROUND)
    numbers = numbering(questionnaire)
    shown = [place.number for place in outline(document).headings() if place.number]
    asked = [
        number
        for section in questionnaire.sections
        for number in (
            numbers.sections[section.name],
            *(n for item in section.items for n in (numbers.items[item.name], *_inner(numbers.items, item.name)) if n),
        )
    ]
    assert shown == asked


def _inner(items: Mapping[str, str], name: str) -> list[str]:
    return [number for key, number in items.items() if key.startswith(f"{name}.")]


def test_it_holds_every_question_category_row_limit_unit_missing_kind_and_check(broad: Questionnaire) -> None:
    told = words(broad)
    for item in broad.items:
        assert item.text.da in told
    for expected in (
        "Første", "Anden", "Plan", "Andet (skriv hvad)", "Ingen (kan ikke vælges sammen med andre)", "(børn), mindst 0",
        "Kan i stedet besvares med: Ved ikke; Kan ikke opgøres", "Kontrol (bemærkning): Afviger",
        "Kontrol (kræver en begrundelse): Mere end 99", "Kan udfyldes op til 2 gange", "Pladser?", "højst 2",
        "Registrets tal for jer vises ved siden af", "Afsnittet stilles kun, når", "Stilles, når", "højst 200 tegn",
    ):  # fmt: skip
        assert expected in told


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/*/questionnaire.yaml")), ids=lambda path: str(path.parent)[-24:]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_that_only_programs_know_stands_in_a_shipped_questionnaire(path: Path, language: Language) -> None:
    questionnaire = read_survey(path.parent)
    told = words(questionnaire, language)
    assert [name for name in questionnaire.references if name in told] == []
    assert [item.name for item in questionnaire.items if "_" in item.name and item.name in told] == []


def test_rows_are_lettered_as_their_numbers_are(broad: Questionnaire) -> None:
    document = questionnaire_document(broad, "da", AROUND)
    lettered = [block for block in document.blocks if isinstance(block, Bullets) and block.letters]
    assert [[plain_text(entry)[:6] for entry in block.entries] for block in lettered] == [
        ["Første", "Anden"],
        ["Første", "Anden "],
    ]
    assert '<ol type="a">' in html_bytes(document).decode()


def test_it_says_the_promise_with_the_limits_that_are_kept_and_the_notice_on_personal_data(
    broad: Questionnaire,
) -> None:
    page = html_bytes(questionnaire_document(broad, "da", AROUND)).decode()
    for expected in (
        "færre end 5 børn",
        "færre end 3 kommuner",
        "Hvem er vi.",
        "Hvor længe.",
        "28. februar 2018",
        "Anna",
    ):
        assert expected in page
    without = questionnaire_document(broad, "da", replace(AROUND, privacy="", contact=""))
    assert "Om personoplysninger" not in html_bytes(without).decode()
    assert ("Spørg", "Ring") in without.facts


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_says_what_the_document_says(
    broad: Questionnaire, language: Language, tmp_path: Path
) -> None:
    document = questionnaire_document(broad, language, AROUND)
    (tmp_path / "q.pdf").write_bytes(pdf_bytes(document))
    with pikepdf.open(tmp_path / "q.pdf") as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang)[:2] == language
    said = letters(pdf_words(tmp_path / "q.pdf"))
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    assert [plain_text(each.inline) for each in headings if letters(plain_text(each.inline)) not in said] == []


def test_the_other_writers_take_it_too(broad: Questionnaire) -> None:
    document = questionnaire_document(broad, "da", AROUND)
    assert docx_bytes(document).startswith(b"PK")
    assert html_bytes(document) == html_bytes(questionnaire_document(broad, "da", AROUND))


def test_hostile_words_stay_words(broad: Questionnaire, tmp_path: Path) -> None:
    nasty = Text('<script>alert(1)</script> #let x = 1 $a$ \\ {{ 7*7 }} \x00 \u202e "', "=1+1")
    section = replace(broad.sections[0], title=nasty, intro=nasty)
    item = replace(section.items[0], label=nasty, text=nasty, instruction=nasty)
    sections = (replace(section, items=(item, *section.items[1:])), *broad.sections[1:])
    hostile = replace(broad, sections=sections, content_sha256="hostile")
    document = questionnaire_document(hostile, "da", replace(AROUND, contact=nasty.da, privacy=nasty.da))
    assert b"<script>" not in html_bytes(document)
    (tmp_path / "q.pdf").write_bytes(pdf_bytes(document))
    assert letters("<script>alert(1)</script> #let x = 1 $a$") in letters(pdf_words(tmp_path / "q.pdf"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_between_questions_stands_without_a_number_above_its_first_question(language: Language) -> None:
    q = read_survey(SHIPPED / "network_methods" / "2018")
    document = questionnaire_document(q, language, AROUND)
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    after = {one.id: following.id for one, following in itertools.pairwise(headings)}
    headed = [item for item in q.items if item.heading is not None]
    assert headed
    for item in headed:
        (heading,) = (one for one in headings if one.id == f"g-{item.section}-{item.name}")
        assert (plain_text(heading.inline), heading.numbered) == (item.heading.to(language), False)  # type: ignore[union-attr]
        assert after[heading.id] == f"q-{item.section}-{item.name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_between_questions_stands_in_the_workbook_above_its_first_question(language: Language) -> None:
    q = read_survey(SHIPPED / "network_methods" / "2018")
    lines = next(page.lines for page in pages(q, language) if page.number == numbering(q).sections["figures"])
    above = {following.text: line.text for line, following in itertools.pairwise(lines) if line.kind == "heading"}
    headed = {item.text.to(language): item.heading.to(language) for item in q.items if item.heading is not None}
    assert above == headed
