"""Two people in two browsers at one response: both answers are shown, one is chosen, and nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from evaltools.store import NewGrant, Store, Unit, current, make_grant, open_store, open_wave, versions
from evaltools.store.handle import reading
from served_form import served
from tiny_survey import FIELDWORK, WHEN, tiny, write_tiny

WAVE = ("tiny", "2018")
PEOPLE = ("Lene Holm", "Per Bo")
SOON = 15_000
"""Milliseconds within which a page has saved by itself."""


@dataclass(frozen=True)
class Town:
    """A unit of its own for one test, with the links of two people."""

    code: str
    links: tuple[str, str]


@dataclass
class Office:
    """A served store, and units that nobody has answered for yet."""

    url: str
    store: Store
    towns: Iterator[Town]

    def answer(self, town: Town, name: str) -> object:
        return current(self.store, *WAVE, town.code).response.answers.get(name)

    def logged(self, town: Town, name: str) -> list[tuple[str, str]]:
        """Every value that a field ever had, with who wrote it."""
        with reading(self.store) as connection:
            rows = connection.exec_driver_sql(
                "SELECT actors.name, event_values.value FROM events JOIN event_values USING (unit, seq)"
                " JOIN actors ON actors.pseudonym = events.actor WHERE unit = ? AND events.field = ? ORDER BY seq",
                (town.code, name),
            ).all()
        return [(row.name, row.value) for row in rows]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("two")
    write_tiny(root)
    codes = [f"{number:04d}" for number in range(101, 111)]
    path = root / "answers.db"
    with open_store(path, create=True) as store:
        units = [Unit(code, f"Kommune {code}", {}) for code in codes]
        open_wave(store, tiny(root), units, origin="collected", at=WHEN, fieldwork=FIELDWORK)
        towns = [Town(code, _links(store, code)) for code in codes]
    with served(path) as server, open_store(path) as store:
        yield Office(server.url, store, iter(towns))


def _links(store: Store, unit: str) -> tuple[str, str]:
    tokens = [make_grant(store, NewGrant(*WAVE, unit, "leader", holder), at=WHEN)[1] for holder in PEOPLE]
    return f"/s/{tokens[0]}", f"/s/{tokens[1]}"


@contextmanager
def _two(browser: Browser, office: Office) -> Iterator[tuple[Town, Page, Page]]:
    """Both have come in, each in a browser session of their own, and have the same page open."""
    town = next(office.towns)
    contexts = [browser.new_context(base_url=office.url) for _ in PEOPLE]
    pages = [context.new_page() for context in contexts]
    for page, link in zip(pages, town.links, strict=True):
        page.goto(link)
        page.locator("main form button").click()
        page.goto("/besvar/main")
        expect(page.locator("#placed")).to_be_visible()
    try:
        yield town, pages[0], pages[1]
    finally:
        for context in contexts:
            context.close()


def _save(page: Page) -> None:
    page.locator(".buttons button[value=save]").click()


def _await_status(page: Page, words: str) -> None:
    expect(page.locator("[data-status]")).to_contain_text(words, timeout=SOON)


@pytest.mark.parametrize(("choice", "kept"), [("mine", 50), ("theirs", 40)])
def test_both_answers_to_one_question_are_shown_with_who_and_when_and_one_is_chosen(
    browser: Browser, office: Office, choice: str, kept: int
) -> None:
    with _two(browser, office) as (town, lene, per):
        lene.fill("#placed", "40")
        _await_status(lene, "Gemt kl.")
        per.fill("#placed", "50")
        _await_status(per, "Ikke gemt")
        _save(per)
        choosing = per.locator(".choosing")
        expect(choosing).to_contain_text("50")
        expect(choosing).to_contain_text(re.compile(r"Lene Holm.* kl\. \d"))
        expect(choosing).to_contain_text("40")
        per.locator(f".choosing input[value={choice}]").check()
        per.locator(".buttons button").click()
        expect(per.locator("#placed")).to_have_value(str(kept))
        assert office.answer(town, "placed") == kept
        logged = [("Lene Holm", "40"), ("Per Bo", "50")]
        assert office.logged(town, "placed") == (logged if choice == "mine" else logged[:1])


def test_answers_to_different_questions_are_both_kept_whether_pages_save_by_themselves_or_not(
    browser: Browser, office: Office
) -> None:
    with _two(browser, office) as (town, lene, per):
        lene.fill("#placed", "40")
        _save(lene)
        expect(lene.locator("#placed")).to_have_value("40")
        per.fill("#remark", "Ingen")
        _await_status(per, "Lene Holm har ændret")
        per.fill("#remark", "Ingen endnu")
        with per.expect_response(lambda answer: answer.request.method == "POST"):
            pass
        assert office.answer(town, "placed") == 40
        _save(per)
        expect(per.locator("#placed")).to_have_value("40")
        expect(per.locator("#remark")).to_have_value("Ingen endnu")
        assert (office.answer(town, "placed"), office.answer(town, "remark")) == (40, "Ingen endnu")


def test_a_number_and_the_part_of_it_are_chosen_as_one(browser: Browser, office: Office) -> None:
    with _two(browser, office) as (town, lene, per):
        lene.fill("#placed", "40")
        lene.fill("#network", "30")
        _save(lene)
        expect(lene.locator("#network")).to_have_value("30")
        per.fill("#network", "9")
        _await_status(per, "Ikke gemt")
        _save(per)
        expect(per.locator(".choosing")).to_have_count(1)
        expect(per.locator(".choosing")).to_contain_text("30")
        per.locator(".choosing input[value=theirs]").check()
        per.locator(".buttons button").click()
        expect(per.locator("#network")).to_have_value("30")
        assert (office.answer(town, "placed"), office.answer(town, "network")) == (40, 30)


def test_a_double_click_sends_once(browser: Browser, office: Office) -> None:
    with _two(browser, office) as (town, lene, _):
        lene.fill("#placed", "40")
        _save(lene)
        expect(lene.locator("#placed")).to_have_value("40")
        lene.goto("/besvar/tjek")
        lene.locator("button[value=submit]").dblclick()
        expect(lene).to_have_url(re.compile("/kvittering$"))  # not a wait: the second click breaks off the first
        assert len(versions(office.store, *WAVE, town.code)) == 1
