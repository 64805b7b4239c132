"""Workbooks as they really come back, each with the exact difference that is shown before anything is stored."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import openpyxl
import pytest
from openpyxl.styles.numbers import FORMAT_PERCENTAGE_00

from evaltools.collect.personal import has_cpr_number
from evaltools.collect.workbook import FilledIn, Preview
from evaltools.collect.workbook.identity import identity_of, sign
from every_kind import every_kind
from workbook_desk import BASE, CONTENTS, KEY, Edit, cell, edited, lines, preview, put, with_part, workbook


def number_format(name: str, value: object, form: str) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        cell(book, name).value, cell(book, name).number_format = value, form

    return edit


def both(*edits: Edit) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        for each in edits:
            each(book)

    return edit


def swap_rows(first: str, second: str) -> Edit:
    """Two lines change places with everything that stands on them, as sorting does; named ranges stay behind."""

    def edit(book: openpyxl.Workbook) -> None:
        one, two = cell(book, first), cell(book, second)
        for column in range(1, 9):
            left, right = one.parent.cell(one.row, column), two.parent.cell(two.row, column)
            left.value, right.value = right.value, left.value

    return edit


def move_row(name: str, row: int) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        for column in range(1, 9):
            old = own.parent.cell(own.row, column)
            own.parent.cell(row, column).value, old.value = old.value, None

    return edit


def rename_sheets(book: openpyxl.Workbook) -> None:
    for n, sheet in enumerate(book.worksheets):
        sheet.title = f"Ark{n}"


def without_ids(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets[1:-2]:
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, 1).value = None


def without_names(book: openpyxl.Workbook) -> None:
    for name in list(book.defined_names):
        if not name.startswith("codes_"):
            del book.defined_names[name]


def copied(change: str | None) -> Edit:
    """A sheet that was copied inside the workbook; in the copy one answer is another."""

    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, "answer_placed")
        twin = book.copy_worksheet(own.parent)
        if change is not None:
            twin[own.coordinate].value = change

    return edit


def without_column(name: str) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        own.parent.delete_cols(own.column)

    return edit


def without_row(name: str) -> Edit:
    """A line that was deleted: its id is gone and its range points nowhere."""

    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        for column in range(1, 9):
            own.parent.cell(own.row, column).value = None
        book.defined_names[name].attr_text = "#REF!"

    return edit


def hidden_row(name: str, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        own.value = value
        own.parent.row_dimensions[own.row].hidden = True

    return edit


def merged(first: str, last: str) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        one, two = cell(book, first), cell(book, last)
        one.parent.merge_cells(f"{one.coordinate}:{two.coordinate}")

    return edit


def beside(name: str, column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        own.parent.cell(own.row, column).value = value

    return edit


def on_total(value: object) -> Edit:
    """The running sum below the cases is written over."""

    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, "answer_cases_m3")
        own.parent.cell(own.row + 1, own.column).value = value

    return edit


def own_sheet(*values: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        book.create_sheet("Noter").append(list(values))

    return edit


def as_text(name: str, text: str) -> Edit:
    """A text that begins like a formula, kept as the text it is."""

    def edit(book: openpyxl.Workbook) -> None:
        own = cell(book, name)
        own.value = text
        own.data_type = "s"

    return edit


def many_notes(book: openpyxl.Workbook) -> None:
    sheet = cell(book, "answer_placed").parent
    for row in range(60):
        sheet.cell(40 + row, 12).value = f"husk {row}"


D = dt.datetime
MESSY: Final[Mapping[str, tuple[Edit, list[str]]]] = {
    "nothing was changed": (put(), []),
    "the English label": (put(answer_stage_m2="In use in places"), ['changed stage_m2 "2"']),
    "the code as text": (put(answer_stage_m2="2"), ['changed stage_m2 "2"']),
    "the code as a number": (put(answer_stage_m2=2), ['changed stage_m2 "2"']),
    "code and label": (put(answer_stage_m2="2: Bruges nogle steder"), ['changed stage_m2 "2"']),
    "a known other word, in capitals": (put(answer_stage_m3="FAST"), ['changed stage_m3 "3"']),
    "no label at all": (put(answer_stage_m3="måske"), ["not_understood stage_m3 WRONG_CODE"]),
    "a code without its leading zero": (put(answer_place=825), ['changed place "0825"']),
    "another spelling of the same": (put(answer_place="Århus"), []),
    "a point between thousands": (put(answer_placed="1.234"), ["changed placed 1234"]),
    "a decimal comma": (put(answer_posts="12,5"), ["changed posts 12.5"]),
    "a guess": (put(answer_placed="ca. 40"), ["not_understood placed APPROXIMATE"]),
    "a dash": (put(answer_placed="-"), ["not_understood placed DASH"]),
    "blanks around a number": (put(answer_placed="  41  "), ["changed placed 41"]),
    "a hard blank behind a number": (put(answer_placed="41\u00a0"), ["changed placed 41"]),
    "a unit behind a number": (put(answer_placed="41 børn"), ["changed placed 41"]),
    "a number kept as text": (put(answer_placed="41"), ["changed placed 41"]),
    "a number with an empty decimal": (put(answer_placed=41.0), ["changed placed 41"]),
    "half a child": (put(answer_placed=41.5), ["not_understood placed NOT_WHOLE"]),
    "a true minus": (put(answer_placed="−3"), ["changed placed -3"]),
    "a range": (put(answer_placed="10-12"), ["not_understood placed RANGE"]),
    "a limit": (put(answer_placed=">5"), ["not_understood placed BOUND"]),
    "a formula that nobody worked out": (put(answer_placed="=20+21"), ["not_understood placed WORKBOOK_NO_RESULT"]),
    "an error value": (put(answer_placed="#N/A"), ["not_understood placed WORKBOOK_ERROR_VALUE"]),
    "a number that became a date": (
        put(answer_placed=D(2018, 2, 1)), ["not_understood placed WORKBOOK_BECAME_A_DATE"],
    ),
    "a truth value for a number": (put(answer_placed=True), ["not_understood placed NOT_A_NUMBER"]),
    "per cent where posts are counted": (
        number_format("answer_posts", 0.125, FORMAT_PERCENTAGE_00), ["not_understood posts PERCENT"],
    ),
    "a month as a date": (put(answer_asked_month=D(2018, 5, 1)), ['changed asked_month "2018-05"']),
    "a month in words": (put(answer_asked_month="maj 2018"), ['changed asked_month "2018-05"']),
    "a date in words": (put(answer_held_date="1. april 2018"), ['changed held_date "2018-04-01"']),
    "a date the other way round": (put(answer_held_date="2018-04-01"), ['changed held_date "2018-04-01"']),
    "a day that never was": (put(answer_held_date="31.2.2018"), ["not_understood held_date NOT_A_DATE"]),
    "a year of two digits": (put(answer_start=18), ["not_understood start NOT_A_YEAR"]),
    "a date in a text": (put(answer_words=D(2018, 4, 1)), ['changed words "1.4.2018"']),
    "a number in a text": (put(answer_words=12), ['changed words "12"']),
    "a text too long": (put(answer_words="x" * 81), ["not_understood words TOO_LONG"]),
    "a text like a formula": (as_text("answer_words", "=1+1"), ['changed words "=1+1"']),
    "an emptied cell": (put(answer_placed=None), ["cleared placed nothing"]),
    "blanks only": (put(answer_placed="   "), ["cleared placed nothing"]),
    "a kind of missing in place of a number": (
        put(answer_placed=None, missing_placed="Ved ikke"), ['changed placed {"missing": "dont_know"}'],
    ),
    "the same in English": (
        put(answer_placed=None, missing_placed="cannot be counted"), ['changed placed {"missing": "cannot_be_counted"}'],
    ),
    "a kind of missing in the cell of the answer": (
        put(answer_placed="ved ikke."), ['changed placed {"missing": "dont_know"}'],
    ),
    "a kind of missing and a number": (put(missing_placed="Ved ikke"), ["not_understood placed MISSING_AND_VALUE"]),
    "a kind of missing that is not offered": (
        put(answer_network=None, missing_network="Ved ikke"), ["not_understood network MISSING_NOT_OFFERED"],
    ),
    "other marks": (put(answer_why__2="JA", answer_why__3="nej"), ['changed why ["1", "2"]']),
    "a mark that may mean anything": (put(answer_why__2="måske"), ["not_understood why WORKBOOK_NO_MARK"]),
    "a mark worked out by nobody": (put(answer_why__2="=A1"), ["not_understood why WORKBOOK_NO_RESULT"]),
    "more marks than allowed": (put(answer_why__2="x"), ["not_understood why TOO_MANY_CHOICES"]),
    "marks that exclude each other": (
        put(answer_why__3=None, answer_why__0="x"), ["not_understood why EXCLUSIVE"],
    ),
    "all marks removed": (put(answer_why__1=None, answer_why__3=" "), ["cleared why nothing"]),
    "something else, and which": (
        put(answer_why__3=None, answer_why__9="x", answer_why_9_text="Naboerne"),
        ['changed why ["1", "9"]', 'new why_9_text "Naboerne"'],
    ),
    "a second family": (put(answer_families_2_children=3), ["new families_2_children 3"]),
    "a broken mail address": (put(answer_leader_mail="leder(at)kommune.dk"), ["not_understood leader_mail NOT_AN_EMAIL"]),
    "a reason": (put(answer_like_register__reason="Vi talte om"), ['new like_register__reason "Vi talte om"']),
    "lines that changed places": (both(swap_rows("answer_placed", "answer_network"), put()), []),
    "lines that changed places and another number": (
        both(put(answer_placed=41), swap_rows("answer_placed", "answer_network")), ["changed placed 41"],
    ),
    "a line moved to the end": (move_row("answer_placed", 70), []),
    "sheets with other names": (both(put(answer_placed=41), rename_sheets), ["changed placed 41"]),
    "the hidden ids gone": (both(put(answer_placed=41), without_ids), ["changed placed 41"]),
    "the named ranges gone": (both(put(answer_placed=41), without_names), ["changed placed 41"]),
    "ids and ranges gone": (both(without_ids, without_names), ["refused WORKBOOK_NO_FIELDS"]),
    "a sheet twice, with the same answers": (copied(None), []),
    "a sheet twice, with another answer": (copied("99"), ["note WORKBOOK_COPY 2 Tal Copy!D6"]),
    "a column of answers deleted": (without_column("answer_placed"), ["note WORKBOOK_GONE !"]),
    "a line deleted": (without_row("answer_network"), ["note WORKBOOK_GONE !"]),
    "a hidden line filled in": (hidden_row("answer_network", 5), ["changed network 5"]),
    "two answers in one merged cell": (merged("answer_placed", "answer_network"), ["cleared network nothing"]),
    "a note beside an answer": (beside("answer_placed", 10, "se mail"), ["note WORKBOOK_STRAY 2 Tal!J6"]),
    "a note over a question": (beside("answer_placed", 3, "Anbragte 1/1"), ["note WORKBOOK_STRAY 2 Tal!C6"]),
    "a figure of last time changed": (beside("answer_placed", 7, 39), ["note WORKBOOK_STRAY 2 Tal!G6"]),
    "a running sum written over": (on_total(12), ["note WORKBOOK_STRAY 1 Brug!D15"]),
    "a sheet of notes": (own_sheet("husk", "ring til Lene", 7), ["note WORKBOOK_OTHER_SHEET Noter!"]),
    "notes all over": (
        many_notes, sorted([f"note WORKBOOK_STRAY 2 Tal!L{40 + n}" for n in range(50)] + ["note WORKBOOK_MORE_STRAY 2 Tal!"]),
    ),
    "a personal number in a text": (put(answer_words="Barnet 010203-1234"), ["refused WORKBOOK_CPR"]),
    "a personal number on a sheet of notes": (own_sheet("010203 1234"), ["refused WORKBOOK_CPR"]),
    "a personal number that lost its zero": (own_sheet(102031234), ["refused WORKBOOK_CPR"]),
    "a personal number for an answer": (put(answer_placed=1506180000), ["not_understood placed CPR_AS_ANSWER"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSY)
def test_a_messy_workbook_gives_exactly_this_difference(name: str) -> None:
    edit, expected = MESSY[name]
    assert lines(preview(edited(edit))) == expected


def test_a_signature_that_looks_like_a_personal_number_does_not_refuse_the_workbook() -> None:
    asked = every_kind()
    every = (replace(CONTENTS, responses=(FilledIn(BASE, version),)) for version in range(1, 10_000))
    unlucky = next(one for one in every if has_cpr_number(sign(identity_of(asked, one, "da"), KEY)))
    content = workbook(unlucky)
    assert lines(preview(content, unlucky)) == []
    assert lines(preview(edited(own_sheet("010203 1234"), content), unlucky)) == ["refused WORKBOOK_CPR"]


def test_there_are_at_least_fifty_of_them() -> None:
    assert len(MESSY) >= 50


def test_the_result_of_a_formula_is_used_and_said() -> None:
    content = edited(put(answer_placed="=20+21"))

    def worked_out(_: str, part: bytes) -> bytes:
        return part.replace(b"<f>20+21</f><v></v>", b"<f>20+21</f><v>41</v>").replace(
            b"<f>20+21</f><v />", b"<f>20+21</f><v>41</v>"
        )

    assert lines(preview(with_part(content, worked_out))) == ["changed placed 41", "note WORKBOOK_FORMULA 2 Tal!D6"]


def test_a_difference_names_the_cell_what_was_read_and_what_is_expected() -> None:
    found = preview(edited(put(answer_placed="ca. 40")))
    assert isinstance(found, Preview)
    (change,) = found.responses[0].changes
    assert change.cell is not None
    assert (change.cell.sheet, change.cell.ref, change.cell.text) == ("2 Tal", "D6", "ca. 40")
    assert (change.number, change.label) == ("2.1", "Anbragte børn")
    assert change.problem is not None
    assert "ca. 40" in change.problem.message
    assert "Et skøn er i orden" in change.problem.remedy


def test_nothing_that_was_not_changed_is_sent() -> None:
    found = preview(edited(put(answer_placed=41)))
    assert isinstance(found, Preview)
    assert found.responses[0].answers == {"placed": 41}
    assert not found.changes_nothing


def test_the_checks_speak_before_anything_is_stored() -> None:
    found = preview(edited(put(answer_network=50)))
    assert isinstance(found, Preview)
    assert [problem.code for problem in found.responses[0].problems if problem.level == "stop"] == [
        "network_within_placed"
    ]


def test_a_personal_number_is_never_shown() -> None:
    found = preview(edited(put(answer_words="Barnet 010203-1234")))
    assert "010203" not in str(found)
    assert "1 Brug!D" in str(found)


def changed_about(old: str, new: str) -> Callable[[str, bytes], bytes]:
    return lambda _, part: part.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda name, part: part.replace(b"0751", b"0825"), "WORKBOOK_NOT_OURS"),
        (lambda name, part: part.replace(b"0751", b"0825") if name.startswith("docProps") else part, "WORKBOOK_MIXED"),
        (lambda name, part: part.replace(b"evaltools:about", b"about"), "WORKBOOK_NO_IDENTITY"),
    ],
)
def test_a_workbook_of_somebody_else_is_not_read(change: Callable[[str, bytes], bytes], code: str) -> None:
    assert lines(preview(with_part(workbook(), change))) == [f"refused {code}"]


def test_the_properties_alone_still_tell_whose_it_is() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        del book["evaltools"]
        cell(book, "answer_placed").value = 41

    assert lines(preview(edited(edit))) == ["changed placed 41"]


def test_the_hidden_sheet_alone_still_tells_whose_it_is() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    assert lines(preview(edited(edit))) == []


def test_formats_and_comments_of_others_do_no_harm() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        own: Any = cell(book, "answer_placed")
        own.font = copy.copy(own.font) + openpyxl.styles.Font(bold=True)
        own.comment = openpyxl.comments.Comment("Tjek", "Lene")

    assert lines(preview(edited(edit))) == ["note WORKBOOK_COMMENTS !"]
