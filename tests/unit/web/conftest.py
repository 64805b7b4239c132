"""A server over the tiny survey, for tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.store.access import secrets
from form_server import Served, serving_tiny


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at little cost: what they cost for real is tested where they are kept."""
    monkeypatch.setattr(secrets, "_COST", {**secrets._COST, "n": 2**5, "p": 1})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving_tiny(tmp_path) as server:
        yield server
