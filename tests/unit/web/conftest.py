"""A server over the tiny survey, for tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from form_server import Served, serving_tiny


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving_tiny(tmp_path) as server:
        yield server
