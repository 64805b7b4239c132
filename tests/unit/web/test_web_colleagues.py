"""Several people at one response: who may do what, by which link."""

from __future__ import annotations

import datetime as dt

from evaltools.store import current, grants, questionnaire_of, records
from evaltools.store.progress import section_progress
from form_server import Served, save
from form_visitor import Seen, Visitor


def _hand_over(leader: Visitor, holder: str = "Per Bo") -> Seen:
    page = leader.open("/besvar/kolleger")
    return leader.press(page, page.form_with("holder"), {"holder": holder, "sections": "main"})


def _link(page: Seen) -> str:
    (link,) = page.tree.xpath("//*[@id='link']/text()")
    return str(link).strip().removeprefix("http://127.0.0.1:8000")


def test_the_leader_hands_a_section_over_by_a_link_that_is_shown_once(served: Served) -> None:
    leader = served.visitor()
    page = _hand_over(leader)
    assert page.status == 200
    colleague = served.come_in(_link(page), "Per Bo")
    save(colleague, "/besvar/main", {"placed": "40"})
    assert current(served.store, *served.wave, "0101").by_field["placed"].by == "Per Bo"
    again = leader.open("/besvar/kolleger")
    assert "Per Bo" in again.words
    assert "Åbnede linket første gang" in again.words
    assert "/s/" not in again.text


def test_handing_over_twice_leaves_one_good_link(served: Served) -> None:
    leader = served.visitor()
    first, second = _link(_hand_over(leader)), _link(_hand_over(leader))
    assert served.client().get(first).status_code == 404
    assert served.client().get(second).status_code == 200
    good = [one for one in grants(served.store, *served.wave, "0101") if one.revoked_at is None]
    assert sorted(one.role for one in good) == ["colleague", "leader"]


def test_a_link_is_renewed_and_taken_back(served: Served) -> None:
    leader = served.visitor()
    first = _link(_hand_over(leader))
    page = leader.open("/besvar/kolleger")
    renew = next(one for one in page.forms if one.action.endswith("nyt-link"))
    second = _link(leader.press(page, renew, {}))
    assert served.client().get(first).status_code == 404
    colleague = served.come_in(second, "Per Bo")
    page = leader.open("/besvar/kolleger")
    take_back = next(one for one in page.forms if one.action.endswith("tag-tilbage"))
    leader.press(page, take_back, {})
    assert colleague.open("/besvar").status == 401


def test_a_colleague_reads_everything_and_hands_nothing_over(served: Served) -> None:
    colleague = served.visitor(role="colleague", person="Per Bo", sections=("main",))
    page = colleague.open("/besvar/kolleger")
    assert page.status == 200
    assert not [one for one in page.forms if "holder" in one.names]
    csrf = dict(colleague.open("/besvar/main").form_with("base_version").posted({}))["csrf"]
    for path in (
        "/besvar/kolleger",
        "/besvar/kolleger/nyt-link",
        "/besvar/kolleger/tag-tilbage",
        "/besvar/deltager-ikke",
    ):
        data = {"csrf": csrf, "holder": "Ida", "sections": "main", "grant": "x"}
        assert colleague.client.post(path, data=data).status_code == 403


def test_a_leader_cannot_end_the_links_of_another_municipality(served: Served) -> None:
    other = served.visitor("0751", role="colleague", person="Ida", sections=("main",))
    theirs = grants(served.store, *served.wave, "0751")[0]
    leader = served.visitor()
    csrf = dict(leader.open("/besvar/main").form_with("base_version").posted({}))["csrf"]
    answer = leader.client.post("/besvar/kolleger/tag-tilbage", data={"csrf": csrf, "grant": theirs.id})
    assert answer.status_code == 404
    assert other.open("/besvar").status == 200


def test_a_municipality_declines_and_changes_its_mind(served: Served) -> None:
    leader = served.visitor()
    page = leader.open("/besvar/deltager-ikke")
    form = next(one for one in page.forms if one.action.endswith("deltager-ikke"))
    page = leader.press(page, form, {})
    assert current(served.store, *served.wave, "0101").response.disposition == "refused"
    form = next(one for one in page.forms if one.action.endswith("deltager-ikke"))
    page = leader.press(page, form, {}, ("action", "answer"))
    assert page.url.endswith("/besvar")
    assert current(served.store, *served.wave, "0101").response.disposition == "partial"


def test_a_section_that_is_not_ones_own_is_read_and_not_written(served: Served) -> None:
    colleague = served.visitor(role="colleague", person="Per Bo", sections=("main",))
    page = colleague.open("/besvar/main")
    csrf = dict(page.form_with("base_version").posted({}))["csrf"]
    grant = grants(served.store, *served.wave, "0101")[0]
    assert grant.sections == ("main",)
    assert colleague.client.post("/besvar/other", data={"csrf": csrf, "placed": "4"}).status_code == 404


def test_hub_check_page_colleagues_and_status_count_answers_alike_and_wait_for_no_remark(served: Served) -> None:
    leader = served.visitor()
    _hand_over(leader)
    save(leader, "/besvar/main", {"stage": "1", "placed": "40", "remark": "Ingen"}, "save")
    assert "2 af 4" in leader.open("/besvar").words
    assert "2 spørgsmål er ikke besvaret" in leader.open("/besvar/tjek").words
    assert "Der mangler svar på 2 af spørgsmålene." in leader.open("/besvar/kolleger").words
    begun = records(served.store, *served.wave, "0101")
    (found,) = section_progress(questionnaire_of(served.store, *served.wave), [one.answers for one in begun])
    assert (found.answered, found.asked) == (2, 4)


def test_times_are_told_on_the_danish_clock_whether_it_is_summer_or_winter(served: Served) -> None:
    for month, hour in ((2, "13.30"), (7, "14.30")):
        served.clock.now = dt.datetime(2018, month, 6, 12, 30, tzinfo=dt.UTC)
        leader = served.visitor()
        _hand_over(leader, f"Per {'Bo' * month}")
        at = f"6. {'februar' if month == 2 else 'juli'} 2018 kl. {hour}"
        for path in ("/besvar", "/besvar/kolleger"):
            assert at in leader.open(path).words.replace("\u00a0", " "), path
