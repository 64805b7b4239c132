"""The Word file: numbers as controls, fields that resolve, tables and pictures that everyone can read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from lxml import etree

from evaltools.document.docx import docx_bytes, read_numbers, read_places, read_record, write_docx
from evaltools.document.model import Figure, NumberRun, Table
from evaltools.document.outline import outline
from evaltools.document.walk import all_blocks, number_runs
from evaltools.errors import MemoError
from sample_document import draft_document, sample_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@cache
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx_bytes(sample_document()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body() -> etree._Element:
    return etree.fromstring(parts()["word/document.xml"])


def values(element: etree._Element, name: str) -> list[str]:
    return [str(found.get(f"{W}val")) for found in element.iter(f"{W}{name}")]


def runs() -> list[NumberRun]:
    return [run for block in all_blocks(sample_document()) for run in number_runs(block)]


def test_every_part_is_well_formed_and_none_comes_from_a_template() -> None:
    for name, content in parts().items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    assert not any("thumbnail" in name or "stylesWithEffects" in name for name in parts())
    assert b"updateFields" not in parts()["word/settings.xml"]


def test_an_independent_reader_opens_it_and_finds_title_and_language() -> None:
    document = docx.Document(io.BytesIO(docx_bytes(sample_document())))
    assert document.core_properties.title == sample_document().title
    assert document.core_properties.language == "da-DK"
    assert document.paragraphs[1].style.name == "Title"
    assert len(document.inline_shapes) == 2


def test_every_number_is_a_locked_plain_text_control_with_its_tag() -> None:
    controls = [control for control in body().iter(f"{W}sdt") if control.find(f"{W}sdtPr/{W}tag") is not None]
    tags = [control.find(f"{W}sdtPr/{W}tag").get(f"{W}val") for control in controls]
    assert tags == [f"tal:{run.id}" + (f"~{run.form}" if run.form else "") for run in runs()]
    for control in controls:
        properties = control.find(f"{W}sdtPr")
        assert properties is not None
        assert values(properties, "lock") == ["contentLocked"]
        assert properties.find(f"{W}text") is not None
        assert len(values(properties, "alias")[0]) <= 64
    ids = [value for control in controls for value in values(control, "id")]
    assert len(set(ids)) == len(ids)


def test_the_alias_tells_the_question_and_how_many_were_asked() -> None:
    aliases = values(body(), "alias")
    assert "b1_stage: Bruger kommunen metoden? · n = 70" in aliases


def test_controls_are_bound_to_the_shown_values_in_the_custom_part() -> None:
    space = {"n": "urn:evaltools:numbers:1"}
    shown = etree.fromstring(parts()["customXml/item1.xml"])
    for binding in body().iter(f"{W}dataBinding"):
        found = shown.getroottree().xpath(str(binding.get(f"{W}xpath")), namespaces=space)
        assert isinstance(found, list)
        assert len(found) == 1


def test_numbers_are_read_back_as_they_are_shown(tmp_path: Path) -> None:
    write_docx(sample_document(), tmp_path / "notat.docx")
    numbers = read_numbers(tmp_path / "notat.docx")
    assert numbers["tal:b1.m1"] == "57,1\u00a0pct."
    assert numbers["tal:b1.m1~interval"] == "49–65"
    assert numbers == {f"tal:{run.id}" + (f"~{run.form}" if run.form else ""): run.shown for run in runs()}
    assert all(place.shown == place.recorded for place in read_places(tmp_path / "notat.docx"))


def test_the_record_keeps_value_and_source_of_every_number(tmp_path: Path) -> None:
    write_docx(sample_document(), tmp_path / "notat.docx")
    record = read_record(tmp_path / "notat.docx")
    assert record["date"] == "2018-12-31"
    numbers = record["numbers"]
    assert isinstance(numbers, list)
    assert [entry["id"] for entry in numbers] == [row.id for row in sample_document().register]
    assert numbers[3]["source"]["n"] == "70"


def test_a_number_changed_by_hand_in_one_place_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notat.docx"
    write_docx(sample_document(), path)
    document = docx.Document(str(path))
    tagged = [
        control
        for control in document.element.body.iter(f"{W}sdt")
        if any(tag.get(f"{W}val") == "tal:b1.m1" for tag in control.iter(f"{W}tag"))
    ]
    next(tagged[1].iter(f"{W}t")).text = "99 pct."
    document.save(str(path))
    assert read_numbers(path)["tal:b1.m1"] == "99 pct."
    assert sum(place.shown != place.recorded for place in read_places(path)) == 1


def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    docx.Document().save(str(tmp_path / "b.docx"))
    for name in ("a.docx", "b.docx", "c.docx"):
        with pytest.raises(MemoError) as caught:
            read_numbers(tmp_path / name)
        assert caught.value.code == "DOCX_NOT_READ"


def test_every_reference_and_entry_of_the_contents_leads_to_a_bookmark() -> None:
    root = body()
    names = [str(start.get(f"{W}name")) for start in root.iter(f"{W}bookmarkStart")]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 for name in names)
    instructions = [(text.text or "").split() for text in root.iter(f"{W}instrText")]
    targets = [words[1] for words in instructions if words[0] == "REF"]
    assert len(targets) == 4
    assert all(target.startswith("_Ref") for target in targets)
    anchors = [str(link.get(f"{W}anchor")) for link in root.iter(f"{W}hyperlink") if link.get(f"{W}anchor")]
    assert len(anchors) == 8
    assert set(targets) | set(anchors) <= set(names)


def test_captions_are_numbered_by_fields_under_the_words_of_the_language() -> None:
    instructions = [(text.text or "").split() for text in body().iter(f"{W}instrText")]
    sequences = [words[1] for words in instructions if words[0] == "SEQ"]
    places = [place for place in outline(sample_document()).places if place.kind in ("figure", "table")]
    assert sequences == [place.name.split()[0] for place in places]


def test_fields_open_separate_and_close_evenly() -> None:
    kinds = [str(mark.get(f"{W}fldCharType")) for mark in body().iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_every_picture_has_alternative_text_and_every_table_title_description_and_header_row() -> None:
    root = body()
    expected = [block.alt for block in sample_document().blocks if isinstance(block, Figure)]
    assert [str(picture.get("descr")) for picture in root.iter(f"{DRAWING}docPr")] == expected
    tables = list(root.iter(f"{W}tbl"))
    assert len(tables) == sum(isinstance(block, Table) for block in sample_document().blocks)
    for table in tables:
        assert values(table, "tblCaption")[0]
        assert values(table, "tblDescription")[0]
        rows = list(table.iter(f"{W}tr"))
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_landscape_sections_have_headers_and_footers_of_their_own() -> None:
    sections = list(body().iter(f"{W}sectPr"))
    turned = [section for section in sections if section.find(f"{W}pgSz").get(f"{W}orient") == "landscape"]
    assert len(turned) == 1
    for section in sections:
        kinds = {
            (reference.tag.removeprefix(W), reference.get(f"{W}type"))
            for reference in section
            if "Reference" in reference.tag
        }
        assert {("headerReference", "default"), ("footerReference", "default")} <= kinds
    for number in (1, 2, 3):
        assert "Øvelsesdata" in parts()[f"word/header{number}.xml"].decode()
    for number in (1, 2):
        assert b"NUMPAGES" in parts()[f"word/footer{number}.xml"]


def test_styles_are_real_and_every_style_used_is_defined() -> None:
    styles = etree.fromstring(parts()["word/styles.xml"])
    known = {str(style.get(f"{W}styleId")) for style in styles.iter(f"{W}style")}
    names = {str(name.get(f"{W}val")) for name in styles.iter(f"{W}name")}
    assert {
        "Title",
        "heading 1",
        "heading 2",
        "heading 3",
        "caption",
        "List Bullet",
        "Note",
        "Box",
        "Memo Table",
    } <= names
    used = {value for kind in ("pStyle", "rStyle", "tblStyle") for value in values(body(), kind)}
    assert used <= known
    assert 'w:val="da-DK"' in parts()["word/styles.xml"].decode()


def test_every_list_and_heading_numbering_used_is_defined_and_numbered_lists_start_again() -> None:
    numbering = etree.fromstring(parts()["word/numbering.xml"])
    known = {str(number.get(f"{W}numId")) for number in numbering.iter(f"{W}num")}
    assert set(values(body(), "numId")) - {"0"} <= known
    assert "Bilag %1" in values(numbering, "lvlText")


def test_every_relationship_that_the_body_uses_is_there() -> None:
    relations = etree.fromstring(parts()["word/_rels/document.xml.rels"])
    targets = {str(relation.get("Id")): str(relation.get("Target")) for relation in relations}
    office = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    used = {value for element in body().iter() for key, value in element.attrib.items() if str(key).startswith(office)}
    assert used <= set(targets)
    for target in targets.values():
        if not target.startswith("http"):
            assert target.removeprefix("../") in parts() or f"word/{target}" in parts()


def test_a_draft_lists_its_faults_on_the_first_page() -> None:
    document = docx.Document(io.BytesIO(docx_bytes(draft_document())))
    words = [paragraph.text for paragraph in document.paragraphs[:20]]
    assert "KLADDE · Øvelsesdata" in words
    assert draft_document().faults[0] in words


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    document = replace(sample_document(), title="Titel\x0b\x00 & <b>")
    assert docx.Document(io.BytesIO(docx_bytes(document))).core_properties.title == "Titel & <b>"
