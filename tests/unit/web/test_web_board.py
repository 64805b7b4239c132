"""The status board: what it tells those who run a wave, which is what `evaltools status` tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.language import percent
from evaltools.store import add_operator, decline, open_wave
from form_server import Served, save
from form_visitor import Seen, Visitor
from tiny_survey import FIELDWORK, UNITS, WHEN, tiny

PASSWORD = "tre hvide skyer over Læsø"


def _board(served: Served, path: str = "/status") -> Seen:
    add_operator(served.store, "Anna", PASSWORD, at=served.clock())
    visitor = Visitor(served.client())
    page = visitor.open(path)
    page = visitor.press(page, page.form_with("password"), {"name": "Anna", "password": PASSWORD})
    assert page.status == 200, page.words
    return visitor.open(path)


def _table(page: Seen, caption: str) -> list[list[str]]:
    """The cells of the table under a caption, row by row, without its head."""
    rows = page.tree.xpath(f"//table[caption='{caption}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def _answered(served: Served) -> None:
    for unit in ("0101", "0751"):
        visitor = served.visitor(unit)
        save(visitor, "/besvar/main", {"placed": "40"}, "save")
        if unit == "0101":
            page = visitor.open("/besvar/tjek")
            visitor.press(page, page.form_with("base_version"), {}, ("action", "submit"))


def test_the_board_tells_what_the_command_line_tells(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _answered(served)
    page = _board(served)
    capsys.readouterr()
    assert main(["status", "tiny/2018", "--store", str(tmp_path / "answers.db"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert " ".join(percent(told["response_rate"], language="da").split()) in page.words
    assert "1 af 3 har svaret" in page.words
    stages = [str(told[stage]) for stage in ("asked", "opened", "begun", "handed_over", "submitted", "declined")]
    assert _table(page, "Hvor langt er de kommet?") == [stages]
    for column, caption in (("region", "Svar efter region"), ("size", "Svar efter størrelse")):
        shown = [row[:3] for row in _table(page, caption)]
        named = [one["group"].removeprefix("1: ").removeprefix("5: ") for one in told["by"][column]]
        assert shown == [
            [name, str(one["submitted"]), str(one["asked"])]
            for name, one in zip(named, told["by"][column], strict=True)
        ]
    called = [row[0] for row in _table(page, "De øverste gør mest gavn for, hvor godt svarene dækker.")]
    assert set(called) == {one["name"] for one in told["calls"]} == {"Læsø", "Aarhus"}


def test_a_size_is_told_by_its_label_and_not_by_the_code_that_orders_it(served: Served) -> None:
    _answered(served)
    page = _board(served)
    assert "under 20.000" in [row[0] for row in _table(page, "Svar efter størrelse")]
    assert "1: under" not in page.words


def test_the_board_names_no_answer(served: Served) -> None:
    save(served.visitor(), "/besvar/main", {"remark": "Hemmelig bemærkning", "placed": "4711"}, "save")
    page = _board(served)
    assert "Hemmelig" not in page.text
    assert "4711" not in page.text


def test_who_has_declined_or_submitted_is_called_by_nobody(served: Served) -> None:
    _answered(served)
    for unit in ("0751", "0825"):
        decline(served.store, *served.wave, unit, at=served.clock(), actor="Lene Holm")
    assert "Alle har svaret eller sagt nej tak." in _board(served).words


def test_each_wave_has_its_board_and_the_newest_comes_first(served: Served, tmp_path: Path) -> None:
    open_wave(served.store, tiny(tmp_path, "tiny/2015"), UNITS, origin="collected", at=WHEN, fieldwork=FIELDWORK)
    page = _board(served)
    (current,) = page.tree.xpath("//nav//a[@aria-current='page']/@href")
    assert current == "/status/tiny/2018"
    visitor = Visitor(served.client())
    assert visitor.open("/status/tiny/2015").form_with("password")
    assert _other(served, "/status/tiny/2015").status == 200
    assert _other(served, "/status/tiny/1999").status == 404


def _other(served: Served, path: str) -> Seen:
    visitor = Visitor(served.client())
    page = visitor.open("/status")
    visitor.press(page, page.form_with("password"), {"name": "Anna", "password": PASSWORD})
    return visitor.open(path)


def test_every_table_of_the_board_scrolls_by_itself_and_can_be_reached_by_the_keyboard(served: Served) -> None:
    page = _board(served)
    tables = page.tree.xpath("//table")
    assert len(tables) == 4
    for table in tables:
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-labelledby") == table.find("caption").get("id")
