"""The pages of the form as a browser draws them: nothing for axe to find, and every control where it can be hit."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from importlib import resources
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from evaltools.language.text import LANGUAGES
from page_gallery import gallery
from page_looking import misdrawn, serving, violations

SAMPLE = (
    "user_of_three-adoption", "user_of_three-reasons", "figures-mistakes", "use-full", "figures-added", "figures-locked",
    "hub-begun", "check-refused", "receipt-draft", "conflict", "privacy",
)  # fmt: skip
"""One page of each kind, in the state that shows most of it."""
WIDTHS = (1280, 375, 320)


_NAMED = """const named = element => element.type === 'radio' ? 'radio ' + element.name
  : element.id || (element.name || element.href || '') + ' ' + element.textContent.trim() + (element.value || '');"""
STOPS = f"""() => {{ {_NAMED}
  const all = document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select, main textarea');
  return [...all].filter(one => one.checkVisibility({{ visibilityProperty: true }}) && !one.disabled && one.tabIndex >= 0).map(named);
}}"""
"""Where the tab key should stop in the content of a page: a group of radio buttons is one stop."""
STOP = f"""() => {{ {_NAMED}
  const style = getComputedStyle(document.activeElement);
  return [named(document.activeElement), style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)];
}}"""
"""Where it has stopped, and how broad the ring around it is."""


@pytest.fixture(scope="module")
def at() -> Iterator[Callable[[str, str], str]]:
    """The address of a page of the gallery, by language and name."""
    pages = {f"{language}/{name}": page for language in LANGUAGES for name, page in gallery(language).items()}
    with serving(pages) as address:
        yield lambda language, name: address(f"{language}/{name}")


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab in which axe may be put beside a page that forbids foreign code."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", SAMPLE)
def test_axe_finds_nothing_and_every_control_can_be_hit(tab: Page, at: Callable[[str, str], str], name: str) -> None:
    width = WIDTHS[SAMPLE.index(name) % len(WIDTHS)]
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(at("da", name))
    assert [*violations(tab), *misdrawn(tab)] == []


@pytest.mark.parametrize("name", ["user_of_three-adoption", "figures-mistakes", "hub-begun"])
@pytest.mark.parametrize("width", [1280, 375])
def test_twice_as_large_text_still_fits(tab: Page, at: Callable[[str, str], str], name: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(at("da", name))
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert misdrawn(tab) == []


@pytest.mark.parametrize("name", ["use-full", "hub-begun", "check-refused", "conflict"])
def test_the_tab_key_reaches_every_control_and_shows_where_it_is(
    tab: Page, at: Callable[[str, str], str], name: str
) -> None:
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(at("da", name))
    wanted = set(tab.evaluate(STOPS))
    tab.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    reached: dict[str, float] = {}
    for _ in range(2 * len(wanted) + 10):
        tab.keyboard.press("Tab")
        stop, outline = tab.evaluate(STOP)
        reached[stop] = outline
    assert wanted - set(reached) == set()
    assert {stop for stop in wanted if reached[stop] < 3} == set()


def test_the_first_visit_weighs_at_most_60_kb(at: Callable[[str, str], str]) -> None:
    static = resources.files("evaltools.web") / "static"
    around = sum(len(gzip.compress(file.read_bytes())) for file in static.iterdir())
    heaviest = max(len(gzip.compress(page.encode())) for page in gallery("da").values())
    assert around + heaviest <= 60_000


FAULTS = {
    "a button that lies on another": "document.querySelectorAll('.matrix .choice').forEach(e => { e.style.position = 'absolute'; e.style.left = '0'; e.style.top = '0'; })",
    "a box that is too small": "document.querySelector('input[type=text], input[type=radio]').style.cssText = 'width: 12px; height: 12px; min-height: 0'",
    "a label that is gone": "document.querySelectorAll('label').forEach(e => e.remove())",
    "text that is too pale": "document.querySelector('h1').style.color = '#ccc'",
    "a page that is too wide": "document.querySelector('h1').style.width = '3000px'",
    "something that covers a control": "document.querySelector('.choice').insertAdjacentHTML('beforebegin', '<div id=cover></div>'); document.getElementById('cover').style.cssText = 'position: fixed; inset: 0; background: #fff; z-index: 9'",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(tab: Page, at: Callable[[str, str], str], fault: str) -> None:
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(at("da", "user_of_three-adoption"))
    tab.evaluate(FAULTS[fault])
    assert [*violations(tab), *misdrawn(tab)] != []


@pytest.mark.proof
def test_every_page_and_state_in_both_languages_and_all_widths(tab: Page, at: Callable[[str, str], str]) -> None:
    found, looked = [], 0
    for language, width in product(LANGUAGES, WIDTHS):
        tab.set_viewport_size({"width": width, "height": 900})
        for name in gallery(language):
            tab.goto(at(language, name))
            found += [f"{language} {name} {width}: {one}" for one in (*violations(tab), *misdrawn(tab))]
            looked += 1
    print(f"{looked} pages looked at, {len(found)} findings")  # noqa: T201
    assert found == []
