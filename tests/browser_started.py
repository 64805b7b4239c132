"""A real browser for the tests in this folder; where there is none they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from chromium import CHROMIUM, chromium
from served_stage import Stage, stage


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once per file: while it is driven, its event loop keeps out that of every other test."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not found: install Debian's package chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stage]:
    """The server that tests of the served form visit, where there is a browser to visit it with."""
    assert browser
    with stage(tmp_path_factory.mktemp("served")) as made:
        yield made
