"""The author's or programmer's mistakes: one exception family, one way to raise.

Every fault says where it is, what is wrong and what to do. A respondent's mistake is not an exception
but a `Problem` (see `evaltools.collect`); a statistical caveat is an entry in `notes` on a result.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: a stable code from `docs/errors.md`, the place, the problem and the remedy."""

    code: str
    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.problem}. {self.remedy} [{self.code}]"


class EvaltoolsError(Exception):
    """Base of every error that evaltools raises on purpose. `faults` lists all that was found, in order."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.faults[0].code

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class SchemaError(EvaltoolsError):
    """A questionnaire, module, code list or dictionary file is wrong."""


class CollectError(EvaltoolsError):
    """A file of answers cannot be read at all (one wrong answer is a `Problem`, not this)."""


class StoreError(EvaltoolsError):
    """The store cannot be opened, is newer than the program, or refuses what was asked."""


class DataError(EvaltoolsError):
    """A dataset cannot be built, or a variable is not what the call needs."""


class DesignError(EvaltoolsError):
    """A survey design or an estimate asks for something that makes no sense."""


class ReleaseError(EvaltoolsError):
    """A number may not be shown, or an exhibit lacks what readers need."""


class MemoError(EvaltoolsError):
    """A chapter, its prose or its numbers do not hold together."""


class ExchangeError(EvaltoolsError):
    """Another program's format cannot hold, or does not hold, what is asked."""


class ContactError(EvaltoolsError):
    """A file of contacts or links is wrong, or the mail server is not fit to send through."""


class SettingsError(EvaltoolsError):
    """A command, a path or a setting is wrong."""


def near(name: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known names.

    >>> near("b1_stag", ["b1_stage", "a5_project"])
    'Did you mean "b1_stage"?'
    >>> near("x", ["b1_stage", "a5_project"])
    'Use one of: a5_project, b1_stage.'
    """
    candidates = sorted(set(known))
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    shown = ", ".join(candidates[:12]) + (", ..." if len(candidates) > 12 else "")
    return f"Use one of: {shown}." if candidates else "There are none to choose from."
