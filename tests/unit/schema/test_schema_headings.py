"""Headings between the items of a section: carried by the questionnaire and its source, and counted by no number."""

from __future__ import annotations

from pathlib import Path

from broad_survey import QUESTIONNAIRE, write_broad_survey
from evaltools.language import Text
from evaltools.schema import numbering, read_survey, survey_from_source

HEADED = QUESTIONNAIRE.replace(
    "name: others, type: multiple,", 'name: others, heading: {da: "Folk", en: "People"}, type: multiple,'
)


def test_a_heading_goes_with_the_questionnaire_and_its_source(tmp_path: Path) -> None:
    q = read_survey(write_broad_survey(tmp_path, HEADED))
    assert q.item_by_name["others"].heading == Text("Folk", "People")
    assert survey_from_source(q.source) == q
    assert survey_from_source(q.source).item_by_name["others"].heading == Text("Folk", "People")


def test_a_heading_changes_no_number(tmp_path: Path) -> None:
    plain, headed = (
        read_survey(write_broad_survey(tmp_path / name, text))
        for name, text in (("plain", QUESTIONNAIRE), ("headed", HEADED))
    )
    assert numbering(plain) == numbering(headed)
    assert plain.content_sha256 != headed.content_sha256
