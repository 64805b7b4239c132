"""The records of a registration: a list that can be searched, and what is to be followed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.store import Submission, open_store, open_wave, receive
from form_server import Served, serving
from page_gallery import followed_survey
from tiny_survey import FIELDWORK, UNITS, WHEN

WAVE = ("placement_followup", "1")


@pytest.fixture
def registration(tmp_path: Path) -> Iterator[Served]:
    with open_store(tmp_path / "answers.db", create=True) as store:
        lawful = replace(FIELDWORK, legal_basis="Serviceloven")
        open_wave(store, followed_survey(), UNITS, origin="collected", at=WHEN, fieldwork=lawful)
        for record, month in (("17-a", "2017-03"), ("18-b", "2017-08")):
            answers = {"start_month": month}
            receive(store, Submission(*WAVE, "0101", answers, record=record, submit=False), at=WHEN)
        with serving(store, WAVE) as served:
            yield served


def test_records_are_found_by_a_part_of_their_number(registration: Served) -> None:
    leader = registration.visitor()
    assert "17-a" in leader.open("/besvar").words
    assert "17-a" not in leader.open("/besvar?q=18").words
    assert "18-b" in leader.open("/besvar?q=18").words


def test_the_records_to_follow_up_stand_on_a_page_of_their_own(registration: Served) -> None:
    page = registration.visitor().open("/besvar/opfoelgning")
    assert page.status == 200
    assert "Indberetning 17-a" in page.words
    assert "30. juni 2017" in page.words


def test_a_survey_without_follow_ups_has_no_such_page(served: Served) -> None:
    assert served.visitor().open("/besvar/opfoelgning").status == 404
