"""The script in a real page: what it shows and hides, and that it says "saved" only when the server has said so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect

from evaltools.schema import read_survey
from evaltools.web.form import render, section_page
from evaltools.web.static import address, script
from page_values import SURVEYS, a_desk, a_shell, section_of

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


@dataclass
class Desk:
    """A server of one page. `answers`: what the next saves get (status, seconds to wait), then all go well."""

    html: str = ""
    answers: list[tuple[int, float]] = field(default_factory=list)
    problems: tuple[Mapping[str, str], ...] = ()
    version: int = 7
    saves: list[Mapping[str, list[str]]] = field(default_factory=list)
    posts: list[Mapping[str, list[str]]] = field(default_factory=list)
    address: str = ""

    def answer(self, form: Mapping[str, list[str]], *, by_itself: bool) -> tuple[int, str, str]:
        if not by_itself:
            self.posts.append(form)
            time.sleep(0.3)
            return 200, "text/html", "<title>Modtaget</title><h1>Modtaget</h1>"
        self.saves.append(form)
        status, wait = self.answers.pop(0) if self.answers else (200, 0)
        time.sleep(wait)
        self.version += status == 200
        return status, "application/json", json.dumps(
            {"version": self.version, "at": "10.31", "problems": self.problems} if status == 200 else {"status": status}
        )  # fmt: skip


@pytest.fixture
def desk() -> Iterator[Desk]:
    served = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            static = {address("form.js"): ("text/javascript", script()), address("style.css"): ("text/css", _style())}
            self._send(200, *static.get(self.path, ("text/html", served.html)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = parse_qs(body, keep_blank_values=True)
            self._send(*served.answer(form, by_itself=self.headers.get("X-Autosave") == "1"))

        def _send(self, status: int, kind: str, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_address[1]}/besvar"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()


def _style() -> str:
    return resources.files("evaltools.web").joinpath("static", "style.css").read_text("utf-8")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if "Content Security" in said.text:
            complaints.append(said.text)

    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", note)
    yield opened
    context.close()
    assert complaints == []


def open_section(
    page: Page, desk: Desk, name: str, answers: Mapping[str, object] | None = None, **options: Any
) -> None:
    around = a_desk(answers, **options)
    section = section_of(around.questionnaire, name)
    desk.html = render(section_page(around, section), a_shell(around.language))
    page.goto(f"{desk.address}/{name}")


def status(page: Page) -> Any:
    return page.locator("[data-status]")


def check(page: Page, name: str, value: str) -> None:
    page.locator(f"label[for='{name}-{value.replace(':', '-')}']").click()


def test_a_question_appears_with_the_answer_that_asks_it_and_goes_away_with_it(page: Page, desk: Desk) -> None:
    open_section(page, desk, "use")
    why, economy = (page.locator(f"[data-shows={name}]") for name in ("why", "economy"))
    expect(why).to_be_hidden()
    check(page, "stage_m1", "3")
    expect(why).to_be_visible()
    expect(why.locator("input[value='2']")).to_be_enabled()
    expect(page.locator("[data-shows=cases_m1]")).to_be_visible()
    expect(page.locator("[data-shows=cases_m2]")).to_be_hidden()
    check(page, "why", "2")
    expect(economy).to_be_visible()
    check(page, "stage_m1", "missing:dont_know")
    expect(why).to_be_hidden()
    expect(economy).to_be_hidden()


def test_an_answer_in_a_branch_that_is_closed_is_not_sent(page: Page, desk: Desk) -> None:
    open_section(page, desk, "use", {"stage_m1": "3", "cases_m1": "12"})
    check(page, "stage_m1", "0")
    page.get_by_role("button", name="Gem", exact=True).last.click()
    page.wait_for_url("**/use")
    expect(page.locator("h1")).to_have_text("Modtaget")
    assert "cases_m1" not in desk.posts[0]
    assert desk.posts[0]["stage_m1"] == ["0"]


def test_what_the_server_shows_at_first_the_script_shows_too(page: Page, desk: Desk) -> None:
    answers = {"stage_m1": "3", "why": ["2"], "asked_month": "3/2018", "held_date": "31.3.2018"}
    open_section(page, desk, "use", answers)
    with_script = page.locator("[data-shows]:visible").evaluate_all("all => all.map((each) => each.dataset.shows)")
    plain = page.context.browser.new_context(java_script_enabled=False) if page.context.browser else None
    assert plain is not None
    without = plain.new_page()
    without.goto(f"{desk.address}/use")
    seen = without.locator("[data-shows]:visible").count()
    plain.close()
    assert len(with_script) == seen


def test_a_computed_value_and_a_sum_follow_what_is_typed(page: Page, desk: Desk) -> None:
    open_section(page, desk, "figures")
    page.locator("#placed").fill("1.200")
    page.locator("#network").fill("401")
    expect(page.locator("output[data-value=share]")).to_have_text("33,4")
    page.locator("#network").fill("ca. 400")
    expect(page.locator("output[data-value=share]")).to_have_text("Endnu ikke regnet ud")


def test_a_running_sum_counts_what_is_typed_so_far(page: Page, desk: Desk) -> None:
    q = read_survey(Path(SURVEYS) / "investment" / "1")
    section = next(each for each in q.sections if "placed" in {item.name for item in each.items})
    open_section(page, desk, section.name, q=q)
    total = page.locator("output[data-value$=__sum]")
    page.locator("#placed_network").fill("1.000")
    expect(total).to_have_text("1.000")
    page.locator("#placed_foster").fill("234")
    expect(total).to_have_text("1.234")


def test_a_number_and_a_kind_of_missing_exclude_one_another(page: Page, desk: Desk) -> None:
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    check(page, "network__missing", "cannot_be_counted")
    expect(page.locator("#network")).to_have_value("")
    page.locator("#network").fill("5")
    expect(page.locator("input[name=network__missing]")).not_to_be_checked()


def test_a_change_is_saved_by_itself_once_and_the_time_is_said(page: Page, desk: Desk) -> None:
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    expect(status(page)).to_have_text("Gemt kl. 10.31")
    expect(page.locator("input[name=base_version]")).to_have_value("8")
    (save,) = desk.saves
    assert (save["network"], save["base_version"], save["action"]) == (["4"], ["7"], ["save"])
    page.locator("#network").press("Tab")
    page.wait_for_timeout(2500)
    assert len(desk.saves) == 1


def test_an_answer_that_cannot_be_kept_is_named(page: Page, desk: Desk) -> None:
    desk.problems = ({"label": "Børn i netværket"},)
    open_section(page, desk, "figures")
    page.locator("#network").fill("ca. 40")
    expect(status(page)).to_have_text("Gemt, men ikke: Børn i netværket")


def test_a_save_that_fails_is_said_and_tried_again_by_itself(page: Page, desk: Desk) -> None:
    desk.answers = [(503, 0), (401, 0)]
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    expect(status(page)).to_contain_text("Ikke gemt")
    expect(status(page)).to_contain_text("logget af", timeout=6000)
    expect(status(page)).to_have_text("Gemt kl. 10.31", timeout=9000)
    assert [save["network"] for save in desk.saves] == [["4"]] * 3


def test_a_conflict_asks_for_the_button_and_no_more_is_saved_until_then(page: Page, desk: Desk) -> None:
    desk.answers = [(409, 0)]
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    expect(status(page)).to_contain_text("en anden har ændret")
    page.locator("#network").fill("5")
    page.wait_for_timeout(2500)
    assert len(desk.saves) == 1
    page.get_by_role("button", name="Gem", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Modtaget")
    assert (desk.posts[0]["network"], desk.posts[0]["base_version"]) == (["5"], ["7"])


def test_a_submission_waits_for_the_save_under_way_so_that_nobody_conflicts_with_themself(
    page: Page, desk: Desk
) -> None:
    desk.answers = [(200, 1.5)]
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    page.locator("#network").press("Tab")
    page.wait_for_timeout(600)
    assert len(desk.saves) == 1
    page.get_by_role("button", name="Gem", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Modtaget")
    assert (desk.posts[0]["base_version"], desk.posts[0]["action"]) == (["8"], ["save"])


def test_two_clicks_send_once(page: Page, desk: Desk) -> None:
    open_section(page, desk, "figures")
    page.get_by_role("button", name="Gem", exact=True).last.dblclick()
    expect(page.locator("h1")).to_have_text("Modtaget")
    page.wait_for_timeout(500)
    assert len(desk.posts) == 1


def test_whoever_leaves_the_page_leaves_the_last_answer_behind(page: Page, desk: Desk) -> None:
    open_section(page, desk, "figures")
    page.locator("#network").fill("4")
    page.goto(f"{desk.address}/use")
    page.wait_for_timeout(500)
    assert [save["network"] for save in desk.saves] == [["4"]]


def test_whoever_leaves_while_nothing_can_be_saved_is_warned(page: Page, desk: Desk) -> None:
    desk.answers = [(503, 0)] * 9
    warned: list[str] = []

    def stay(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    open_section(page, desk, "figures")
    page.locator("#network").press_sequentially("4")
    expect(status(page)).to_contain_text("Ikke gemt")
    page.evaluate("location.href = '/besvar/use'")
    page.wait_for_timeout(500)
    assert warned == ["beforeunload"]
    desk.answers = []
    expect(status(page)).to_have_text("Gemt kl. 10.31", timeout=9000)
