"""A person who answers with the keyboard alone: tab, space, arrows and enter; and what they notice on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from evaltools.schema.model import REASON_SUFFIX

_STOP = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    tag: one.tagName, kind: one.type || '', name: one.name || '', id: one.id, value: one.value ?? '', checked: !!one.checked,
    words: one.textContent.trim(), ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    top: box.top + scrollY, left: box.left, seen: box.bottom > 0 && box.top < innerHeight, inside: !!one.closest('main'),
  };
}"""
_WHY = "Det er rigtigt. Vi er en lille kommune."
_MOST_STOPS = 400
_SMALLEST_RING = 3


@dataclass
class KeyboardVisitor:
    """Answers page by page. noticed: a focus that could not be seen, or an order that jumps. reasons: those asked for."""

    page: Page
    answers: Mapping[str, Any]
    noticed: list[str] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)
    pressed: int = 0

    def here(self) -> dict[str, Any]:
        """The control that has the focus."""
        found: dict[str, Any] = self.page.evaluate(_STOP)
        return found

    def press(self, key: str) -> dict[str, Any]:
        self.page.keyboard.press(key)
        self.pressed += 1
        return self.here()

    def go_to(self, tag: str, **wanted: str) -> None:
        """Tab to the first control of a kind with these properties, looking at each on the way."""
        self._walk(lambda stop: stop["tag"] == tag and all(stop[name] == value for name, value in wanted.items()))

    def enter(self) -> None:
        """Press enter where one stands, and wait for the page that comes of it."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.pressed += 1

    def answer_page(self) -> None:
        """Answer what is asked on a page, and go on."""
        self._walk(self._answered_until_the_end)
        self.enter()

    def _answered_until_the_end(self, stop: dict[str, Any]) -> bool:
        if (stop["tag"], stop["name"], stop["value"]) == ("BUTTON", "action", "next"):
            return True
        if stop["kind"] == "radio":
            self._choose(stop)
        elif stop["kind"] == "checkbox":
            self._tick(stop)
        elif stop["tag"] in ("INPUT", "TEXTAREA"):
            self._write(stop)
        elif stop["tag"] == "SELECT":
            self.page.keyboard.type(str(self.answers.get(stop["name"], "")))
        return False

    def _walk(self, arrived: Any) -> None:
        before: dict[str, Any] = {}
        for _ in range(_MOST_STOPS):
            stop = self.press("Tab")
            self._look(before, stop)
            if stop["inside"] and arrived(stop):
                return
            before = self.here() | {"left": stop["left"]}
        raise AssertionError(f"{self.page.url} does not come to an end: {before}")

    def _look(self, before: Mapping[str, Any], stop: Mapping[str, Any]) -> None:
        what = f"{self.page.url.rpartition('/')[2]} {stop['tag']} {stop['id'] or stop['name'] or stop['words']}"
        if stop["tag"] == "BODY":
            return
        if stop["ring"] < _SMALLEST_RING or not stop["seen"]:
            self.noticed.append(f"the focus is not seen: {what}")
        if (
            before.get("inside")
            and stop["inside"]
            and stop["top"] < before["top"] - 8
            and stop["left"] <= before["left"]
        ):
            self.noticed.append(f"the focus jumps back: {what}")

    def _choose(self, stop: dict[str, Any]) -> None:
        wanted = self._wanted(stop["name"])
        if wanted is None:
            return
        if not stop["checked"]:
            stop = self.press("Space")
        for _ in range(30):
            if stop["value"] == wanted:
                return
            stop = self.press("ArrowDown")
        raise AssertionError(f"{stop['name']} has no choice {wanted}")

    def _wanted(self, name: str) -> str | None:
        if name.endswith("__as_shown"):
            return "no"
        given = self.answers.get(name)
        if isinstance(given, Mapping):
            return f"missing:{given['missing']}"
        return None if given in (None, "") else str(given)

    def _tick(self, stop: Mapping[str, Any]) -> None:
        name = stop["name"]
        given = self.answers.get(name.removesuffix("__missing"))
        missing = given["missing"] if isinstance(given, Mapping) else None
        values = [missing] if name.endswith("__missing") else given if isinstance(given, list) else []
        if (stop["value"] in values) != stop["checked"]:
            self.press("Space")

    def _write(self, stop: Mapping[str, Any]) -> None:
        is_reason = stop["name"].endswith(REASON_SUFFIX)
        if is_reason:
            self.reasons.add(stop["name"])
        given = _WHY if is_reason else self.answers.get(stop["name"], "")
        if not isinstance(given, Mapping) and not stop["value"]:
            self.page.keyboard.type(str(given))
