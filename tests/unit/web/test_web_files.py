"""Every route that gives a file, asked over the network: the file is what its type and its name say."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openpyxl
import pikepdf
import pytest

from evaltools.web.static import files
from form_server import Served, serving_tiny
from form_visitor import Visitor
from served_stage import FOLLOWED, LEADER, MUNICIPAL, SENT, Stage, stage
from served_states import FILES
from states_around import COMPLETE, RECORD

OF_ONE_WAVE = "GET /skema.{form}"
"""There is one questionnaire to fetch without naming it only where one wave is open."""
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
PATIENCE = 120
"""Seconds within which a file has been made."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running server, where a record has been submitted too."""
    with stage(tmp_path_factory.mktemp("files")) as made:
        made.write("0101", COMPLETE, wave=FOLLOWED, record=RECORD, actor=LEADER, submit=True)
        yield made


@pytest.fixture(scope="module")
def of_one_wave(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving_tiny(tmp_path_factory.mktemp("one")) as served:
        yield served


@contextmanager
def come_in(there: Stage, route: str) -> Iterator[httpx.Client]:
    """A browser of somebody whose files the route gives."""
    wave, unit = (FOLLOWED, "0101") if "{record}" in route else (MUNICIPAL, SENT)
    with httpx.Client(base_url=there.address, timeout=PATIENCE) as client:
        visitor = Visitor(client)
        page = visitor.open(there.of(wave).link(unit))
        visitor.press(page, page.form_with("person"), {"person": LEADER})
        yield client


def fetched(client: httpx.Client, address: str) -> httpx.Response:
    """The file, when it has been made."""
    until = time.monotonic() + PATIENCE
    while (response := client.get(address)).status_code == 202:
        assert time.monotonic() < until, f"{address} is still being made"
        time.sleep(0.3)
    return response


def _is_pdf(content: bytes) -> bool:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return content.startswith(b"%PDF-") and len(pdf.pages) > 0


def _is_workbook(content: bytes) -> bool:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return any(sheet.max_row > 1 for sheet in book.worksheets)


IS_WHAT_IT_SAYS: dict[str, Callable[[bytes], bool]] = {
    "pdf": _is_pdf,
    "xlsx": _is_workbook,
    "json": lambda content: bool(json.loads(content)),
    **dict.fromkeys(("css", "js", "svg"), lambda content: content in files().values()),
}


@pytest.mark.parametrize(
    ("route", "address", "kind"), [(route, *one) for route, listed in FILES.items() for one in listed]
)
def test_a_file_is_what_it_says(there: Stage, of_one_wave: Served, route: str, address: str, kind: str) -> None:
    with of_one_wave.client() if route == OF_ONE_WAVE else come_in(there, route) as client:
        response = fetched(client, address)
    assert (response.status_code, response.headers["content-type"]) == (200, TYPES[kind])
    assert response.headers["x-content-type-options"] == "nosniff"
    assert IS_WHAT_IT_SAYS[kind](response.content)
    if not route.startswith("GET /static/"):
        how, _, name = response.headers["content-disposition"].partition("; filename*=UTF-8''")
        assert (how, Path(name).suffix) == ("attachment", f".{kind}")


def test_every_kind_of_copy_of_a_route_is_on_the_list() -> None:
    kinds = {route: {kind for _, kind in listed} for route, listed in FILES.items()}
    assert kinds["GET /skema.{form}"] == kinds["GET /skema/{survey}/{wave}/{form}"] == {"pdf", "xlsx"}
    assert kinds["GET /kvittering.{form}"] == kinds["GET /kvittering/{record}/{form}"] == {"pdf", "xlsx", "json"}
    assert kinds["GET /static/{name}"] == {Path(name).suffix.removeprefix(".") for name in files()}
