"""Exhibits travel through a notebook and come out as they went in, without what is confidential."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evaltools.memo.transport import from_bundle, to_bundle
from evaltools.present.model import ConfidentialCell, Exhibit
from memo_fixtures import figure, number, sentence, table

CELL = ConfidentialCell("proportion(...) | region=4917", count=4917, base=4918, rule="small_count", hidden=True)


@pytest.mark.parametrize("exhibit", [number(), figure(), table(), sentence()])
def test_an_exhibit_survives_the_way_through_a_notebook(exhibit: Exhibit) -> None:
    bundle = json.loads(json.dumps(to_bundle("some-id", exhibit)))
    assert from_bundle(bundle) == ("some-id", exhibit)


@pytest.mark.parametrize(
    "exhibit", [replace(figure(), cells=(CELL,)), replace(table(), cells=(CELL,)), replace(sentence(), cells=(CELL,))]
)
def test_confidential_cells_never_enter_a_notebook(exhibit: Exhibit) -> None:
    bundle = json.dumps(to_bundle("some-id", exhibit))
    assert "4917" not in bundle


def test_ordinary_output_is_no_exhibit() -> None:
    assert from_bundle({"text/plain": "1"}) is None
