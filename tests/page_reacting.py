"""Whether a page can be used yet, asked in the page itself: without waiting for a test that looks from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

REACTS = """() => {
  const part = document.querySelector('form[data-rules] [data-shows]');
  const control = part && [...part.closest('form').elements].find(one => !one.disabled && one.type !== 'hidden');
  if (!control) return false;
  const shown = part.hidden;
  part.hidden = !shown;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  const mended = part.hidden === shown;
  part.hidden = shown;
  return mended;
}"""
"""Whether the script of a page of questions answers an input: it puts right what is shown though it should not be."""

TAKES_WORDS = """() => {
  const control = document.querySelector('main input:not([type=hidden])');
  const last = document.querySelector('footer');
  if (!control || !last || !document.querySelector('main button')) return false;
  control.focus();
  return document.activeElement === control;
}"""
"""Whether a page without script is there to its end, and takes what is typed."""

_WATCH = """addEventListener('DOMContentLoaded', () => {
  const usable = %s;
  const look = () => (usable() ? (globalThis.__usable = performance.now()) : setTimeout(look, 5));
  look();
})"""
"""The first moment at which it is worth looking is when the page is there and its script has run; a person's input comes
before all that the browser has still to do then."""
_SEEN = """async () => {
  const [page] = performance.getEntriesByType('navigation'), files = performance.getEntriesByType('resource');
  const painted = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  while (!globalThis.__usable || !painted()) await new Promise(resolve => setTimeout(resolve, 5));
  return {
    usable: Math.max(globalThis.__usable, painted()),
    answered: page.responseEnd,
    painted: painted(),
    bytes: [page, ...files].reduce((sum, one) => sum + one.transferSize, 0),
  };
}"""


@dataclass(frozen=True)
class FirstVisit:
    """What a browser that has seen nothing of the site before met.

    usable, answered, painted: milliseconds from asking for the page. busy: milliseconds for which the page kept a
    processor until it was loaded, however long it had to wait for one. bytes: as sent.
    """

    usable: float
    answered: float
    painted: float
    busy: float
    bytes: int


def first_visit(page: Page, url: str, *, usable: str, slower: float) -> FirstVisit:
    """Open a page in a fresh tab on a processor slowed so many times, until it has been painted and is usable.

    page: of a browser context that holds cookies only. usable: `REACTS` or `TAKES_WORDS`.
    """
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(_WATCH % usable)
    page.goto(url, wait_until="load")
    metrics = session.send("Performance.getMetrics")["metrics"]
    busy = next(one["value"] for one in metrics if one["name"] == "TaskDuration")
    seen: dict[str, Any] = page.evaluate(_SEEN)
    return FirstVisit(busy=1000 * busy, **seen)
