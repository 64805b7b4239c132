"""Puts together a survey that has nothing to do with the others, in a folder of its own.

Its questionnaire and code lists lie in `tests/stories/data/third_survey`; modules, concepts and the code lists that
modules name are lent from the project.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from evaltools.schema import Questionnaire, read_survey

PROJECT = Path(__file__).parents[1]
OWN = PROJECT / "tests/stories/data/third_survey"
WAVE = "surveys/reading_help/1"
LENT_FOLDERS = ("surveys/modules",)
LENT_FILES = (
    "concepts.yaml", "codelists/adoption_stage.csv", "codelists/fixedness.csv", "codelists/forms.csv",
    "codelists/quality.csv",
)  # fmt: skip


def build_third_survey(folder: Path) -> Path:
    """Copy the third survey into that folder; returns the root, which holds `surveys` and `data_dictionary`."""
    root = folder / "third_survey"
    shutil.copytree(OWN, root)
    for name in LENT_FOLDERS:
        shutil.copytree(PROJECT / name, root / name)
    for name in LENT_FILES:
        shutil.copy(PROJECT / "data_dictionary" / name, root / "data_dictionary" / name)
    return root


def read_third_survey(folder: Path) -> Questionnaire:
    """The third survey, read from a fresh copy in that folder."""
    return read_survey(build_third_survey(folder) / WAVE)
