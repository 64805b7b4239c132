"""Times answering over HTTP against a served form: `python benchmarks/answering.py [SCENARIO ...]`.

Prints: complete responses a second of the form with eight questions (link, pages, check, submission) and of the whole
questionnaire of 2018, by pages and as one submission to the machine interface; what 50 people wait who think 1-2 s
between pages; whether 490 people at once meet an error; and what an export costs those who save meanwhile. Beside each
stands how often the disk syncs, without which no figure of writing says anything, and the load of the machine.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]  # what follows can be imported only from here on, hence E402

import httpx  # noqa: E402

from evaltools.collect import value_to_json  # noqa: E402
from evaltools.rehearsal.settings import read_settings  # noqa: E402
from evaltools.rehearsal.sheets import unit_sheets  # noqa: E402
from evaltools.schema import read_survey  # noqa: E402
from evaltools.schema.missing import Missing  # noqa: E402
from evaltools.schema.model import Value  # noqa: E402
from evaltools.store import NewGrant, make_grant, open_store, read_units  # noqa: E402
from evaltools.store.model import Scope  # noqa: E402
from form_visitor import Filled, Form, Seen, Visitor  # noqa: E402  the tests' visitor is shared, not copied
from measuring import Clock, quantile, surroundings, together  # noqa: E402
from replaying import Recorder, Repeater, Step, replay  # noqa: E402
from served_form import EIGHT, NO_LIMITS, open_with_links, served  # noqa: E402

WHOLE: Final = ROOT / "surveys" / "network_methods" / "2018"
UNITS: Final = ROOT / "data_dictionary" / "codelists" / "municipalities.csv"
EIGHT_ANSWERS: Final[Filled] = {
    "q1_knows": "1", "q2_methods": "m1", "q3_placed": "1.204", "q4_network": "31", "q5_useful": "4", "q6_time": "2",
    "q7_start": "2012", "q8_remarks": "Ingen bemærkninger",
}  # fmt: skip
MOST_PAGES: Final = 100
SECONDS: Final = 30.0
"""How long the loads last that have no end of their own, once everybody has come in."""
THINKING: Final = (1.0, 2.0)
"""Seconds between two pages of one person."""
THINKERS: Final = 50
PEOPLE_OF_A_UNIT: Final = 5

Answers = Mapping[str, Value]


@dataclass(frozen=True)
class Wave:
    """A wave that is served: where, the link of each unit, and a token that may do everything."""

    url: str
    folder: Path
    links: Mapping[str, str]
    more_links: Sequence[str]
    token: str


@contextmanager
def serving(wave: Path, *, colleagues: int = 0) -> Iterator[Wave]:
    """Serve a wave that has just been opened, with some more links for each unit."""
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "answers.db"
        links = open_with_links(wave, store)
        survey, number = wave.parent.name, wave.name
        scopes: tuple[Scope, ...] = ("read", "draft", "submit", "status")
        now = dt.datetime.now(dt.UTC)
        with open_store(store) as opened:
            _, token = make_grant(opened, NewGrant(survey, number, "", "system", "Program", scopes=scopes), at=now)
            more = [
                "/s/" + make_grant(opened, NewGrant(survey, number, unit, "colleague", f"Kollega {one}"), at=now)[1]
                for unit in links
                for one in range(colleagues)
            ]
        with served(store, *NO_LIMITS) as server:
            yield Wave(server.url, Path(name), links, more, token)


def whole_answers() -> dict[str, Answers]:
    """Made-up answers to the whole questionnaire that may be submitted, by unit."""
    questionnaire = read_survey(WHOLE)
    found: dict[str, Answers] = {}
    for seed in (1, 2):
        for sheet in unit_sheets(questionnaire, read_settings(questionnaire.survey), read_units(UNITS), 0, seed, {}):
            if sheet.disposition == "submitted":
                found.setdefault(sheet.unit, sheet.answers)
    return found


def enter(visitor: Visitor, link: str) -> Seen:
    """From the link of the invitation to the list of sections."""
    page = visitor.open(link)
    return visitor.press(page, page.form_with("person"), {})


def section_pages(hub: Seen) -> list[str]:
    """The addresses of the sections on the list, in order."""
    return [str(link.get("href")) for link in hub.tree.iterfind(".//ul[@class='sections']//a")]


def answer_all(visitor: Visitor, link: str, fill: Callable[[Form], Filled]) -> Seen:
    """A whole response as a browser without script gives it: page after page, and at last the receipt."""
    page = visitor.open(section_pages(enter(visitor, link))[0])
    for _ in range(MOST_PAGES):
        if page.url.endswith("/tjek"):
            return visitor.press(page, page.form_with("action"), {}, ("action", "submit"))
        form = page.form_with("base_version")
        page = visitor.press(page, form, fill(form), ("action", "next"))
    raise AssertionError(f"no way past {page.url}: {page.words[:300]}")


def typed_as(form: Form, answers: Answers) -> Filled:
    """Answers as they are filled in on a page, as far as it asks for them."""
    filled: dict[str, str | Sequence[str]] = {}
    boxes = {control.name for control in form.controls if control.kind == "text"}
    for name, value in answers.items():
        if isinstance(value, Missing) and f"{name}__missing" in form.names:
            filled[f"{name}__missing"] = value.kind
        elif isinstance(value, Missing) and name in boxes:
            continue  # the whole of a part: why there is no number is said once for both
        elif name in form.names:
            filled[name] = _typed(value)
    return filled


def _typed(value: Value) -> str | Sequence[str]:
    if isinstance(value, Missing):
        return f"missing:{value.kind}"
    if isinstance(value, tuple):
        return value
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def eight_questions() -> Iterator[str]:
    """Complete responses of the small form, by more and more people at once."""
    with serving(EIGHT) as wave:
        links = list(wave.links.values())
        steps = recorded(wave, links.pop())
        for people in (1, 4, 8, 60):
            clock, share = Clock(), [links.pop() for _ in range(max(people, 10))]

            def work(number: int, clock: Clock = clock, share: Sequence[str] = share, people: int = people) -> None:
                for link in share[number::people]:
                    replay(wave.url, steps, link, clock.add)

            beside, rate = surroundings(wave.folder), len(share) / together(people, work)
            yield f"eight questions, {people} at once: {rate:.1f} responses/s; {clock.told()} {beside}"


def recorded(wave: Wave, link: str) -> Sequence[Step]:
    """What somebody does who answers the small form."""
    recorder = Recorder()
    with httpx.Client(base_url=wave.url, timeout=60, event_hooks={"response": [recorder.note]}) as client:
        receipt = answer_all(Visitor(client), link, lambda form: _known(form, EIGHT_ANSWERS))
    assert receipt.status == 200, receipt.title
    return recorder.steps


def _known(form: Form, answers: Filled) -> Filled:
    return {name: value for name, value in answers.items() if name in form.names}


def whole_by_interface() -> Iterator[str]:
    """The whole questionnaire as one submission to the machine interface."""
    answers = whole_answers()
    with serving(WHOLE) as wave:
        units = list(answers)
        for people, share in ((1, units[:30]), (8, units[30:])):
            clock = Clock()

            def work(number: int, clock: Clock = clock, share: Sequence[str] = share, people: int = people) -> None:
                with clock.client(wave.url) as client:
                    client.headers["Authorization"] = f"Bearer {wave.token}"
                    for unit in share[number::people]:
                        given = {name: value_to_json(value) for name, value in answers[unit].items()}
                        sent = {"answers": given, "base_version": 0}
                        response = client.post(f"/api/v1/units/{unit}/submission", json=sent)
                        assert response.status_code == 200, response.text

            beside, rate = surroundings(wave.folder), len(share) / together(people, work)
            yield f"whole questionnaire, one submission, {people} at once: {rate:.1f}/s; {clock.told()} {beside}"


def whole_by_pages() -> Iterator[str]:
    """The whole questionnaire through all its pages."""
    answers = whole_answers()
    with serving(WHOLE) as wave:
        units = list(answers)
        for people, share in ((1, units[:5]), (8, units[5:45])):
            clock = Clock()

            def work(number: int, clock: Clock = clock, share: Sequence[str] = share, people: int = people) -> None:
                for unit in share[number::people]:
                    with clock.client(wave.url) as client:
                        fill = partial(typed_as, answers=answers[unit])
                        receipt = answer_all(Visitor(client), wave.links[unit], fill)
                        assert receipt.status == 200, receipt.words[:500]

            beside, rate = surroundings(wave.folder), len(share) / together(people, work)
            yield f"whole questionnaire, all pages, {people} at once: {rate:.2f} responses/s; {clock.told()} {beside}"


def thinking() -> Iterator[str]:
    """50 people at the whole questionnaire who think between two pages."""
    answers = whole_answers()
    with serving(WHOLE) as wave:
        clock, beside = Clock(), surroundings(wave.folder)
        think_and_save(wave, answers, clock)
        yield f"{THINKERS} people who think {THINKING[0]:.0f}-{THINKING[1]:.0f} s: {clock.told()} {beside}"


def think_and_save(
    wave: Wave, answers: Mapping[str, Answers], clock: Clock, meanwhile: Callable[[float], None] = time.sleep
) -> None:
    """People open section after section, think, and save it, for `SECONDS`; it begins when all of them have come in.

    Each has done so twice before, with the answers of two units, by a client that reads the pages; both are repeated
    by turns, so that each save changes answers, by a client that leaves the cores to the server.
    meanwhile : what goes on beside them for so many seconds.
    """
    units = list(answers)[: THINKERS + 1]
    begun = [two_rounds(wave, unit, (answers[other], answers[unit])) for unit, other in pairwise(units)]

    def work(number: int) -> None:
        chance, (cookie, sections) = random.Random(number), begun[number]
        first = chance.randrange(len(sections))
        with closing(Repeater(wave.url, clock.add, cookie)) as repeater:
            until = time.monotonic() + SECONDS
            time.sleep(chance.uniform(0, THINKING[1]))
            for section in cycle([*sections[first:], *sections[:first]]):
                for step in section:
                    if step.method == "POST":
                        time.sleep(chance.uniform(*THINKING))
                    clock.judge(step.method, repeater.do(step))
                if time.monotonic() > until:
                    break
                time.sleep(chance.uniform(*THINKING))

    together(THINKERS + 1, lambda number: work(number) if number < THINKERS else meanwhile(SECONDS))


def two_rounds(wave: Wave, unit: str, both: Sequence[Answers]) -> tuple[str, Sequence[Sequence[Step]]]:
    """The cookie of somebody of a unit, and the steps of opening, filling in and saving each section, in two rounds."""
    recorder, taken = Recorder(), list[Sequence[Step]]()
    with httpx.Client(base_url=wave.url, timeout=60, event_hooks={"response": [recorder.note]}) as client:
        visitor = Visitor(client)
        sections = section_pages(enter(visitor, wave.links[unit]))
        for answers in both:
            for address in sections:
                recorder.steps.clear()
                page = visitor.open(address)
                form = page.form_with("base_version")
                visitor.press(page, form, typed_as(form, answers), ("action", "save"))
                taken.append(tuple(recorder.steps))
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items()), taken


def everybody_at_once() -> Iterator[str]:
    """490 people, five of each municipality, come in by their links at the same time, open a page and save it."""
    answers = whole_answers()
    with serving(WHOLE, colleagues=PEOPLE_OF_A_UNIT - 1) as wave:
        links = [*wave.links.values(), *wave.more_links]
        some = next(iter(answers.values()))
        clock = Clock()

        def work(number: int) -> None:
            with clock.client(wave.url) as client:
                page = Visitor(client).open(section_pages(enter(Visitor(client), links[number]))[0])
                form = page.form_with("base_version")
                Visitor(client).press(page, form, typed_as(form, some), ("action", "save"))

        beside, taken = surroundings(wave.folder), together(len(links), work)
        yield f"{len(links)} people at once, done after {taken:.1f} s: {clock.told()} {beside}"


def beside_exports() -> Iterator[str]:
    """How long a save takes while one export after the other runs, against without."""
    answers = whole_answers()
    with serving(WHOLE) as wave:
        quiet, busy, exports = Clock(), Clock(), list[float]()
        beside = surroundings(wave.folder)
        think_and_save(wave, answers, quiet)
        think_and_save(wave, answers, busy, lambda seconds: export_for(wave, seconds, exports))
        before, during = quantile(quiet.writes, 0.95), quantile(busy.writes, 0.95)
        yield (
            f"saves beside {len(exports)} exports: p95 {during:.0f} ms against {before:.0f} ms without, "
            f"{during / before:.2f} times; {len(quiet.errors) + len(busy.errors)} errors {beside}"
        )


def export_for(wave: Wave, seconds: float, exports: list[float]) -> None:
    """Have one export after the other made for so many seconds; how long each took."""
    until = time.monotonic() + seconds
    with httpx.Client(base_url=wave.url, headers={"Authorization": f"Bearer {wave.token}"}, timeout=60) as client:
        while time.monotonic() < until:
            started = time.monotonic()
            place = f"/api/v1/exports/{client.post('/api/v1/exports').json()['export']}"
            while (state := client.get(place).json()["state"]) == "waiting":
                time.sleep(0.1)
            assert state == "ready", state
            exports.append(time.monotonic() - started)


SCENARIOS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "eight": eight_questions,
    "interface": whole_by_interface,
    "pages": whole_by_pages,
    "thinking": thinking,
    "everybody": everybody_at_once,
    "exports": beside_exports,
}


def main(names: Sequence[str]) -> None:
    """One line per figure, of the scenarios named or of all."""
    for name in names or list(SCENARIOS):
        for line in SCENARIOS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
