"""The porch of a chapter finds its data, shows only exhibits, and says what to do when something is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evaltools as ev
from evaltools.errors import ReleaseError, SettingsError
from evaltools.notebook import showing
from evaltools.notebook.loading import load, published
from evaltools.present.model import ConfidentialCell, SentenceExhibit, TableExhibit


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "SNAPSHOT", "PLAN", "CELLS", "DICTIONARY"):
        monkeypatch.delenv(f"EVALTOOLS_{name}", raising=False)
    return tmp_path


def test_without_a_store_the_porch_says_how_to_get_one(nowhere: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load("network_methods/2018")
    assert caught.value.code == "NO_STORE"


def test_without_a_dictionary_the_porch_says_where_to_run(nowhere: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        published("kobenhavn_new_families")
    assert caught.value.code == "NO_DICTIONARY"


@pytest.mark.parametrize("thing", [41, "41 kommuner", None, {"n": 41}])
def test_only_exhibits_can_be_shown(nowhere: Path, thing: Any) -> None:
    with pytest.raises(ReleaseError) as caught:
        ev.show("use", thing)
    assert caught.value.code == "NOT_AN_EXHIBIT"


@pytest.mark.parametrize("bad", ["tab use", "fig-use", "use", "Tab-use", "1"])
def test_the_id_of_a_table_begins_with_tab(nowhere: Path, bad: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        ev.show(bad, TableExhibit("T", ("a",), (), ""))
    assert caught.value.code == "BAD_ID"


def test_confidential_cells_go_to_the_private_file_and_not_into_the_output(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(showing, "_display", shown.append)
    monkeypatch.setenv("EVALTOOLS_CELLS", str(nowhere / "cells"))
    cell = ConfidentialCell("key", count=4917, base=4918, rule="small_count", hidden=True)
    ev.show("s_use", SentenceExhibit("Ingen tal.", {}, (cell,)))
    assert "4917" in (nowhere / "cells").read_text("utf-8")
    assert "4917" not in str(shown)
