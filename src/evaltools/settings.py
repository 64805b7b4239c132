"""The settings of a chapter, read once from the environment. Only the porches (`cli`, `notebook`) read them."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STORE: Final = "EVALTOOLS_STORE"
SNAPSHOT: Final = "EVALTOOLS_SNAPSHOT"
PLAN: Final = "EVALTOOLS_PLAN"
CELLS: Final = "EVALTOOLS_CELLS"
DICTIONARY: Final = "EVALTOOLS_DICTIONARY"
TRACE: Final = "EVALTOOLS_TRACE"
SMTP_PASSWORD: Final = "EVALTOOLS_SMTP_PASSWORD"  # noqa: S105 its name, not the password

_DEFAULT_STORE: Final = Path("out") / "rehearsal.db"
_DEFAULT_DICTIONARY: Final = Path("data_dictionary")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a chapter finds its data.

    A build gives it a snapshot, a plan and a private file for confidential cells; a researcher has only a store.
    """

    store: Path | None
    snapshot: Path | None
    plan: Path | None
    cells: Path | None
    dictionary: Path | None


def read_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """The settings in an environment; what is not set is looked for in `folder` and the folders above it.

    >>> read_settings({"EVALTOOLS_STORE": "answers.db"}, Path(".")).store.name
    'answers.db'
    """

    def path(name: str, default: Path | None = None) -> Path | None:
        if name in environment:
            return Path(environment[name])
        return None if default is None else nearest(folder, default)

    return Settings(
        store=path(STORE, _DEFAULT_STORE),
        snapshot=path(SNAPSHOT),
        plan=path(PLAN),
        cells=path(CELLS),
        dictionary=path(DICTIONARY, _DEFAULT_DICTIONARY),
    )


def person_at_work() -> str:
    """Who runs the program, by the name they have on this machine; `unknown` where the machine does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # what it raises differs by system and by version
        return "unknown"


def nearest(folder: Path, wanted: Path) -> Path | None:
    """The wanted file or folder in this folder or the nearest one above that has it."""
    absolute = folder.resolve()
    for place in (absolute, *absolute.parents):
        if (place / wanted).exists():
            return place / wanted
    return None
