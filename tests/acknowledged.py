"""People and programs who write to a served form without a pause, and ledgers of what they were told was saved."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from lxml import html
from sqlalchemy import select

from evaltools.collect.workbook.gate import said
from evaltools.store import Store, begin_session, current
from evaltools.store.handle import reading
from evaltools.store.tables import EVENT_VALUES, EVENTS
from evaltools.web.security.cookies import Cookies
from form_visitor import Form, Seen
from workbook_desk import edited, put

WAVE = ("eight_questions", "1")
PAGE = "/besvar/methods"
"""All of its questions."""
TOO_HEAVY = said("WORKBOOK_TOO_HEAVY", "da").message
HIGHEST = 5000
"""Above what the questions for figures take."""

Values = Mapping[str, object]


@dataclass
class Write:
    """What was sent in one request; acknowledged once the answer that says so has arrived."""

    values: Values
    acknowledged: bool = False


@dataclass
class Ledger:
    """All that one writer sent, in order. Nobody else writes these fields of this unit."""

    unit: str
    channel: str
    writes: list[Write] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def sending(self, values: Values) -> Write:
        """Note what is about to be sent."""
        self.writes.append(Write(values))
        return self.writes[-1]

    def told(self, write: Write, response: httpx.Response, status: int) -> bool:
        """Note at once whether the answer says that it was saved."""
        write.acknowledged = response.status_code == status
        if not write.acknowledged:
            self.strange.append(f"{response.status_code} to {write.values}: {response.text[:300]}")
        return write.acknowledged

    @property
    def next(self) -> int:
        """A number that this writer has not sent yet."""
        return len(self.writes) + 1

    @property
    def acknowledged(self) -> int:
        return sum(write.acknowledged for write in self.writes)


Work = Callable[[httpx.Client, Ledger], Iterator[None]]


@dataclass
class Writer:
    """One writer: a connection that is kept, cookies that outlive the server, and a ledger."""

    ledger: Ledger
    client: httpx.Client
    work: Work

    def go_on(self, ended: threading.Event) -> None:
        """Write until the server is gone."""
        try:
            for _ in self.work(self.client, self.ledger):
                if ended.is_set():
                    return
        except httpx.RequestError:
            return
        except Exception as error:
            self.ledger.strange.append(f"{type(error).__name__}: {error}")


def enter(store: Store, people: Sequence[Writer], links: Mapping[str, str]) -> None:
    """Give everybody who answers by a page a session, as their link does."""
    now = dt.datetime.now(dt.UTC)
    for one in people:
        if one.ledger.channel != "API":
            token = links[one.ledger.unit].removeprefix("/s/")
            _, cookie = begin_session(store, token, "Lene Holm", at=now, lasts=dt.timedelta(hours=12))
            one.client.cookies.set(Cookies(behind_tls=False).name("answering"), cookie)


def post_sections(client: httpx.Client, ledger: Ledger) -> Iterator[None]:
    """Open the page, fill it in, press Save. A whole page is one write."""
    while True:
        form = seen(client.get(PAGE)).form_with("base_version")
        write = ledger.sending(_figures(ledger.next))
        data = filled(form, {name: str(value) for name, value in write.values.items()})
        ledger.told(write, client.post(PAGE, data=data | {"action": ["save"]}), 303)
        yield


def autosave(client: httpx.Client, ledger: Ledger) -> Iterator[None]:
    """Open the page once and save it again and again, as its script does."""
    data = filled(seen(client.get(PAGE)).form_with("base_version"), {})
    while True:
        write = ledger.sending({"q8_remarks": f"Linje {ledger.next}"})
        data |= {name: [str(value)] for name, value in write.values.items()}
        response = client.post(PAGE, data=data, headers={"X-Autosave": "1"})
        if ledger.told(write, response, 200):
            data["base_version"] = [str(response.json()["version"])]
        yield


def hand_in_workbooks(client: httpx.Client, ledger: Ledger) -> Iterator[None]:
    """Fetch the workbook, fill it in, look at the difference, keep it."""
    while True:
        fetched = client.get("/besvar/regneark/hent").content
        values = {**_figures(ledger.next), "q8_remarks": f"Regneark {ledger.next}"}
        workbook = edited(put(**{f"answer_{name}": value for name, value in values.items()}), fetched)
        csrf = dict(seen(client.get("/besvar/regneark")).form_with("csrf").posted({}))["csrf"]
        shown = client.post("/besvar/regneark", data={"csrf": csrf}, files={"workbook": ("svar.xlsx", workbook)})
        if TOO_HEAVY in seen(shown).words:  # the machine is too busy to read it in time: another try
            yield
            continue
        form = seen(shown).form_with("content")
        write = ledger.sending(values)
        kept = client.post(form.action, data=filled(form, {}))  # where it is read once more
        if TOO_HEAVY not in seen(kept).words:
            ledger.told(write, kept, 200)
        yield


def put_drafts(client: httpx.Client, ledger: Ledger) -> Iterator[None]:
    """Send drafts to the machine interface."""
    address = f"/api/v1/units/{ledger.unit}/draft"
    version = client.get(address).json()["version"]
    while True:
        write = ledger.sending({**_figures(ledger.next), "q8_remarks": f"Program {ledger.next}"})
        response = client.put(address, json={"answers": write.values, "base_version": version})
        if ledger.told(write, response, 200):
            version = response.json()["version"]
        yield


CHANNELS: Mapping[str, Work] = {
    "form": post_sections,
    "autosave": autosave,
    "Excel": hand_in_workbooks,
    "API": put_drafts,
}


def writers(links: Mapping[str, str], token: str, channels: Sequence[str]) -> list[Writer]:
    """One writer for each channel named, each for a unit of their own."""
    made = [
        Writer(Ledger(unit, channel), httpx.Client(timeout=60), CHANNELS[channel])
        for unit, channel in zip(links, channels, strict=False)
    ]
    for one in made:
        if one.ledger.channel == "API":
            one.client.headers["Authorization"] = f"Bearer {token}"
    return made


def lost(store: Store, ledgers: Sequence[Ledger]) -> list[str]:
    """Every acknowledged answer that is neither in the log, nor current unless the same writer sent a later one."""
    return [line for ledger in ledgers for line in _lost(store, ledger)]


def _lost(store: Store, ledger: Ledger) -> Iterator[str]:
    logged = _logged(store, ledger.unit)
    stands = current(store, *WAVE, ledger.unit).response.answers
    for name in sorted({name for write in ledger.writes for name in write.values}):
        sent = [write.values[name] for write in ledger.writes]
        known = [place for place, write in enumerate(ledger.writes) if write.acknowledged]
        yield from (
            f"{ledger.channel}: {name} = {sent[place]!r} is not in the log"
            for place in known
            if (name, sent[place]) not in logged
        )
        if known and stands.get(name) not in sent[known[-1] :]:
            yield f"{ledger.channel}: {name} is {stands.get(name)!r}, and {sent[known[-1]]!r} was acknowledged"


def _logged(store: Store, unit: str) -> set[tuple[str, Any]]:
    columns = select(EVENTS.c.field, EVENT_VALUES.c.value).join_from(EVENTS, EVENT_VALUES)
    with reading(store) as connection:
        rows = connection.execute(columns.where(EVENTS.c.unit == unit)).all()
    return {(row.field, json.loads(row.value)) for row in rows if row.value[:1] not in "[{"}


def _figures(number: int) -> dict[str, object]:
    return {"q3_placed": number % HIGHEST, "q4_network": number % HIGHEST // 2}


def seen(response: httpx.Response) -> Seen:
    """A page as it came."""
    return Seen(str(response.url), response.status_code, response.text, html.document_fromstring(response.text))


def filled(form: Form, values: Mapping[str, str]) -> dict[str, list[str]]:
    """What a browser posts when these controls hold these values."""
    data: dict[str, list[str]] = {}
    for name, value in form.posted(values):
        data.setdefault(name, []).append(value)
    return data
