from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.store import Store
from tiny_survey import tiny_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path, "tiny/2015", "tiny/2018", "visits/1") as opened:
        yield opened
