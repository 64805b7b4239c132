"""One municipality before the answers of another, and programs before what their token does not give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.store import current, grants, reads, records
from evaltools.web.routes.table import GETS, POSTS
from form_server import Served, save, serving_tiny
from form_visitor import Visitor

SECRET = "4711"
DRAFT = "/api/v1/units/0101/draft"


def _csrf(visitor: Visitor) -> str:
    return str(visitor.open("/besvar").tree.xpath("string(//input[@name='csrf']/@value)"))


@pytest.fixture
def visits(tmp_path: Path) -> Iterator[Served]:
    with serving_tiny(tmp_path, wave="visits/1") as served:
        yield served


def test_no_address_names_a_municipality() -> None:
    parts = [part for path, *_ in (*GETS, *POSTS) for part in path.replace(".", "/").split("/")]
    gaps = {part for part in parts if part.startswith("{")}
    assert gaps == {"{token}", "{survey}", "{wave}", "{form}", "{record}", "{section}"}


def test_no_page_shows_what_another_municipality_wrote(served: Served) -> None:
    theirs = served.visitor("0751", person="Ida Krogh")
    save(theirs, "/besvar/main", {"placed": SECRET, "remark": "Hemmelig bemærkning"})
    mine = served.visitor("0101")
    for path, _, _ in GETS:
        for guess in ("0751", "main", "1"):
            address = path.format(token="x", survey="tiny", wave="2018", form="json", record=guess, section="main")
            text = mine.client.get(address).text
            for secret in (SECRET, "Ida Krogh", "Hemmelig bemærkning"):
                assert secret not in text, address


def test_a_posted_unit_is_not_listened_to(served: Served) -> None:
    mine = served.visitor("0101")
    data = {"csrf": _csrf(mine), "base_version": "0", "placed": "3", "unit": "0751", "role": "leader", "actor": "X"}
    assert mine.client.post("/besvar/main?unit=0751", data=data).status_code == 303
    assert current(served.store, *served.wave, "0751").response.version == 0
    assert current(served.store, *served.wave, "0101").by_field["placed"].by == "Lene Holm"


def test_a_record_of_the_same_number_is_another_record_in_another_municipality(visits: Served) -> None:
    theirs, mine = visits.visitor("0751"), visits.visitor("0101")
    save(theirs, "/besvar/post/7/main", {"words": "Hemmelig bemærkning"})
    assert "Hemmelig" not in mine.open("/besvar/post/7/main").text
    save(mine, "/besvar/post/7/main", {"words": "Vores egen"})
    (kept,) = records(visits.store, *visits.wave, "0751")
    assert kept.answers["words"] == "Hemmelig bemærkning"


@pytest.mark.parametrize("unit", ["0751", "Aarhus", "%30751", "0101%2f..%2f0751", "101", "0101%00"])
@pytest.mark.parametrize("what", ["draft", "records", "status"])
def test_a_token_of_one_unit_opens_no_other_however_it_is_spelled(served: Served, unit: str, what: str) -> None:
    client = served.client()
    client.headers.update(served.token("read", "draft", "submit", "status"))
    answer = client.get(f"/api/v1/units/{unit}/{what}")
    assert answer.status_code in (403, 404, 422)
    assert "answers" not in answer.json()


@pytest.mark.parametrize("field", ["unit", "actor", "channel", "submit", "record", "at"])
def test_a_program_cannot_say_who_it_is_or_for_whom_it_writes(served: Served, field: str) -> None:
    client = served.client()
    client.headers.update(served.token("draft"))
    body = {"base_version": 0, "answers": {"placed": 3}, field: "0751"}
    assert client.put(DRAFT, json=body).status_code == 422


def test_a_program_that_may_write_is_said_to_be_able_to_read(served: Served) -> None:
    served.token("draft")
    (grant,) = grants(served.store, *served.wave, "0101")
    assert grant.scopes == ("read", "draft")


def test_answers_for_statistics_reach_the_program_of_their_own_unit_only(served: Served) -> None:
    save(served.visitor(), "/besvar/main", {"placed": SECRET})
    served.change(mode="statistics", legal_basis="databeskyttelsesloven § 10")
    own, whole = served.client(), served.client()
    own.headers.update(served.token("read"))
    whole.headers.update(served.token("read", "draft", "submit", unit=""))
    body = {"base_version": 0, "answers": {}}
    assert own.get(DRAFT).json()["answers"] == {"placed": int(SECRET)}
    for answer in (
        whole.get(DRAFT),
        whole.get("/api/v1/units/0101/records"),
        whole.put(DRAFT, json=body),
        whole.post("/api/v1/units/0101/submission", json=body),
        whole.post("/api/v1/exports"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "STATISTICS_MODE")
        assert SECRET not in answer.text


def test_what_programs_read_is_noted(served: Served) -> None:
    for unit, holder in (("0101", "Fagsystemet"), ("", "Statistikken")):
        client = served.client()
        client.headers.update(served.token("read", unit=unit, holder=holder))
        client.get(DRAFT)
        client.get("/api/v1/units/0101/records")
    noted = [(one.by, one.what, one.unit) for one in reads(served.store, *served.wave)]
    assert noted == [("Fagsystemet", "own", "0101")] * 2 + [("Statistikken", "answers", "0101")] * 2


def test_a_colleague_without_approval_neither_submits_nor_opens_again(served: Served) -> None:
    served.change(approval="leader")
    save(served.visitor(), "/besvar/main", {"placed": "3"})
    colleague = served.visitor(role="colleague", person="Per Bo", sections=("main",))
    version = str(current(served.store, *served.wave, "0101").response.version)
    data = {"csrf": _csrf(colleague), "action": "submit", "base_version": version}
    assert colleague.client.post("/besvar/tjek", data=data).status_code == 403
    assert colleague.client.post("/kvittering/genaabn", data=data).status_code == 403
    assert current(served.store, *served.wave, "0101").response.disposition == "partial"


def test_a_link_that_a_leader_renews_ends_with_the_leaders_own(served: Served) -> None:
    ends = served.clock().replace(year=2019)
    leader = served.visitor(expires_at=ends)
    page = leader.open("/besvar/kolleger")
    leader.press(page, page.form_with("holder"), {"holder": "Per Bo", "sections": "main"})
    served.clock.pass_by(hours=1.5)
    page = leader.open("/besvar/kolleger")
    leader.press(page, next(one for one in page.forms if one.action.endswith("nyt-link")), {})
    given = [one.expires_at for one in grants(served.store, *served.wave, "0101") if one.role == "colleague"]
    assert len(given) == 2
    assert all(end is not None and end <= ends for end in given)
