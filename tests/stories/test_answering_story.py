"""A municipality answers in a browser that runs no script: from the link to the receipt, and once more after that."""

from __future__ import annotations

import datetime as dt
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from evaltools.cli import main
from evaltools.language import Language, texts
from evaltools.schema import read_survey
from evaltools.store import current, open_store, open_wave, read_units, versions
from form_server import Served, serving
from form_visitor import Form, Seen, Visitor
from pdf_words import pdf_words
from tiny_survey import FIELDWORK, WHEN

PROJECT: Final = Path(__file__).parents[2]
WAVE: Final = ("network_methods", "2018")
SAMSOE: Final = "0741"
LONGEST_TO_MAKE: Final = 180
"""Seconds that a file may take on a machine that is busy with other tests."""

REGISTER: Final = {
    "nothing_placed": {"placed_register": 0.0, "children_register": 250.0},
    "no_network_placements": {"placed_register": 14.0, "children_register": 600.0},
    "all_placements_ended": {"placed_register": 3.0, "children_register": 500.0},
}


def told(name: str) -> dict[str, Any]:
    """One of the three test answers of small municipalities."""
    content: dict[str, Any] = json.loads((PROJECT / f"tests/stories/data/{name}.json").read_text("utf-8"))
    return content


@contextmanager
def opened(
    folder: Path, wave: tuple[str, str] = WAVE, figures: Mapping[str, Mapping[str, float]] | None = None
) -> Iterator[Served]:
    """A server with one shipped questionnaire, open to all municipalities until the end of March."""
    units = read_units(PROJECT / "data_dictionary/codelists/municipalities.csv")
    closes = dt.datetime(2018, 3, 31, 21, 59, tzinfo=dt.UTC)
    fieldwork = replace(FIELDWORK, closes_at=closes, legal_basis="Serviceloven")
    with open_store(folder / "answers.db", create=True) as store:
        questionnaire = read_survey(PROJECT / "surveys" / "/".join(wave))
        open_wave(store, questionnaire, units, origin="collected", at=WHEN, fieldwork=fieldwork, references=figures)
        with serving(store, wave) as served:
            yield served


@dataclass(frozen=True)
class Answerer:
    """Somebody at the form of one response, in one language."""

    visitor: Visitor
    language: Language = "da"
    base: str = "/besvar"

    def say(self, key: str, **values: object) -> str:
        """Words of the form without the blanks that do not break."""
        return " ".join(texts(self.language).say(key, **values).split())

    def open(self, path: str = "") -> Seen:
        return self.visitor.open(f"{self.base}{path}")

    def answer(self, section: str, answers: Mapping[str, Any], reasons: Mapping[str, str] | None = None) -> Seen:
        """Answer a section and go on; what answers open is answered when it appears, as without a script it does."""
        page, before = self.open(f"/{section}"), frozenset[str]()
        while True:
            form = page.form_with("base_version")
            filled = dict(typed(form, {**answers, **(reasons or {})}))
            if filled.keys() <= before:
                return page
            before = frozenset(filled)
            page = self.visitor.press(page, form, filled, ("action", "next"))
            if not urlsplit(page.url).path.endswith(f"/{section}"):
                return page

    def answer_all(self, answers: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> None:
        """Answer every section that the response meets, as the overview names them."""
        done: set[str] = set(but)
        while waiting := [name for name in self.sections() if name not in done]:
            page = self.answer(waiting[0], answers)
            assert page.status in (200, 422), page.words
            done.add(waiting[0])

    def sections(self) -> list[str]:
        """The sections on the overview, in order."""
        links = self.open().tree.xpath("//*[contains(@class, 'sections')]//a/@href")
        return [str(link).partition("?")[0].removeprefix(f"{self.base}/") for link in links]

    def submit(self, reasons: Mapping[str, str] | None = None) -> Seen:
        page = self.open("/tjek")
        return self.visitor.press(page, page.form_with("base_version"), reasons or {}, ("action", "submit"))

    def press(self, page: Seen, ends_with: str) -> Seen:
        """Press the only button of the form that is posted there."""
        form = next(one for one in page.forms if one.action.partition("?")[0].endswith(ends_with))
        return self.visitor.press(page, form, {})

    def fetch(self, path: str) -> bytes:
        """A file, which another process makes meanwhile."""
        given_up = time.monotonic() + LONGEST_TO_MAKE
        while (answer := self.visitor.client.get(path)).status_code == 202:
            assert time.monotonic() < given_up, path
            time.sleep(0.2)
        assert answer.status_code == 200, path
        return answer.content


def typed(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What somebody does with the controls that stand in the page, to give these answers."""
    for name, value in answers.items():
        if isinstance(value, Mapping):
            kind = str(value["missing"])
            if f"{name}__missing" in form.names:
                yield f"{name}__missing", kind
            elif any((one.name, one.kind) in ((name, "radio"), (name, "select")) for one in form.controls):
                yield name, f"missing:{kind}"
        elif name in form.names:
            yield name, [str(one) for one in value] if isinstance(value, list) else str(value)
            if f"{name}__as_shown" in form.names:
                yield f"{name}__as_shown", "no"


def hand_over(leader: Answerer, holder: str, section: str) -> str:
    """Give a colleague a section; the address of their link."""
    page = leader.visitor.open("/besvar/kolleger")
    page = leader.visitor.press(page, page.form_with("holder"), {"holder": holder, "sections": section})
    (link,) = page.tree.xpath("//*[@id='link']/text()")
    return str(link).strip().removeprefix("http://127.0.0.1:8000")


def kept(served: Served, unit: str = SAMSOE, record: str = "") -> dict[str, Any]:
    return dict(current(served.store, *served.wave, unit, record).response.answers)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_municipality_answers_with_a_colleague_submits_corrects_and_is_too_late(
    language: Language, tmp_path: Path
) -> None:
    answers = told("no_network_placements")["answers"] | {"b4_cases_m3": 0, "b8_considered": 0, "b8_considered_of": 0}
    with opened(tmp_path) as served:
        served.change(approval="leader")
        leader = Answerer(served.visitor(SAMSOE), language)
        leader.open(f"?lang={language}")
        assert leader.say("web.hub.state.not_begun") in leader.open().words
        leader.answer_all(answers, but=("figures",))

        colleague = Answerer(served.come_in(hand_over(leader, "Per Bo", "figures"), "Per Bo"), language)
        colleague.open(f"?lang={language}")
        page = colleague.answer("figures", answers)
        assert (page.status, page.url.endswith("/besvar")) == (200, True)
        assert current(served.store, *WAVE, SAMSOE).by_field["f1_placed"].by == "Per Bo"
        assert colleague.say("web.hub.leader_submits") in page.words

        _rule_across_sections(leader, colleague)
        receipt = leader.submit()
        assert receipt.url.endswith("/kvittering"), receipt.words
        first = _receipt_says(served, leader, receipt, tmp_path)

        page = leader.press(receipt, "/genaabn")
        leader.answer("closing", {"h1_quality": "2"})
        receipt = leader.submit()
        newest = versions(served.store, *WAVE, SAMSOE)[-1]
        assert [one.answers["h1_quality"] for one in versions(served.store, *WAVE, SAMSOE)] == ["1", "2"]
        for sha256 in (first, newest.content_sha256):
            assert sha256 in receipt.words

        served.clock.now = dt.datetime(2018, 3, 31, 21, 50, tzinfo=dt.UTC)
        late = Answerer(served.visitor(SAMSOE), language)
        late.open(f"?lang={language}")
        old = late.open("/closing")
        served.clock.now = dt.datetime(2018, 3, 31, 22, 10, tzinfo=dt.UTC)
        assert not [one for one in late.visitor.open("/kvittering").forms if one.action.endswith("/genaabn")]
        page = late.visitor.press(old, old.form_with("base_version"), {"h1_quality": "3"}, ("action", "next"))
        assert page.status == 403
        assert late.say("site.refused.wave_closed.message") in page.words
        assert kept(served)["h1_quality"] == "2"


def _rule_across_sections(leader: Answerer, colleague: Answerer) -> None:
    """The leader's answer raises a doubt beside a field that the colleague has, who then gives the reason."""
    rule = "cases_when_embedded_m3"
    assert f"{rule}__reason" not in colleague.open("/figures").text
    leader.answer("adoption", {"b1_stage_m3": "5"})
    page = leader.open("/tjek")
    assert leader.say("web.check.doubts") in page.words
    assert leader.say("web.check.holder", holder="Per Bo") in page.words
    assert leader.submit().status == 422
    page = colleague.open("/figures")
    assert f"{rule}__reason" in page.form_with("base_version").names
    colleague.answer("figures", {}, {f"{rule}__reason": "Ingen familie har ønsket det"})
    page = colleague.open("/tjek")
    assert not [button for form in page.forms for button in form.buttons if button[:2] == ("action", "submit")]
    assert colleague.say("web.check.leader") in page.words
    assert "Ingen familie har ønsket det" in leader.open("/tjek").words


def _receipt_says(served: Served, leader: Answerer, receipt: Seen, folder: Path) -> str:
    """The receipt and its three files name time and checksum alike, and the JSON can be verified; the checksum."""
    (version,) = versions(served.store, *WAVE, SAMSOE)
    moment = "5. februar 2018 kl. 13.30" if leader.language == "da" else "5 February 2018"
    paths = {urlsplit(path).path.rsplit(".", 1)[1]: path for path in receipt.links.values() if "/kvittering." in path}
    assert set(paths) == {"pdf", "json", "xlsx"}
    (folder / "receipt.pdf").write_bytes(leader.fetch(paths["pdf"]))
    sheets = zipfile.ZipFile(BytesIO(leader.fetch(paths["xlsx"])))
    shown = {
        "page": receipt.words,
        "pdf": pdf_words(folder / "receipt.pdf"),
        "xlsx": "".join(sheets.read(name).decode() for name in sheets.namelist() if name.endswith(".xml")),
    }
    for where, words in shown.items():
        plain = "".join(words.split())
        assert version.content_sha256 in plain, where
        assert "".join(moment.split()) in plain, where
    content = leader.fetch(paths["json"])
    (folder / "receipt.json").write_bytes(content)
    assert json.loads(content)["content_sha256"] == version.content_sha256
    assert main(["verify", str(folder / "receipt.json"), "--store", str(folder / "answers.db")]) == 0
    return version.content_sha256


@pytest.mark.parametrize("name", REGISTER)
def test_a_small_municipality_answers_truly_with_no_stop_and_two_reasons_at_most(name: str, tmp_path: Path) -> None:
    case = told(name)
    unit = case["unit"]
    with opened(tmp_path, figures={unit: REGISTER[name]}) as served:
        leader = Answerer(served.visitor(unit))
        leader.answer_all(case["answers"])
        page = leader.open("/tjek")
        assert not page.tree.xpath("//*[contains(@class, 'notice') and contains(@class, 'stop')]")
        reasons = [one for one in page.form_with("base_version").names if one.endswith("__reason")]
        assert len(reasons) <= 2
        page = leader.submit(dict.fromkeys(reasons, "Sådan var det"))
        assert page.url.endswith("/kvittering"), page.words
        given = {field for field, value in case["answers"].items() if value != ""}
        assert given <= set(kept(served, unit))


def test_a_session_that_times_out_in_the_middle_of_a_section_loses_nothing(tmp_path: Path) -> None:
    answers = {"f1_placed": "12", "f2_foster": "9", "h4_text": ""}
    with opened(tmp_path) as served:
        link = served.link(SAMSOE)
        leader = Answerer(served.come_in(link))
        page = leader.open("/figures")
        served.clock.pass_by(hours=3)
        filled = dict(typed(page.form_with("base_version"), answers))
        page = leader.visitor.press(page, page.form_with("base_version"), filled, ("action", "save"))
        assert page.status == 401
        other_tab = leader.visitor.open(link)
        leader.visitor.press(other_tab, other_tab.form_with("person"), {"person": "Lene Holm"})
        for status in (403, 200):
            page = leader.visitor.press(page, page.form_with("base_version"), {})
            assert page.status == status, page.words
        assert (kept(served)["f1_placed"], kept(served)["f2_foster"]) == (12, 9)


def test_a_meeting_is_registered_and_what_followed_is_added_later(tmp_path: Path) -> None:
    first = {"record_year": "2018", "quarter": "1", "method": "m1", "held": "1", "child_present": "1", "n_actions": "5"}
    with opened(tmp_path, ("network_meeting", "1")) as served:
        visitor = served.visitor(SAMSOE)
        page = visitor.open("/besvar")
        page = visitor.press(page, page.form_with("record"), {"record": "18-001"})
        assert page.url.endswith("/besvar/post/18-001")
        meeting = Answerer(visitor, base="/besvar/post/18-001")
        meeting.answer_all(first)
        page = meeting.submit()
        assert page.url.endswith("/kvittering/18-001"), page.words
        assert "18-001" in visitor.open("/besvar").words

        served.clock.now = dt.datetime(2018, 3, 30, 8, tzinfo=dt.UTC)
        visitor = served.visitor(SAMSOE)
        meeting = replace(meeting, visitor=visitor)
        meeting.press(visitor.open("/kvittering/18-001"), "/genaabn")
        meeting.answer("followup", {"followup_held": "1", "actions_kept": "1"})
        assert meeting.submit().url.endswith("/kvittering/18-001")
        sent = versions(served.store, *served.wave, SAMSOE, "18-001")
        assert [one.answers.get("followup_held") for one in sent] == [None, "1"]
