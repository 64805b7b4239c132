"""What many tests share: one rehearsal of the municipal questionnaire per worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with both waves of the municipal questionnaire, rehearsed. Read only: copy it to change it."""
    path = tmp_path_factory.mktemp("rehearsal") / "rehearsal.db"
    assert main(["rehearse", str(ROOT / "surveys" / "network_methods"), "--store", str(path)]) == 0
    return path
