"""What anybody may see without a link: the questionnaire, how data are treated, accessibility, health."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from evaltools.store import open_wave
from evaltools.web.routes import public
from form_server import Served
from form_visitor import Visitor
from tiny_survey import FIELDWORK, UNITS, WHEN, tiny

LONGEST_TO_MAKE = 180
"""Seconds."""


def _made(client: httpx.Client, path: str) -> httpx.Response:
    """The file, once it is made."""
    given_up = time.monotonic() + LONGEST_TO_MAKE
    while (answer := client.get(path)).status_code == 202:
        assert time.monotonic() < given_up
        time.sleep(0.2)
    return answer


def test_the_front_page_is_the_questionnaire(served: Served) -> None:
    answer = served.client().get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/skema")
    page = Visitor(served.client()).open("/")
    assert page.status == 200
    assert "Hvor mange børn er anbragt?" in page.words
    assert {"Hent hele skemaet som PDF", "Hent hele skemaet som regneark"} <= set(page.links)


def test_a_page_is_told_in_the_language_that_was_chosen_last(served: Served) -> None:
    visitor = Visitor(served.client())
    assert "How many children are placed?" in visitor.open("/skema?lang=en").words
    page = visitor.open("/skema")
    assert page.tree.get("lang") == "en"
    assert "How many children are placed?" in page.words


def test_where_several_waves_are_open_there_is_a_list_to_choose_from(served: Served, tmp_path: Path) -> None:
    open_wave(served.store, tiny(tmp_path, "tiny/2015"), UNITS, origin="collected", at=WHEN, fieldwork=FIELDWORK)
    visitor = Visitor(served.client())
    links = visitor.open("/skema").tree.xpath("//main//a/@href")
    assert set(links) == {"/skema/tiny/2015", "/skema/tiny/2018"}
    for path in links:
        assert "Hvor mange børn er anbragt?" in visitor.open(path).words
    assert visitor.client.get("/skema.pdf").status_code == 404


def test_a_file_is_awaited_on_a_page_that_leads_to_it(served: Served) -> None:
    visitor = Visitor(served.client())
    page = visitor.open("/skema.pdf")
    assert page.status == 202
    assert "Filen er ved at blive lavet" in page.words
    answer = _made(visitor.client, page.links["Hent filen"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''tiny-2018.pdf"
    assert answer.content.startswith(b"%PDF-")
    workbook = _made(visitor.client, "/skema/tiny/2018/xlsx")
    assert workbook.content.startswith(b"PK")


def test_a_file_that_cannot_be_made_is_said_so_and_made_when_it_is_asked_for_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.client()
    with monkeypatch.context() as broken:
        broken.setattr(public, "questionnaire_copy", int)
        answer = _made(client, "/skema.xlsx")
    assert answer.status_code == 503
    assert "Filen kunne ikke laves" in answer.text
    assert _made(client, "/skema.xlsx").status_code == 200


@pytest.mark.parametrize("path", ["/skema.csv", "/skema/tiny/2018/docx", "/skema/tiny/1999", "/skema/other/2018/pdf"])
def test_what_there_is_no_file_or_wave_for_is_not_found(served: Served, path: str) -> None:
    assert served.client().get(path).status_code == 404


def test_the_notice_on_personal_data_tells_who_to_ask_and_how_long_answers_are_kept(served: Served) -> None:
    page = Visitor(served.client()).open("/privatliv")
    assert page.status == 200
    assert "svar@example.dk" in page.words
    assert "5. februar 2023" in page.words
    served.change(privacy=type(FIELDWORK.privacy)("Vores egen tekst.", "Our own text."))
    assert "Vores egen tekst." in Visitor(served.client()).open("/privatliv").words


def test_a_statement_on_accessibility_is_linked_from_every_page(served: Served) -> None:
    visitor = served.visitor()
    for path in ("/skema", "/privatliv", "/besvar", "/besvar/main"):
        assert "/was" in visitor.open(path).tree.xpath("//footer//a/@href"), path
    assert visitor.open("/was").status == 200


def test_health_tells_that_the_store_can_be_read_and_nothing_else(served: Served) -> None:
    assert served.client().get("/sundhed").json() == {"ok": True, "waves": 1}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/besvar", {"GET", "HEAD", "POST"}),
        ("PUT", "/besvar/main", {"GET", "HEAD", "POST"}),
        ("POST", "/skema", {"GET", "HEAD"}),
        ("GET", "/besvar/kolleger/nyt-link", {"POST"}),
    ],
)
def test_what_cannot_be_done_at_an_address_is_refused_with_what_can(
    served: Served, method: str, path: str, allowed: set[str]
) -> None:
    answer = served.client().request(method, path)
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["allow"].split(",")} == allowed
