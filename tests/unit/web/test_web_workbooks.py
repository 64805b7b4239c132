"""A workbook on the page: fetched, handed in, looked at, and only then kept."""

from __future__ import annotations

from evaltools.store import current
from form_server import Served, save
from form_visitor import Seen, Visitor
from workbook_desk import edited, put


def _hand_in(visitor: Visitor, content: bytes) -> Seen:
    csrf = dict(visitor.open("/besvar/regneark").form_with("csrf").posted({}))["csrf"]
    answer = visitor.client.post(
        "/besvar/regneark", data={"csrf": csrf}, files={"workbook": ("svar.xlsx", content)}, headers={}
    )
    return visitor._seen(answer)


def test_a_workbook_is_kept_only_after_it_was_looked_at(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "40"}, "save")
    fetched = visitor.client.get("/besvar/regneark/hent")
    assert fetched.status_code == 200
    page = _hand_in(visitor, edited(put(answer_network=7), fetched.content))
    assert page.status == 200, page.words
    assert "Nye svar" in page.words
    assert "network" not in current(served.store, *served.wave, "0101").response.answers
    page = visitor.press(page, page.form_with("content"), {})
    assert page.status == 200, page.words
    standing = current(served.store, *served.wave, "0101")
    assert standing.response.answers["network"] == 7
    assert standing.by_field["network"].by == "Lene Holm"


def test_what_is_no_workbook_is_refused_with_a_page(served: Served) -> None:
    visitor = served.visitor()
    for content in (b"", b"not a workbook", b"PK\x03\x04broken"):
        page = _hand_in(visitor, content)
        assert page.status == 422
        assert "Filen kan ikke bruges" in page.words
    assert current(served.store, *served.wave, "0101").response.version == 0
