"""The whole served form in a browser: every route, page and state, with axe, drawn where it can be hit, in both languages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, Response

from evaltools.language import Language
from evaltools.language.text import LANGUAGES
from page_looking import misdrawn, violations
from page_reacting import REACTS
from served_scene import Scene, State, without_script
from served_stage import Stage
from served_states import FILES, STATES, routes_of, unlisted

WIDTHS = (1280, 375, 320)
ENLARGED = (1280, 375)
SEED = 2018
SAMPLED = 10
ERROR = {"da": "Fejl:", "en": "Error:"}

_REPEATED_IDS = """() => { const all = [...document.querySelectorAll('[id]')].map(one => one.id);
  return all.filter((one, place) => all.indexOf(one) !== place); }"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab in which axe may be put beside a page that forbids foreign code."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def found_in(stage: Stage, tab: Page, state: State, language: Language, widths: tuple[int, ...]) -> list[str]:
    """What is wrong with a page in one state, at each width; where it has a script, for whoever runs none as well."""
    scene = Scene(stage, tab, language)
    found = _on_arrival(scene, state)
    has_script = tab.locator("script").count() > 0
    if has_script and not tab.evaluate(REACTS):
        found.append("its script has not run")
    found += _looked_at(tab, widths)
    if has_script:
        with without_script(tab):
            arrived = _on_arrival(scene, state)
        if tab.evaluate(REACTS):
            arrived.append("its script has run")
        found += [f"without script: {one}" for one in (*arrived, *_looked_at(tab, widths))]
    return [f"{language} {state.name} {one}" for one in found]


def _on_arrival(scene: Scene, state: State) -> list[str]:
    """Come to a page in its state; what is wrong with its status and its title."""
    statuses: list[int] = []

    def note(response: Response) -> None:
        if response.request.is_navigation_request():
            statuses.append(response.status)

    tab = scene.page
    tab.on("response", note)
    scene.stage.speak(tab, scene.language)
    tab.set_viewport_size({"width": WIDTHS[0], "height": 900})
    state.go(scene)
    tab.remove_listener("response", note)
    found = [] if statuses[-1] == state.status else [f"the status is {statuses[-1]}"]
    if tab.title().startswith(ERROR[scene.language]) != state.is_error:
        found.append(f"the title is {tab.title()}")
    return found


def _looked_at(tab: Page, widths: tuple[int, ...]) -> list[str]:
    found = [f"id {one} is there twice" for one in tab.evaluate(_REPEATED_IDS)]
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {one}" for one in (*violations(tab), *_misdrawn(tab))]
    for width in set(widths) & set(ENLARGED):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.evaluate("document.documentElement.style.fontSize = '200%'")
        found += [f"{width}, twice as large: {one}" for one in _misdrawn(tab)]
        tab.evaluate("document.documentElement.style.fontSize = ''")
    return found


def _misdrawn(tab: Page) -> list[str]:
    over = tab.evaluate(_TOO_WIDE)
    return [*misdrawn(tab), *([f"the page is {over} px wider than the window"] if over > 0 else [])]


def sample() -> list[tuple[State, Language, int]]:
    """States of the list, drawn by a seed; each in one language at one width."""
    chance = random.Random(SEED)
    return [(one, chance.choice(LANGUAGES), chance.choice(WIDTHS)) for one in chance.sample(STATES, SAMPLED)]


def test_every_route_of_the_application_is_on_the_list(here: Stage) -> None:
    routes = routes_of(here.served.app)
    assert unlisted(routes) == set()
    listed = {*FILES, *(route for state in STATES for route in state.passes)}
    assert listed - routes == set()


def test_a_route_that_is_not_on_the_list_is_noticed(here: Stage) -> None:
    assert unlisted(frozenset({*routes_of(here.served.app), "GET /besvar/ny-side"})) == {"GET /besvar/ny-side"}


@pytest.mark.parametrize(("state", "language", "width"), [pytest.param(*one, id=one[0].name) for one in sample()])
def test_a_page_of_the_sample_is_whole(here: Stage, tab: Page, state: State, language: Language, width: int) -> None:
    assert found_in(here, tab, state, language, (width,)) == []


@pytest.mark.proof
def test_every_page_and_state_is_whole_in_both_languages_and_at_all_widths(here: Stage, tab: Page) -> None:
    found: list[str] = []
    for language, state in product(LANGUAGES, STATES):
        found += found_in(here, tab, state, language, WIDTHS)
    passed = {route for state in STATES for route in state.passes}
    looked = len(STATES) * len(LANGUAGES) * len(WIDTHS)
    print(  # noqa: T201  the figures of the proof
        f"{len(STATES)} pages and states x {len(LANGUAGES)} languages x {len(WIDTHS)} widths = {looked} looked at, "
        f"and {len(STATES) * len(LANGUAGES) * len(ENLARGED)} with twice as large text: {len(found)} findings; "
        f"{len(passed)} routes, {len(passed - here.visited)} of them not asked for"
    )
    assert not found, "\n".join(found)
    assert passed - here.visited == set()
