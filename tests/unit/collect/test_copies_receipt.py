"""The receipt says every answer in words, and its JSON proves itself by the content hash of the store."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from broad_survey import write_broad_survey
from evaltools.collect import receipt_hash
from evaltools.collect.copies import Submitted, receipt_document, receipt_json, receipt_xlsx
from evaltools.document.html import html_bytes
from evaltools.document.model import Table
from evaltools.document.pdf import pdf_bytes
from evaltools.document.walk import plain_text
from evaltools.errors import CollectError
from evaltools.language import Language
from evaltools.schema import Questionnaire, read_survey
from evaltools.schema.missing import Missing
from evaltools.store import Saved, receive
from pdf_words import pdf_words
from tiny_survey import WHEN, sent, tiny, tiny_store

AT = dt.datetime(2018, 2, 20, 13, 5, tzinfo=dt.UTC).astimezone(ZoneInfo("Europe/Copenhagen"))
SUBMITTED = Submitted(
    "01", "Nord", "", 12, AT, "Anna Hansen", "form", "ab" * 32,
    {
        "role": "2", "role_2_text": "=1+1 <b>", "others": ("1", "2"), "stage_m1": "2", "stage_m2": Missing.NOT_ANSWERED,
        "cases_m1": 100, "placed": 1250, "considered": 3, "considered_of": 40, "posts": 2.5, "begun": 2015,
        "month": "2017-03", "day": "2017-03-31", "few_cases__reason": "=cmd|' /C calc'!A0 Vi er store",
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return read_survey(write_broad_survey(tmp_path_factory.mktemp("receipts")))


def told(questionnaire: Questionnaire, language: Language = "da") -> dict[str, list[tuple[str, ...]]]:
    """The rows of each table by its id."""
    blocks = receipt_document(questionnaire, SUBMITTED, language).blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    return {table.id: [tuple(plain_text(cell.inline) for cell in row) for row in table.rows] for table in tables}


def test_every_answer_that_was_asked_for_is_told_in_words_under_its_number(broad: Questionnaire) -> None:
    rows = [row for table in told(broad).values() for row in table]
    assert ("1.1", "Rolle?", "Andet") in rows
    assert ("1.2", "Andre?", "Leder; Andet") in rows
    assert any(row[0] == "2.1 a" and row[2] == "Ja" for row in rows)
    assert any(row[0] == "2.1 b" and row[2] == "Ikke besvaret" for row in rows)
    assert any(row[0] == "3.1" and row[2] == "1.250\u00a0børn" for row in rows)
    answers = [row[2] for row in rows]
    assert {"2,5", "2015", "marts 2017", "31. marts 2017", "3", "40"} <= set(answers)


def test_a_question_that_was_not_asked_is_left_out(broad: Questionnaire) -> None:
    assert "2.2 b" not in [row[0] for row in told(broad)["answers-methods"]]


def test_a_reason_stands_beside_what_it_answers(broad: Questionnaire) -> None:
    assert told(broad)["reasons"] == [("2.2 a", "Mere end 99", "=cmd|' /C calc'!A0 Vi er store")]


def test_it_says_who_when_through_what_which_version_and_the_hash(broad: Questionnaire) -> None:
    facts = dict(receipt_document(broad, SUBMITTED, "da").facts)
    assert facts["Svar fra"] == "Nord (01)"
    assert facts["Modtaget"].replace("\u00a0", " ") == "20. februar 2018 kl. 14.05"
    assert (facts["Sendt af"], facts["Sendt gennem"], facts["Udgave"]) == ("Anna Hansen", "skemaet på skærmen", "12")
    assert facts["Kontrolsum"] == "ab" * 32
    assert "Sent by" in dict(receipt_document(broad, SUBMITTED, "en").facts)


@pytest.mark.parametrize("language", ["da", "en"])
def test_pdf_and_page_hold_all_rows_and_hostile_words_stay_words(
    broad: Questionnaire, language: Language, tmp_path: Path
) -> None:
    document = receipt_document(broad, SUBMITTED, language)
    (tmp_path / "r.pdf").write_bytes(pdf_bytes(document))
    said = "".join(pdf_words(tmp_path / "r.pdf").split())
    rows = [cell for table in told(broad, language).values() for row in table for cell in row]
    assert [cell for cell in rows if "".join(cell.split()) not in said] == []
    assert "=1+1<b>" in said
    assert b"=1+1 &lt;b&gt;" in html_bytes(document)


def test_the_workbook_holds_numbers_as_numbers_and_no_formula(broad: Questionnaire) -> None:
    book = openpyxl.load_workbook(io.BytesIO(receipt_xlsx(broad, SUBMITTED, "da")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {1250, 2.5, "=1+1 <b>"} <= {cell.value for cell in cells}


def test_the_hash_of_the_json_is_the_one_that_the_store_gave(tmp_path: Path) -> None:
    answers = {"stage": "1", "placed": {"missing": "cannot_be_counted"}, "network": 0, "cases": 3, "remark": "Æ <ø>"}
    with tiny_store(tmp_path) as store:
        saved = receive(store, sent(answers), language="da", at=WHEN)
    assert isinstance(saved, Saved)
    kept = {**answers, "placed": Missing.CANNOT_BE_COUNTED}
    submitted = Submitted("0101", "København", "", saved.version, WHEN, "", "file", saved.content_sha256, kept)  # type: ignore[arg-type]
    receipt = json.loads(json.dumps(receipt_json(tiny(tmp_path), submitted)))
    assert receipt_hash(receipt) == receipt["content_sha256"] == saved.content_sha256


def test_one_changed_character_of_one_answer_changes_the_hash(broad: Questionnaire) -> None:
    receipt = receipt_json(broad, SUBMITTED)
    other = receipt_json(broad, replace(SUBMITTED, answers={**SUBMITTED.answers, "posts": 2.6}))
    assert receipt_hash(receipt) != receipt_hash(other)
    assert receipt_hash(receipt) != receipt_hash({**receipt, "unit": "02"})


def test_what_is_no_answer_is_refused(broad: Questionnaire) -> None:
    with pytest.raises(CollectError) as caught:
        receipt_hash({**receipt_json(broad, SUBMITTED), "answers": {"role": {"a": 1, "b": 2}}})
    assert caught.value.faults[0].code == "NO_VALUE"
