"""Personal links: what they open, for whom, how long; and sessions that end."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from app_client import AppTransport
from evaltools.store import current, grants, revoke_grant, versions
from evaltools.web.app import build_app
from form_server import Served, save
from form_visitor import Visitor


def test_looking_at_a_link_changes_nothing(served: Served) -> None:
    link = served.link()
    client = served.client()
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    (grant,) = grants(served.store, *served.wave, "0101")
    assert grant.opened_at is None
    assert dict(client.cookies) == {}


def test_a_link_shows_whose_answers_it_opens_and_the_name_it_was_made_for(served: Served) -> None:
    page = Visitor(served.client()).open(served.link(holder="Lene Holm"))
    assert "København" in page.words
    assert [one.value for one in page.form_with("person").controls if one.name == "person"] == ["Lene Holm"]


def test_the_button_exchanges_the_link_for_a_session_out_of_reach_of_scripts(served: Served) -> None:
    answer = served.client().post(served.link(), data={"person": "Lene Holm"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/besvar")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


def test_a_link_can_be_used_again_until_it_is_revoked_or_expires(served: Served) -> None:
    link = served.link(expires_at=served.clock() + dt.timedelta(days=30))
    served.come_in(link)
    visitor = served.come_in(link)
    served.clock.pass_by(days=31)
    assert served.client().get(link).status_code == 404
    assert visitor.open("/besvar").status == 401


def test_a_link_that_may_be_used_once_is_used_once(served: Served) -> None:
    served.change(link_uses="once")
    link = served.link()
    served.come_in(link)
    answer = served.client().post(link, data={"person": "En anden"})
    assert answer.status_code == 422
    assert "Linket er brugt" in answer.text


def test_a_revoked_link_ends_the_sessions_it_opened(served: Served) -> None:
    link = served.link()
    visitor = served.come_in(link)
    (grant,) = grants(served.store, *served.wave, "0101")
    revoke_grant(served.store, grant.id, at=served.clock(), by="Redaktionen")
    assert visitor.open("/besvar").status == 401
    assert served.client().get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "%2e%2e%2f", "æ", "' OR 1=1 --"])
def test_an_unknown_link_tells_nothing(served: Served, token: str) -> None:
    answer = served.client().get(f"/s/{token}")
    assert answer.status_code == 404
    assert "København" not in answer.text


def test_the_token_of_a_program_opens_no_form(served: Served) -> None:
    token = served.token("read")["Authorization"].removeprefix("Bearer ")
    assert served.client().get(f"/s/{token}").status_code == 404
    assert served.client().post(f"/s/{token}", data={"person": "Lene"}).status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "12", "x" * 101, "Lene 010203-1234", "\x00"])
def test_whoever_comes_in_gives_a_name(served: Served, name: str) -> None:
    link = served.link()
    answer = served.client().post(link, data={"person": name})
    assert answer.status_code == 422
    assert "Fejl:" in answer.text
    assert grants(served.store, *served.wave, "0101")[0].opened_at is None


def test_no_page_of_a_response_is_shown_without_a_session(served: Served) -> None:
    client = served.client()
    for path in ("/besvar", "/besvar/main", "/besvar/tjek", "/kvittering", "/sammenligning", "/besvar/kolleger"):
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert "Åbn linket" in answer.text


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(served: Served) -> None:
    visitor = served.visitor()
    for _ in range(6):
        served.clock.pass_by(hours=1.9)
        assert visitor.open("/besvar").status == 200
    served.clock.pass_by(hours=1)
    assert visitor.open("/besvar").status == 401
    idle = served.visitor()
    served.clock.pass_by(hours=2.1)
    assert idle.open("/besvar").status == 401


def test_what_is_posted_after_a_session_ended_is_not_saved_and_not_lost(served: Served) -> None:
    link = served.link()
    visitor = served.come_in(link)
    page = visitor.open("/besvar/main")
    served.clock.pass_by(hours=3)
    page = visitor.press(page, page.form_with("base_version"), {"placed": "40", "stage": "1"}, ("action", "next"))
    assert page.status == 401
    assert "IKKE gemt" in page.words
    assert "40" in page.words
    assert "I brug" in page.words
    assert current(served.store, *served.wave, "0101").response.version == 0
    other_tab = visitor.open(link)
    visitor.press(other_tab, other_tab.form_with("person"), {"person": "Lene Holm"})
    page = visitor.press(page, page.form_with("base_version"), {})
    assert page.status == 403
    assert "Knappen gemmer svarene for København" in page.words
    assert current(served.store, *served.wave, "0101").response.version == 0
    page = visitor.press(page, page.form_with("base_version"), {})
    assert page.status == 200
    kept = current(served.store, *served.wave, "0101").response.answers
    assert (kept["placed"], kept["stage"]) == (40, "1")


def test_leaving_ends_the_session_and_keeps_the_answers(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "40"})
    page = visitor.open("/besvar")
    page = visitor.press(page, next(one for one in page.forms if one.action.endswith("/besvar/afslut")), {})
    assert page.status == 200
    assert visitor.open("/besvar").status == 401
    assert current(served.store, *served.wave, "0101").response.answers["placed"] == 40
    assert versions(served.store, *served.wave, "0101") == ()


def test_a_post_from_another_site_is_refused(served: Served) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    data = dict(page.form_with("base_version").posted({"placed": "40"}))
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitor.client.post("/besvar/main", data=data, headers=headers).status_code == 403
    assert served.client().post(served.link(), data={"person": "Lene"}, headers={"Origin": "null"}).status_code == 303
    assert current(served.store, *served.wave, "0101").response.version == 0


def test_a_post_without_the_token_of_the_page_is_not_saved(served: Served) -> None:
    visitor, other = served.visitor(), served.visitor("0751")
    stolen = dict(other.open("/besvar/main").form_with("base_version").posted({}))["csrf"]
    for token in ("", "x", stolen):
        answer = visitor.client.post("/besvar/main", data={"placed": "40", "csrf": token})
        assert answer.status_code == 403
    assert current(served.store, *served.wave, "0101").response.version == 0


def test_a_page_stays_good_when_the_server_starts_again(served: Served) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    visitor.client._transport = AppTransport(build_app(served.store, clock=served.clock))
    page = visitor.press(page, page.form_with("base_version"), {"placed": "40"}, ("action", "save"))
    assert page.status == 200
    assert current(served.store, *served.wave, "0101").response.answers["placed"] == 40


def test_no_link_stands_in_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    for client in ("httpx", "httpcore"):
        caplog.set_level(logging.CRITICAL, client)
    with caplog.at_level(logging.DEBUG):
        link = served.link()
        served.come_in(link)
    assert link.removeprefix("/s/") not in caplog.text
    assert "POST /s/{token} 303" in caplog.text
