"""Strict YAML: text stays text, and whatever is ambiguous is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.errors import SchemaError
from evaltools.schema.codelists import read_codelist
from evaltools.schema.reading import Place, parse_document, read_document, read_text


@pytest.mark.parametrize("written", ["0101", "No", "1.10", "12:30", "2016-05-02", "on", "1e3", "null", "0x1f", "~"])
def test_a_scalar_stays_the_text_it_is(written: str) -> None:
    assert parse_document(f"code: {written}", "x.yaml").data == {"code": written}


def test_every_key_and_element_knows_its_lines() -> None:
    document = parse_document("a: 1\nb:\n  - c: 2\n  - d: {e: 3,\n       f: 4}\ng: >-\n  one\n  two\n", "x.yaml")
    assert document.where(("b", 1, "d", "f")) == "x.yaml:5"
    assert document.span(("b",)) == (2, 5)
    assert document.span(("g",)) == (6, 8)


def test_a_key_that_is_not_there_is_placed_at_the_nearest_thing_around_it() -> None:
    place = Place(parse_document("a:\n  b: 1\n", "x.yaml"), ("a",))
    assert (place.at("missing"), place.down("b").at()) == ("x.yaml:1", "x.yaml:2")


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        ("a: 1\nt: {da: Anvender I metoden?}", 2, 'a "?" stands in unquoted text', "quotes"),
        ("a: x: y", 1, 'a second ": "', "quotes"),
        ("a: 1\nb: 'x\nc: 2\n", 2, "never closed", "Close the quote"),
        ("a:\n\tb: 1", 2, "a tab stands", "spaces"),
        ("a:\n  b: 1\n c: 2", 3, "indentation", "Indent as the line above"),
        ("a: @x", 1, "keeps for itself", "quotes"),
        ("a: 1\n---\nb: 2", 2, "second document", "---"),
        ("a: [1, 2\nb: 3", 2, "a bracket or comma is missing", "quotes"),
        ("a: " + "[" * 3000, 1, "too deeply", "Close"),
        ("a: x\x07", 1, "cannot be printed", "Delete it"),
    ],
)
def test_broken_yaml_is_explained_in_words_an_author_knows(text: str, line: int, problem: str, remedy: str) -> None:
    with pytest.raises(SchemaError) as caught:
        parse_document(text, "x.yaml")
    fault = caught.value.faults[0]
    assert (fault.code, fault.where) == ("BROKEN_YAML", f"x.yaml:{line}")
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_all_duplicate_keys_and_anchors_are_said_at_once() -> None:
    with pytest.raises(SchemaError) as caught:
        parse_document("a: &x 1\nb: *x\nb: 2\nc: !!int 3\nc: 4", "x.yaml")
    assert [fault.code for fault in caught.value.faults] == ["YAML_FEATURE"] * 3 + ["DUPLICATE_KEY"] * 2


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("a: 1\nb: børn\n".encode("latin-1"))
    with pytest.raises(SchemaError, match=r"x\.yaml:2: .* UTF-8") as caught:
        read_document(file, "x.yaml")
    assert caught.value.code == "NOT_UTF8"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError) as caught:
        read_text(tmp_path / "no.yaml", "no.yaml")
    assert caught.value.code == "NO_SUCH_FILE"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_document(file, "x.yaml").data == {"a": "1"}


def test_a_code_list_whose_columns_are_not_known_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("kode,navn\n1,rød\n", "utf-8")
    with pytest.raises(SchemaError) as caught:
        read_codelist(path, "colours.csv")
    assert (caught.value.code, caught.value.faults[0].where) == ("CODELIST_COLUMNS", "colours.csv:1")
