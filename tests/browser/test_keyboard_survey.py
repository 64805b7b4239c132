"""From the link to the receipt with the keyboard alone, with and without the script of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from evaltools.collect import read_answers
from evaltools.store import current, versions
from keyboard_visitor import KeyboardVisitor
from served_stage import MUNICIPAL, UNTOUCHED_UNITS, Stage, review_answers, survey

SHORTEST = "nothing_placed"
LONGER = ("no_network_placements", "all_placements_ended")
MOST_REASONS = 2
UNTOUCHED = iter(UNTOUCHED_UNITS)
"""Municipalities for which nobody has answered; each test takes one."""


@contextmanager
def tab_of(browser: Browser, *, script: bool) -> Iterator[Page]:
    """A tab of a browser as it is, which complains of whatever the pages forbid or fail at."""
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [one for one in complaints if "status of 4" not in one] == []


def come_in(here: Stage, visitor: KeyboardVisitor, unit: str) -> None:
    """From the link to the first section."""
    visitor.page.goto(here.address + here.served.link(unit, holder="Lene Olsen"))
    visitor.go_to("BUTTON")
    visitor.enter()
    visitor.go_to("A", words="Begynd")
    visitor.enter()


def answer_survey(here: Stage, visitor: KeyboardVisitor, unit: str) -> int:
    """From the link to the receipt; how many pages were answered."""
    come_in(here, visitor, unit)
    pages = 0
    while not visitor.page.url.endswith("/tjek"):
        visitor.answer_page()
        pages += 1
        assert pages < 40, visitor.page.url
    assert visitor.page.locator(".notice.stop").count() == 0
    visitor.go_to("BUTTON", value="submit")
    visitor.enter()
    assert visitor.page.url.endswith("/kvittering"), visitor.page.url
    return pages


@pytest.mark.proof
@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])
@pytest.mark.parametrize("name", [SHORTEST, *LONGER])
def test_the_whole_survey_by_keyboard_without_a_stop_and_with_at_most_two_reasons(
    here: Stage, browser: Browser, name: str, script: bool
) -> None:
    answers, unit = review_answers(name), next(UNTOUCHED)
    with tab_of(browser, script=script) as page:
        visitor = KeyboardVisitor(page, answers)
        pages = answer_survey(here, visitor, unit)
    kept = current(here.store, *MUNICIPAL, unit).response.answers
    print(  # noqa: T201  the figures of the proof
        f"{name}, {'with' if script else 'without'} script: {pages} pages, {visitor.pressed} keys, {len(kept)} answers, "
        f"{len(visitor.reasons)} reasons, {len(visitor.noticed)} findings"
    )
    assert visitor.noticed == []
    assert len(visitor.reasons) <= MOST_REASONS
    given = {name: value for name, value in answers.items() if value != ""}
    meant = read_answers(survey(MUNICIPAL), given, "da").changes
    assert {name: kept.get(name) for name in meant} == meant
    assert len(versions(here.store, *MUNICIPAL, unit)) == 1


@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])
def test_a_page_by_keyboard_and_a_mistake_that_takes_the_focus(here: Stage, browser: Browser, script: bool) -> None:
    unit = next(UNTOUCHED)
    with tab_of(browser, script=script) as page:
        visitor = KeyboardVisitor(page, review_answers(SHORTEST) | {"f1_placed": "ca. 40"})
        come_in(here, visitor, unit)
        page.goto(f"{here.address}/besvar/figures")
        visitor.answer_page()
        assert visitor.here()["id"] == "summary"
        assert page.title().startswith("Fejl:")
        visitor.go_to("A", words="9.3 Anbragte børn")
        assert visitor.press("Enter")["id"] == "f1_placed"
        page.keyboard.press("Control+A")
        page.keyboard.type("0")
        visitor.answer_page()
        while not page.url.endswith("/kinship"):
            assert len(visitor.reasons) <= MOST_REASONS
            visitor.answer_page()
    assert visitor.noticed == []
    assert current(here.store, *MUNICIPAL, unit).response.answers["f1_placed"] == 0
