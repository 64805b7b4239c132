"""What tests look for on a page in a browser: what axe says, where each control is drawn, and what hangs over the edge."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""WCAG 2.0 to 2.2, A and AA, and best practice; no rule is skipped."""

LEAST = 24
"""Width and height of a control in CSS pixels (WCAG 2.2, 2.5.8)."""

_CONTROLS = """() => {
  const shown = element => element.checkVisibility({ visibilityProperty: true }) && !element.classList.contains('vh');
  const all = [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, .sections a, .ways a, .foot li a, .answers a')];
  return all.filter(shown).map(element => {
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const label = hit && hit.closest('label');
    return {
      name: element.id || element.name || element.textContent.trim(),
      box: [box.left + scrollX, box.top + scrollY, box.width, box.height],
      inside: box.left >= 0 && box.right <= document.documentElement.clientWidth + 0.5,
      hit: hit === element || element.contains(hit) || Boolean(label && label.control === element),
    };
  });
}"""

_WIDE = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const over = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility()
    && !element.closest('.vh, .skip, .scroll') && element.getBoundingClientRect().right > edge);
  return over.slice(0, 5).map(element => `${element.tagName} ${element.className} ${element.id}`);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds, one line per rule and place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def misdrawn(page: Page) -> list[str]:
    """What is wrong with where and how large the controls of a page are drawn."""
    controls: list[dict[str, Any]] = page.evaluate(_CONTROLS)
    return [*_small(controls), *_overlapping(controls), *(f"over the edge: {one}" for one in page.evaluate(_WIDE))]


def _small(controls: list[dict[str, Any]]) -> Iterator[str]:
    for one in controls:
        if min(one["box"][2:]) < LEAST - 0.01:
            yield f"{one['name']} is {one['box'][2]:.0f} x {one['box'][3]:.0f} px"
        if not one["inside"]:
            yield f"{one['name']} is drawn outside the window"
        if not one["hit"]:
            yield f"{one['name']} is not hit where it is drawn"


def _overlapping(controls: list[dict[str, Any]]) -> Iterator[str]:
    for place, one in enumerate(controls):
        for other in controls[place + 1 :]:
            if _overlap(one["box"], other["box"]):
                yield f"{one['name']} and {other['name']} lie on one spot"


def _overlap(one: list[float], other: list[float]) -> bool:
    return all(
        min(one[axis] + one[axis + 2], other[axis] + other[axis + 2]) - max(one[axis], other[axis]) > 1
        for axis in (0, 1)
    )


@contextmanager
def serving(pages: Mapping[str, str]) -> Iterator[Callable[[str], str]]:
    """A small server on this machine with the pages and what stands in `static`; gives the address of each page."""
    static = resources.files("evaltools.web") / "static"

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].removeprefix("/")
            name = path.rpartition("/")[2] if path.startswith("static/") else path
            file = static / name
            if path in pages:
                self._answer(200, "text/html; charset=utf-8", pages[path].encode())
            elif path != name and file.is_file():
                kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
                self._answer(200, kinds[name.rpartition(".")[2]], file.read_bytes())
            else:
                self._answer(404, "text/plain", b"")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests say what they see."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield lambda name: f"http://127.0.0.1:{server.server_port}/{name}"
    finally:
        server.shutdown()
        server.server_close()
