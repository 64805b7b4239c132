"""One visit of a browser to the served form, and what a page in one state is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from evaltools.language import Language
from served_stage import Stage


@dataclass
class Scene:
    """A browser before the stage, in one language."""

    stage: Stage
    page: Page
    language: Language

    def open(self, path: str) -> None:
        self.page.goto(self.stage.address + path)

    def open_without_script(self, path: str) -> None:
        """The page of an address, on which nothing is saved by itself; the next page has its script again."""
        self.page.route("**/form.js", lambda route: route.abort(), times=1)
        self.open(path)

    def press(self, button: str) -> None:
        """Press the last button that a CSS selector names, and wait for the page that comes of it."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(button).last.click()

    def come_in(self, unit: str, **how: Any) -> None:
        self.stage.come_in(self.page, unit, **how)


Go = Callable[[Scene], None]


@contextmanager
def without_script(page: Page) -> Iterator[None]:
    """In the `with` block the browser runs no script of any page; after it a test can look at the page it came to."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        session.send("Emulation.setScriptExecutionDisabled", {"value": False})
        session.detach()
        page.unroute_all()


@dataclass(frozen=True)
class State:
    """One page in one state.

    passes: the routes on the way there. is_error: the title of the page begins with that word. status: that it comes with.
    """

    name: str
    passes: tuple[str, ...]
    go: Go
    is_error: bool = False
    status: int = 200


def at(path: str, unit: str = "", **how: Any) -> Go:
    """Open an address; with a unit, as somebody who answers for it."""

    def go(scene: Scene) -> None:
        if unit:
            scene.come_in(unit, **how)
        scene.open(path)

    return go
