"""Where the units of a questionnaire stand: the file of its population in the dictionary beside it."""

from __future__ import annotations

from pathlib import Path

from evaltools import settings
from evaltools.errors import Fault, SettingsError
from evaltools.schema import Questionnaire
from evaltools.store import Unit, read_units


def units_of(questionnaire: Questionnaire, path: Path, file: Path | None = None) -> tuple[Unit, ...]:
    """The units of the questionnaire at `path`: from `file` if it is given, else from its data dictionary."""
    wanted = Path("data_dictionary") / "codelists" / f"{questionnaire.population}.csv"
    found = file or settings.nearest(path, wanted)
    if found is None or not found.exists():
        problem = f"the units of {questionnaire.id} are not in {found or wanted}"
        raise SettingsError(Fault("NO_UNITS_FILE", str(path), problem, "Name their file with --units FILE.csv."))
    return read_units(found)
