"""Every page under attack: code in names and answers, headers, methods, caches, files, addresses that lead elsewhere."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest
from lxml import html

from app_client import app_client
from evaltools.cli.serve import log_handler
from evaltools.store import current, grants, versions
from evaltools.web.app import build_app
from evaltools.web.routes.table import GETS, POSTS
from evaltools.web.site import Options
from form_server import Served, save, serving_tiny
from form_visitor import Visitor

CODE = "\"><img src=x onerror=alert(1)>'{{7*7}}<script>alert(1)</script>"
PAGES = tuple(
    path.format(token="x", survey="tiny", wave="2018", form="json", record="1", section="main") for path, *_ in GETS
)


def _filled(served: Served) -> Visitor:
    visitor = served.visitor(person=f"Lene {CODE}")
    save(visitor, "/besvar/main", {"placed": "3", "network": "1", "stage": "1", "remark": CODE}, "save")
    return visitor


def _submitted(served: Served) -> Visitor:
    visitor = _filled(served)
    page = visitor.open("/besvar/tjek")
    visitor.press(page, page.form_with("base_version"), {}, ("action", "submit"))
    return visitor


def test_code_in_names_and_answers_is_shown_and_never_run(served: Served) -> None:
    visitor = _submitted(served)
    leader = visitor.open("/besvar/kolleger")
    visitor.press(leader, leader.form_with("holder"), {"holder": f"Per {CODE}", "sections": "main"})
    shown = 0
    for path in PAGES:
        answer = visitor.client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "<img src=x" not in answer.text, path
            assert "<script>alert" not in answer.text, path
            assert "49" not in answer.text.partition("onerror")[2][:40], path
            shown += "onerror=alert(1)" in answer.text
    assert shown >= 4


def test_no_page_has_code_or_style_of_its_own(served: Served) -> None:
    visitor = _submitted(served)
    for client in (visitor.client, served.client()):
        for path in PAGES:
            answer = client.get(path)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            tree = html.document_fromstring(answer.text)
            assert tree.xpath("//@style | //style | //@*[starts-with(name(), 'on')]") == [], path
            assert tree.xpath("//script[not(@src) and not(@type='application/json')]") == [], path
            assert tree.xpath("//@src[not(starts-with(., '/'))] | //link/@href[not(starts-with(., '/'))]") == [], path
            assert [one for one in tree.xpath("//a/@href") if one.partition(":")[0] in ("javascript", "data")] == []


def test_text_that_looks_like_a_query_is_only_text(served: Served) -> None:
    text = "'); DROP TABLE answers; --"
    visitor = served.visitor(person=f"Lene {text}")
    save(visitor, "/besvar/main", {"remark": text}, "save")
    assert current(served.store, *served.wave, "0101").response.answers["remark"] == text


def test_looking_changes_nothing_however_it_is_asked(served: Served) -> None:
    visitor = _filled(served)
    before = current(served.store, *served.wave, "0101").response.version
    for path in PAGES:
        for method in ("GET", "HEAD", "OPTIONS"):
            visitor.client.request(method, path, params={"action": "submit", "placed": "9"})
    assert current(served.store, *served.wave, "0101").response.version == before
    assert versions(served.store, *served.wave, "0101") == ()
    assert len(grants(served.store, *served.wave, "0101")) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_what_changes_something_is_done_by_post_only(served: Served, method: str) -> None:
    visitor = served.visitor()
    only_post = {path for path, *_ in POSTS} - {path for path, *_ in GETS}
    for path in only_post:
        address = path.format(record="1", section="main")
        assert visitor.client.request(method, address).status_code in (404, 405), path
    assert visitor.open("/besvar").status == 200


def test_every_answer_says_what_it_is_and_is_kept_by_nobody_but_for_static_files(served: Served) -> None:
    visitor = _submitted(served)
    for path in (*PAGES, "/nowhere", "/static/style.css", "/api/v1/openapi.json", "/api/v1/status"):
        answer = visitor.client.get(path)
        kind = answer.headers.get("content-type", "")
        assert not answer.content or kind, path
        assert not kind.startswith("text/") or "charset=utf-8" in kind, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert (answer.headers["cache-control"] == "no-store") is not path.startswith("/static"), path


def test_files_are_given_to_be_kept_and_not_to_be_shown(served: Served) -> None:
    visitor = _submitted(served)
    for path in ("/besvar/regneark/hent",):
        assert visitor.client.get(path).headers["content-disposition"].startswith("attachment;")


def test_no_other_site_may_read_anything(served: Served) -> None:
    visitor = _filled(served)
    for path in ("/besvar", "/status/log-ind", "/api/v1/openapi.json", "/api/v1/status"):
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
        for method in ("GET", "OPTIONS"):
            answer = visitor.client.request(method, path, headers=headers)
            assert not [name for name in answer.headers if name.startswith("access-control-")], path


def test_behind_tls_every_answer_demands_it_for_two_years_and_cookies_belong_to_this_host(tmp_path: Path) -> None:
    with serving_tiny(tmp_path, options=Options(behind_tls=True)) as served:
        client = httpx.Client(transport=served.client()._transport, base_url="https://svar.example.dk")
        entered = client.post(served.link(), data={"person": "Lene Holm"})
        assert entered.headers["set-cookie"].startswith("__Host-evaltools=")
        assert "Secure" in entered.headers["set-cookie"]
        for path in (*PAGES, "/nowhere", "/static/style.css", "/api/v1/status"):
            demand = client.get(path).headers["strict-transport-security"]
            assert demand == "max-age=63072000; includeSubDomains", path


def test_no_redirect_leads_out_of_the_house(served: Served) -> None:
    visitor = served.visitor()
    for path in ("//evil.example/", "/\\evil.example", "/besvar//evil.example", "/?next=https://evil.example"):
        target = visitor.client.get(path, headers={"Host": "127.0.0.1:8000"}).headers.get("location", "/")
        assert target.startswith("/")
        assert not target.startswith("//")


def test_a_link_for_a_colleague_begins_as_the_wave_says_and_not_as_the_request_does(served: Served) -> None:
    served.change(base_url="https://svar.example.dk")
    leader = served.visitor()
    page = leader.open("/besvar/kolleger")
    data = dict(page.form_with("holder").posted({"holder": "Per Bo", "sections": "main"}))
    answer = leader.client.post("/besvar/kolleger", data=data, headers={"Host": "evil.example"})
    assert "https://svar.example.dk/s/" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/static/..%2f..%2fapp.py", "/static/x/%2e%2e/app.py", "/../answers.db", "/static/__init__.py"],
)
def test_nothing_is_served_but_what_is_listed(served: Served, path: str) -> None:
    assert served.client().get(path).status_code == 404


def test_a_fault_of_ours_tells_the_asker_a_number_only(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("hemmelig-4711 at /var/lib")

    monkeypatch.setattr("evaltools.web.routes.public.open_waves", broken)
    answer = app_client(build_app(served.store, clock=served.clock)).get("/skema")
    assert answer.status_code == 500
    for secret in ("4711", "Traceback", "RuntimeError", "/var/lib", ".py"):
        assert secret not in answer.text
    assert answer.headers["content-security-policy"]


def test_the_log_tells_the_time_in_utc() -> None:
    formatter = log_handler().formatter
    assert formatter is not None
    record = logging.makeLogRecord({"msg": "x", "levelname": "INFO", "created": 0.5, "msecs": 500.0})
    assert formatter.format(record) == "1970-01-01T00:00:00.500Z INFO x"
