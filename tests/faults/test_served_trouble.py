"""When the disk is full, may only be read, or is held by others, every channel says that the answer was NOT saved."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from acknowledged import PAGE, WAVE, filled, seen
from evaltools.store import NewGrant, current, make_grant, open_store, verify_store
from form_visitor import Visitor
from served_form import EIGHT, NO_LIMITS, Served, open_with_links, served
from troubled_disk import full, locked, read_only, refused_bytes, small_disk
from workbook_desk import edited, put

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="makes trouble as the Linux kernel knows it")

Trouble = Callable[[Path, int], AbstractContextManager[None]]
TROUBLES: Mapping[str, tuple[Trouble, set[str]]] = {
    "a full disk": (full, {"DISK_FULL"}),
    "bytes that are refused": (refused_bytes, {"STORE_FAILED"}),
    "a disk that may only be read": (read_only, {"STORE_FAILED", "STORE_READ_ONLY"}),
    "a store that another process holds": (locked, {"STORE_BUSY"}),
}
AS_SAVED = {"page": 303, "page in English": 303, "autosave": 200, "workbook": 200, "program": 200}
FIGURES = {"page": 41, "page in English": 42, "workbook": 43, "program": 44}
READERS = 3
BEFORE = "Gemt, før noget gik galt"


@dataclass(frozen=True)
class Channel:
    """Somebody who is about to save: for which unit, how they read meanwhile, and the request that saves."""

    unit: str
    reads: Callable[[], httpx.Response]
    saves: Callable[[], httpx.Response]


@contextmanager
def _everybody(folder: Path) -> Iterator[tuple[Served, Path, Mapping[str, Channel]]]:
    """A served store with some answers, and five people and programs whose next click is a save."""
    store = folder / "answers.db"
    links = open_with_links(EIGHT, store)
    units = list(links)
    with open_store(store) as opened:
        asked = NewGrant(*WAVE, "", "system", "Fagsystemet", scopes=("read", "draft"))
        _, token = make_grant(opened, asked, at=dt.datetime.now(dt.UTC))
    with served(store, *NO_LIMITS) as server, ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=server.url, timeout=60)) for _ in range(5)]
        for client, unit in zip(clients[:4], units, strict=False):
            page = Visitor(client).open(links[unit])
            Visitor(client).press(page, page.form_with("person"), {})
        clients[4].headers["Authorization"] = f"Bearer {token}"
        channels = {
            "page": _page(clients[0], units[0], PAGE, "41"),
            "page in English": _page(clients[1], units[1], f"{PAGE}?lang=en", "42"),
            "autosave": _autosave(clients[2], units[2]),
            "workbook": _workbook(clients[3], units[3]),
            "program": _program(clients[4], units[4]),
        }
        yield server, store, channels


def _page(client: httpx.Client, unit: str, address: str, figure: str) -> Channel:
    form = seen(client.get(address)).form_with("base_version")
    data = filled(form, {"q3_placed": figure}) | {"action": ["save"]}
    return Channel(unit, lambda: client.get(PAGE), lambda: client.post(PAGE, data=data))


def _autosave(client: httpx.Client, unit: str) -> Channel:
    form = seen(client.get(PAGE)).form_with("base_version")
    data, header = filled(form, {"q8_remarks": "Skrevet i skemaet"}), {"X-Autosave": "1"}
    return Channel(unit, lambda: client.get("/besvar"), lambda: client.post(PAGE, data=data, headers=header))


def _workbook(client: httpx.Client, unit: str) -> Channel:
    """The preview has been looked at; what is left is to keep it."""
    content = edited(put(answer_q3_placed=43), client.get("/besvar/regneark/hent").content)
    csrf = dict(seen(client.get("/besvar/regneark")).form_with("csrf").posted({}))["csrf"]
    files = {"workbook": ("svar.xlsx", content)}
    form = seen(client.post("/besvar/regneark", data={"csrf": csrf}, files=files)).form_with("content")
    return Channel(unit, lambda: client.get("/besvar/tjek"), lambda: client.post(form.action, data=filled(form, {})))


def _program(client: httpx.Client, unit: str) -> Channel:
    """Something has been acknowledged before the trouble."""
    address = f"/api/v1/units/{unit}/draft"
    before = client.put(address, json={"answers": {"q8_remarks": BEFORE}, "base_version": 0})
    sent = {"answers": {"q3_placed": 44}, "base_version": before.json()["version"]}
    asks = "/api/v1/questionnaire"  # answers are not handed out to programs while that cannot be noted
    return Channel(unit, lambda: client.get(asks), lambda: client.put(address, json=sent))


def _together(calls: Sequence[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def _says_not_saved(name: str, response: httpx.Response, codes: set[str]) -> bool:
    """In the words of its channel; the script of a page makes the words of its own status."""
    if name == "program":
        told = response.json()
        return told["code"] in codes and ("NOT saved" in told["message"] or "nothing was saved" in told["message"])
    if name == "autosave":
        return response.json()["code"] in codes
    return ("were NOT saved" if name == "page in English" else "IKKE gemt") in seen(response).words


@pytest.mark.parametrize("name", TROUBLES)
def test_in_trouble_every_channel_says_not_saved_and_afterwards_saves(name: str, tmp_path: Path) -> None:
    trouble, codes = TROUBLES[name]
    with ExitStack() as stack:
        folder = stack.enter_context(small_disk(tmp_path / "disk", 8)) if trouble is full else tmp_path
        server, store, channels = stack.enter_context(_everybody(folder))
        with trouble(store, server.process.pid):
            refused = dict(zip(channels, _together([one.saves for one in channels.values()]), strict=True))
            read = _together([one.reads for one in channels.values()] * READERS)
        assert {name: one.status_code for name, one in refused.items() if one.status_code not in (503, 507)} == {}
        assert [name for name, one in refused.items() if not _says_not_saved(name, one, codes)] == []
        assert {one.status_code for one in read} == {200}
        saved = dict(zip(channels, _together([one.saves for one in channels.values()]), strict=True))
        assert {name: one.status_code for name, one in saved.items()} == AS_SAVED
        again = _together([channels["page"].saves] * READERS)
        assert {one.status_code for one in again} == {303}
        with open_store(store) as opened:
            stands = {name: current(opened, *WAVE, one.unit).response.answers for name, one in channels.items()}
            assert {name: stands[name]["q3_placed"] for name in FIGURES} == FIGURES
            assert stands["autosave"]["q8_remarks"] == "Skrevet i skemaet"
            assert stands["program"]["q8_remarks"] == BEFORE
            assert verify_store(opened) == ()
