"""What happens when answers are saved: by one person, by two, by a colleague, when the store refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from evaltools.errors import Fault, StoreError
from evaltools.store import Store, current, grouped, grouping, versions
from form_server import Served, save, serving_tiny
from form_visitor import Visitor


def _answers(served: Served, unit: str = "0101") -> dict[str, object]:
    return dict(current(served.store, *served.wave, unit).response.answers)


def test_saving_keeps_the_answers_in_the_name_of_the_person(served: Served) -> None:
    page = save(served.visitor(), "/besvar/main", {"placed": "1.250"}, "save")
    assert page.status == 200
    standing = current(served.store, *served.wave, "0101")
    assert standing.response.answers["placed"] == 1250
    assert standing.by_field["placed"].by == "Lene Holm"
    assert standing.response.channel == "form"


def test_saving_twice_counts_once(served: Served) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    form = page.form_with("base_version")
    visitor.press(page, form, {"placed": "40"}, ("action", "save"))
    version = current(served.store, *served.wave, "0101").response.version
    visitor.press(page, form, {"placed": "40"}, ("action", "save"))
    assert current(served.store, *served.wave, "0101").response.version == version


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_kept(served: Served) -> None:
    page = save(served.visitor(), "/besvar/main", {"placed": "ca. 40", "network": "3"})
    assert page.status == 422
    assert page.title.startswith("Fejl:")
    assert dict(page.form_with("base_version").posted({}))["placed"] == "ca. 40"
    assert _answers(served)["network"] == 3


def test_a_doubt_asks_for_a_reason_and_can_wait(served: Served) -> None:
    visitor = served.visitor()
    page = save(visitor, "/besvar/main", {"placed": "1000"})
    assert page.status == 422
    assert "many_placed__reason" in page.form_with("base_version").names
    later = visitor.press(page, page.form_with("base_version"), {}, ("action", "later"))
    assert later.url.endswith("/besvar/tjek")
    page = save(visitor, "/besvar/main", {"many_placed__reason": "Vi er en stor by"})
    assert page.url.endswith("/besvar/tjek")


def test_a_question_that_was_opened_is_shown_before_going_on(served: Served) -> None:
    visitor = served.visitor()
    page = save(visitor, "/besvar/main", {"stage": "1"})
    assert page.url.endswith("/besvar/main")
    assert "cases" in page.form_with("base_version").names
    page = visitor.press(page, page.form_with("base_version"), {"cases": "4"}, ("action", "next"))
    assert page.url.endswith("/besvar/tjek")


def test_the_script_of_a_page_gets_the_version_and_what_was_not_kept(served: Served) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    data = dict(page.form_with("base_version").posted({"placed": "40", "network": "mange"}))
    answer = visitor.client.post("/besvar/main", data=data, headers={"X-Autosave": "1"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["version"] == str(current(served.store, *served.wave, "0101").response.version)
    assert [one["field"] for one in told["problems"]] == ["network"]
    served.clock.pass_by(hours=3)
    assert visitor.client.post("/besvar/main", data=data, headers={"X-Autosave": "1"}).status_code == 401


def _two(served: Served) -> tuple[Visitor, Visitor]:
    return served.visitor(person="Lene Holm"), served.visitor(person="Per Bo")


def test_two_people_at_one_field_both_see_both_values_and_choose(served: Served) -> None:
    lene, per = _two(served)
    hers, his = lene.open("/besvar/main"), per.open("/besvar/main")
    lene.press(hers, hers.form_with("base_version"), {"placed": "40"}, ("action", "save"))
    page = per.press(his, his.form_with("base_version"), {"placed": "50"}, ("action", "save"))
    assert page.status == 409
    for words in ("40", "50", "Lene Holm"):
        assert words in page.words
    assert _answers(served)["placed"] == 40
    page = per.press(page, page.form_with("placed__choice"), {"placed__choice": "mine"})
    assert page.status == 200
    assert _answers(served)["placed"] == 50
    standing = current(served.store, *served.wave, "0101")
    assert standing.by_field["placed"].by == "Per Bo"


def test_the_script_of_a_page_hears_of_a_conflict(served: Served) -> None:
    lene, per = _two(served)
    his = per.open("/besvar/main")
    save(lene, "/besvar/main", {"placed": "40"})
    data = dict(his.form_with("base_version").posted({"placed": "50"}))
    answer = per.client.post("/besvar/main", data=data, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json()) == (409, {"by": "Lene Holm", "fields": ["placed"]})


def test_two_people_at_different_fields_do_not_meet(served: Served) -> None:
    lene, per = _two(served)
    hers, his = lene.open("/besvar/main"), per.open("/besvar/main")
    lene.press(hers, hers.form_with("base_version"), {"placed": "40"}, ("action", "save"))
    page = per.press(his, his.form_with("base_version"), {"remark": "Ingen"}, ("action", "save"))
    assert page.status == 200
    assert (_answers(served)["placed"], _answers(served)["remark"]) == (40, "Ingen")


def test_a_page_that_saves_by_itself_never_undoes_what_a_colleague_wrote_meanwhile(served: Served) -> None:
    lene, per = _two(served)
    form = per.open("/besvar/main").form_with("base_version")
    save(lene, "/besvar/main", {"placed": "40"}, "save")
    posted = dict(form.posted({}))
    for remark in ("Ingen", "Ingen endnu", "Ingen mere"):
        told = per.client.post("/besvar/main", data=posted | {"remark": remark}, headers={"X-Autosave": "1"})
        assert told.status_code == 200
        assert "Lene Holm har ændret" in told.json()["others"]
        posted["base_version"] = told.json()["version"]
    assert (_answers(served)["placed"], _answers(served)["remark"]) == (40, "Ingen mere")
    told = per.client.post("/besvar/main", data=posted | {"placed": "50"}, headers={"X-Autosave": "1"})
    assert (told.status_code, told.json()["fields"]) == (409, ["placed"])


def test_a_page_that_is_shown_again_shows_what_a_colleague_wrote_in_place_of_what_nobody_touched(
    served: Served,
) -> None:
    lene, per = _two(served)
    his = per.open("/besvar/main")
    save(lene, "/besvar/main", {"placed": "40", "stage": "0"}, "save")
    page = per.press(his, his.form_with("base_version"), {"network": "mange"}, ("action", "next"))
    assert page.status == 422
    assert "Andre har ændret svar" in page.words
    shown = dict(page.form_with("base_version").posted({}))
    assert (shown["placed"], shown["stage"], shown["network"]) == ("40", "0", "mange")
    page = per.press(page, page.form_with("base_version"), {"network": "3"}, ("action", "save"))
    assert _answers(served)["placed"] == 40
    assert _answers(served)["network"] == 3


def test_what_could_not_be_read_meets_what_a_colleague_wrote_once_it_is_mended(served: Served) -> None:
    lene, per = _two(served)
    his = per.open("/besvar/main")
    save(lene, "/besvar/main", {"placed": "40"}, "save")
    page = per.press(his, his.form_with("base_version"), {"placed": "ca. 50"}, ("action", "save"))
    assert page.status == 422
    assert dict(page.form_with("base_version").posted({}))["placed"] == "ca. 50"
    page = per.press(page, page.form_with("base_version"), {"placed": "50"}, ("action", "save"))
    assert page.status == 409
    assert _answers(served)["placed"] == 40


def test_choosing_in_a_conflict_undoes_nothing_else_that_the_colleague_wrote(served: Served) -> None:
    lene, per = _two(served)
    his = per.open("/besvar/main")
    save(lene, "/besvar/main", {"placed": "40", "remark": "Ny"}, "save")
    page = per.press(his, his.form_with("base_version"), {"placed": "50"}, ("action", "save"))
    assert page.status == 409
    page = per.press(page, page.form_with("placed__choice"), {"placed__choice": "mine"})
    assert page.status == 200
    assert (_answers(served)["placed"], _answers(served)["remark"]) == (50, "Ny")


def test_a_second_click_on_send_with_a_reason_counts_once_and_is_no_news(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "1000"}, "later")
    page = visitor.open("/besvar/tjek")
    for _ in range(2):
        done = visitor.press(
            page, page.form_with("base_version"), {"many_placed__reason": "Stor by"}, ("action", "submit")
        )
        assert done.url.endswith("/kvittering")
    assert len(versions(served.store, *served.wave, "0101")) == 1


def test_nobody_submits_answers_that_changed_after_they_looked(served: Served) -> None:
    lene, per = _two(served)
    save(lene, "/besvar/main", {"placed": "40"})
    looked = lene.open("/besvar/tjek")
    save(per, "/besvar/main", {"placed": "60"})
    page = lene.press(looked, looked.form_with("base_version"), {}, ("action", "submit"))
    assert page.status == 409
    assert versions(served.store, *served.wave, "0101") == ()
    again = lene.open("/besvar/tjek")
    page = lene.press(again, again.form_with("base_version"), {}, ("action", "submit"))
    assert page.url.endswith("/kvittering")


def test_submitting_twice_counts_once(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "40"})
    page = visitor.open("/besvar/tjek")
    for _ in range(2):
        done = visitor.press(page, page.form_with("base_version"), {}, ("action", "submit"))
        assert done.url.endswith("/kvittering")
    assert len(versions(served.store, *served.wave, "0101")) == 1


def test_what_must_be_mended_keeps_a_submission_back_and_a_reason_lets_it_pass(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "1000", "network": "2000"}, "later")
    page = visitor.open("/besvar/tjek")
    page = visitor.press(page, page.form_with("base_version"), {}, ("action", "submit"))
    assert page.status == 422
    assert page.title.startswith("Fejl:")
    save(visitor, "/besvar/main", {"network": "20"}, "later")
    page = visitor.open("/besvar/tjek")
    reason = {"many_placed__reason": "Vi er en stor by"}
    page = visitor.press(page, page.form_with("base_version"), reason, ("action", "submit"))
    assert page.url.endswith("/kvittering")


def test_a_reason_can_be_saved_on_the_page_before_sending(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "1000"}, "later")
    page = visitor.open("/besvar/tjek")
    page = visitor.press(page, page.form_with("base_version"), {"many_placed__reason": "Stor by"}, ("action", "save"))
    assert page.url.endswith("/besvar/tjek")
    assert _answers(served)["many_placed__reason"] == "Stor by"


def test_the_leader_may_keep_submission_to_themselves(served: Served) -> None:
    served.change(approval="leader")
    colleague = served.visitor(role="colleague", person="Per Bo", sections=("main",))
    save(colleague, "/besvar/main", {"placed": "40"})
    data = {"base_version": "99", "action": "submit"}
    data["csrf"] = dict(colleague.open("/besvar/main").form_with("base_version").posted({}))["csrf"]
    assert colleague.client.post("/besvar/tjek", data=data).status_code == 403
    assert versions(served.store, *served.wave, "0101") == ()


def test_after_the_time_limit_nothing_is_saved_and_the_page_says_so(served: Served) -> None:
    served.change(closes_at=served.clock() + dt.timedelta(minutes=30))
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    served.clock.pass_by(hours=1)
    page = visitor.press(page, page.form_with("base_version"), {"placed": "40"}, ("action", "save"))
    assert page.status == 403
    assert "IKKE gemt" in page.words
    assert "Fristen er udløbet" in page.words
    assert "40" in page.words


@pytest.mark.parametrize(("wave", "offered"), [("tiny/2018", "/besvar/deltager-ikke"), ("visits/1", "record")])
def test_after_the_time_limit_nothing_is_offered_that_would_be_refused(tmp_path: Path, wave: str, offered: str) -> None:
    with serving_tiny(tmp_path, wave=wave) as served:
        served.change(closes_at=served.clock() + dt.timedelta(minutes=30))
        visitor = served.visitor()
        assert offered in visitor.open("/besvar").text
        served.clock.pass_by(hours=1)
        page = visitor.open("/besvar")
        assert "Fristen udløb" in page.words
        forms = {(form.method, form.action.rpartition("/")[2]) for form in page.forms}
        assert {action for method, action in forms if method == "post"} == {"afslut"}
        assert not any(link.endswith(("/tjek", "deltager-ikke")) for link in page.links.values())
        assert 'class="button"' not in page.text


@pytest.mark.parametrize(
    ("code", "status"), [("DISK_FULL", 507), ("STORE_READ_ONLY", 503), ("STORE_BUSY", 503), ("STORE_FAILED", 503)]
)
def test_a_store_that_refuses_gives_a_page_that_says_not_saved_with_all_that_was_typed(
    served: Served, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")

    @contextmanager
    def refusing(_: Store, **__: object) -> Iterator[Connection]:
        raise StoreError(Fault(code, "", "no", "no"))
        yield

    monkeypatch.setattr(grouping, "writing", refusing)
    page = visitor.press(page, page.form_with("base_version"), {"placed": "41"}, ("action", "save"))
    assert page.status == status
    assert "IKKE gemt" in page.words
    assert "41" in page.words
    monkeypatch.undo()
    page = visitor.press(page, page.form_with("base_version"), {})
    assert page.status == 200
    assert _answers(served)["placed"] == 41


def test_a_server_that_is_being_closed_says_not_saved(served: Served) -> None:
    visitor = served.visitor()
    page = visitor.open("/besvar/main")
    with grouped(served.store) as closed:
        pass
    object.__setattr__(served.app.state.site, "store", closed)
    page = visitor.press(page, page.form_with("base_version"), {"placed": "41"}, ("action", "save"))
    assert page.status == 503
    assert "IKKE gemt" in page.words


@pytest.mark.parametrize("path", ["/besvar/nowhere", "/besvar/post/1", "/besvar/post/1/main", "/kvittering/1"])
def test_a_section_or_record_that_is_not_there_is_not_found(served: Served, path: str) -> None:
    assert served.visitor().open(path).status == 404


def test_a_page_beyond_the_limit_is_refused_with_a_page(served: Served) -> None:
    answer = served.visitor().client.post("/besvar/main", data={"remark": "x" * 70_000})
    assert answer.status_code == 413
    assert "for stort" in answer.text
