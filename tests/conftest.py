"""What many tests share: one rehearsal of the municipal questionnaire per worker."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from browser_started import browser, here
from evaltools.cli import main

ROOT = Path(__file__).parents[1]
__all__ = ["browser", "here"]  # fixtures of the tests in `browser`

# the same draws in every run, so that a red run is about the change; `HYPOTHESIS_PROFILE=default` draws anew
settings.register_profile("seeded", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "seeded"))


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with both waves of the municipal questionnaire, rehearsed. Read only: copy it to change it."""
    path = tmp_path_factory.mktemp("rehearsal") / "rehearsal.db"
    assert main(["rehearse", str(ROOT / "surveys" / "network_methods"), "--store", str(path)]) == 0
    return path
