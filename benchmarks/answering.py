"""Times answering over HTTP against a served form: `python benchmarks/answering.py`.

Prints: complete responses a second of the form with eight questions (link, four pages, check, submission) and of the
whole questionnaire of 2018, by pages and as one submission to the machine interface; what 50 people who think 1-2 s
between pages wait; whether 490 people at once meet an error; and what an export costs those who save meanwhile.
Beside them stands how often the disk syncs, without which no figure of writing says anything.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from form_visitor import Form, Seen, Visitor  # noqa: E402  the tests' visitor is shared, not copied
from served_form import open_with_links, served  # noqa: E402

EIGHT = ROOT / "benchmarks" / "surveys" / "eight_questions" / "1"
NO_LIMITS = ("--per-address", "1000000", "--per-token", "1000000")
EIGHT_ANSWERS = {
    "q1_knows": "1", "q2_methods": "m1", "q3_placed": "1.204", "q4_network": "31", "q5_useful": "4", "q6_time": "2",
    "q7_start": "2012", "q8_remarks": "Ingen bemærkninger",
}  # fmt: skip


@dataclass
class Clock:
    """Seconds of each request, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def visitor(self, url: str) -> Visitor:
        """A visitor whose requests are timed."""
        client = httpx.Client(base_url=url, timeout=60, verify=False, event_hooks={"response": [self._note]})
        return Visitor(client)

    def _note(self, response: httpx.Response) -> None:
        response.read()
        self.seconds.append(response.elapsed.total_seconds())
        if response.status_code >= 400:
            self.errors.append(f"{response.status_code} {response.request.method} {response.request.url.path}")

    def line(self, what: str, elapsed: float, done: int) -> str:
        """The figures of so many responses, done in so many seconds."""
        p50, p95, p99 = (1000 * quantile(self.seconds, p) for p in (0.5, 0.95, 0.99))
        return (
            f"{what:<44} {done / elapsed:>7.1f} /s   {len(self.seconds) / max(done, 1):>5.1f} requests each   "
            f"p50 {p50:>5.0f}  p95 {p95:>5.0f}  p99 {p99:>5.0f} ms   {len(self.errors)} errors"
        )


def quantile(values: Sequence[float], p: float) -> float:
    """The value below which a share `p` of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(p * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def enter(visitor: Visitor, link: str) -> Seen:
    """From the link of the invitation to the list of sections."""
    page = visitor.open(link)
    form = next(form for form in page.forms if form.method == "post")
    return visitor.press(page, form, {})


def answer_all(visitor: Visitor, link: str, answers: dict[str, str]) -> Seen:
    """A whole response as a browser without script gives it: each page leads to the next one; the receipt."""
    hub = enter(visitor, link)
    page = visitor.open(next(url for words, url in hub.links.items() if words.startswith("1 ")))
    while not page.url.endswith("/tjek"):
        form = page.form_with("base_version")
        page = visitor.press(page, form, known(form, answers), ("action", "next"))
    return visitor.press(page, page.form_with("action"), {}, ("action", "submit"))


def known(form: Form, answers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name in form.names}


def sync_rate(folder: Path) -> float:
    """Writes of 4 KiB with a sync to the disk, a second."""
    count, end = 0, time.perf_counter() + 1
    with (folder / "sync").open("wb") as file:
        while time.perf_counter() < end:
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
    return count


def many(people: int, work: Callable[[int], None]) -> float:
    """Seconds that `people` threads take who all do their work."""
    started = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))
    return time.perf_counter() - started


def eight_questions(folder: Path) -> Iterator[str]:
    store = folder / "eight.db"
    links = list(open_with_links(EIGHT, store).values())
    with served(store, *NO_LIMITS) as server:
        for people in (1, 4, 8, 60):
            clock, share = Clock(), links[: max(people, 40)]

            def work(number: int, clock: Clock = clock, share: list[str] = share, people: int = people) -> None:
                for link in share[number::people]:
                    receipt = answer_all(clock.visitor(server.url), link, EIGHT_ANSWERS)
                    assert receipt.status == 200, receipt.title

            yield clock.line(f"eight questions, {people} at once", many(people, work), len(share))


def main() -> None:
    """One line per figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"the disk: {sync_rate(folder):.0f} writes of 4 KiB with sync a second; load {os.getloadavg()[0]:.1f}")
        for line in eight_questions(folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
