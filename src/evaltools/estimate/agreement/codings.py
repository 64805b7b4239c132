"""What several coders called the same units: read from columns of a table, with codes that mean missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate import arrays
from evaltools.estimate.result import Source
from evaltools.language import Language, texts
from evaltools.schema.model import STRICTEST


@dataclass(frozen=True, slots=True)
class Codes:
    """How codes are read. order : from lowest to highest, for scales whose codes are no numbers.

    missing : codes that say that a coder gave none, such as `("99", "ved ikke")`; empty cells always do. language : of
    the words around the result, where the codes are no questionnaire's.
    """

    order: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    language: Language = "da"


PLAIN: Final = Codes()


@dataclass(frozen=True, slots=True, eq=False)
class Codings:
    """placed : units x coders, the place of each code in `codes`, -1 where there is none. numbers : their values."""

    placed: arrays.Codes
    codes: tuple[str, ...]
    numbers: arrays.Floats | None
    coders: tuple[str, ...]
    data: Dataset | None
    plain: Language = "da"

    @property
    def counts(self) -> arrays.Floats:
        """Units x codes: how many coders gave each."""
        made = np.zeros((len(self.placed), len(self.codes)))
        for column in self.placed.T:
            given = np.flatnonzero(column >= 0)
            np.add.at(made, (given, column[given]), 1.0)
        return made

    @property
    def language(self) -> Language:
        """That of the questionnaire, or what `Codes` says of a plain table."""
        return self.data.questionnaire.languages[0] if self.data is not None else self.plain


def read_codings(frame: pd.DataFrame | Dataset, coders: Sequence[str], codes: Codes) -> Codings:
    """The codes of at least two coders, each in a column of its own.

    Raises `DesignError`: TOO_FEW_CODERS, NO_SUCH_VARIABLE, CODER_TWICE, CODE_WITHOUT_ORDER, NO_CODES.
    """
    rows = frame.frame if isinstance(frame, Dataset) else frame
    _check_coders(rows, coders)
    said = np.column_stack([_as_text(rows[name], codes.missing) for name in coders])
    given = list(dict.fromkeys(value for value in said.ravel().tolist() if value))
    if not given:
        problem = f"no coder gave a code ({', '.join(coders)})"
        raise DesignError(Fault("NO_CODES", "coders", problem, "See whether all codes are listed as missing."))
    known, numbers = _ordered(given, codes.order)
    place = {code: at for at, code in enumerate(known)} | {"": -1}
    placed = np.array([[place[value] for value in row] for row in said.tolist()], dtype=np.int64)
    data = frame if isinstance(frame, Dataset) else None
    return Codings(placed, known, numbers, tuple(coders), data, codes.language)


def source_of(found: Codings, code: str) -> Source:
    """Where the agreement comes from."""
    data, say = found.data, texts(found.language).say
    kinds = (
        [data.variables[name].field.item.confidentiality for name in found.coders if name in data.variables]
        if data
        else []
    )
    return Source(
        origin=data.origin if data else "collected",
        survey=data.questionnaire.id if data else "frame",
        question=say("agreement.question", coders=", ".join(found.coders)),
        universe=say("agreement.universe"),
        weight=say("estimate.weight.none"),
        confidentiality=min(kinds, key=STRICTEST.index, default="practice"),
        code=code,
        language=found.language,
    )


def _check_coders(rows: pd.DataFrame, coders: Sequence[str]) -> None:
    if isinstance(coders, str) or len(coders) < 2:
        problem = "agreement needs at least two coders"
        raise DesignError(Fault("TOO_FEW_CODERS", "coders", problem, 'Name their columns: ["first", "second"].'))
    arrays.check_columns(rows, coders, "coders")
    if len(set(coders)) < len(coders):
        problem = "a column is named twice, and would agree with itself"
        raise DesignError(Fault("CODER_TWICE", "coders", problem, "Name each coder once."))


def _as_text(column: pd.Series, missing: Sequence[str]) -> list[str]:
    """Each code as text, whole numbers without decimals; "" where there is none."""
    found = []
    for value in column.tolist():
        empty = value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
        whole = isinstance(value, float) and not empty and value.is_integer()
        text = "" if empty else str(int(value)) if whole else str(value).strip()
        found.append("" if text in missing else text)
    return found


def _ordered(given: list[str], order: Sequence[str]) -> tuple[tuple[str, ...], arrays.Floats | None]:
    """The codes from lowest to highest with their numbers: in the order that is given, else by number, else by text."""
    if order:
        for code in given:
            if code not in order:
                problem = f'the code "{code}" has no place in the order'
                raise DesignError(Fault("CODE_WITHOUT_ORDER", "codes", problem, near(code, order)))
        return tuple(order), _numbers(order)
    numbers = _numbers(given)
    if numbers is None:
        return tuple(sorted(given)), None
    places = np.argsort(numbers, kind="stable")
    return tuple(given[place] for place in places), numbers[places]


def _numbers(codes: Sequence[str]) -> arrays.Floats | None:
    try:
        return np.array([float(code) for code in codes])
    except ValueError:
        return None
