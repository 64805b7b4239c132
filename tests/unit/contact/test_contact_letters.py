"""The words of letters, in both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from evaltools.contact import KINDS, Kind, Occasion, Recipient, letter
from evaltools.language import Language, Text
from evaltools.store import Contact, Fieldwork, Unit
from small_survey import QUESTIONNAIRE

LINKED = dt.datetime(2027, 2, 3, 10, tzinfo=dt.UTC)
FIELDWORK = Fieldwork(
    keep_until=dt.date(2030, 1, 1),
    closes_at=dt.datetime(2027, 3, 15, 22, 59, tzinfo=dt.UTC),
    contact=Contact("Undersøgelseskontoret", "svar@styrelsen.dk", "72 42 37 00"),
    publisher=Text("Styrelsen", "The agency"),
)
WHOM = Recipient(Unit("0825", "Læsø", {}), Contact("Åse Ørsted", "aase@l.dk"), linked_at=LINKED)


def written(kind: Kind, language: Language = "da", whom: Recipient = WHOM, fieldwork: Fieldwork = FIELDWORK) -> str:
    found = letter(Occasion(QUESTIONNAIRE, fieldwork, kind, language), whom)
    return f"{found.subject}\n{found.body}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_letter_says_what_it_is_about_until_when_and_whom_to_ask(kind: Kind, language: Language) -> None:
    text = written(kind, language)
    assert "{" not in text
    assert QUESTIONNAIRE.titled(language) in text
    assert ("15. marts 2027" if language == "da" else "15 March 2027") in text
    assert "Undersøgelseskontoret, svar@styrelsen.dk, 72 42 37 00" in text
    assert "Åse Ørsted" in text
    assert all("\n" not in paragraph.strip() or "http" in paragraph for paragraph in text.split("\n\n")[1:])


def test_a_reminder_names_the_day_of_the_link_and_holds_it_only_where_it_is_known() -> None:
    assert "med det link, I fik den 3. februar 2027" in written("first")
    known = written("first", whom=replace(WHOM, url="https://svar.example.dk/s/t0k"))
    assert "\nhttps://svar.example.dk/s/t0k\n" in known
    assert "3. februar" not in known
    assert "med det link, I har fået" in written("first", whom=replace(WHOM, linked_at=None))


def test_whoever_has_begun_is_told_that_it_is_kept() -> None:
    assert "Det, I har skrevet, er gemt" in written("first", whom=replace(WHOM, begun=True))
    assert "endnu ikke fået svar fra Læsø" in written("first")


def test_who_asks_is_named_where_it_is_known_and_nobody_is_made_up() -> None:
    assert "Styrelsen beder Læsø svare på et skema" in written("invitation")
    plain = written(
        "invitation", fieldwork=Fieldwork(keep_until=dt.date(2030, 1, 1)), whom=replace(WHOM, contact=Contact())
    )
    assert "Vi beder Læsø svare på et skema" in plain
    assert "Til Læsø" in plain
    assert "så snart I kan" in plain
    assert "svar på denne mail" in plain


def test_every_letter_but_the_invitation_says_how_to_decline() -> None:
    assert all("Vil I ikke være med" in written(kind) for kind in KINDS if kind != "invitation")
