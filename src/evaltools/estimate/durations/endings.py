"""The column that says how a spell ended, read as kinds of ending: competing reasons why it could not go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Mask
from evaltools.estimate.durations.about import code_named
from evaltools.estimate.durations.moments import column_of, rows_named

Code = str | int | float

GOING_ON: Final = 0
"""The code of a spell that was still going on when it was last seen."""
UNKNOWN: Final = -1
ENDED: Final = "ended"
"""The only kind where no column says how a spell ended."""


def kinds_of(
    rows: pd.DataFrame,
    ending: str | None,
    endings: Mapping[str, Code | Sequence[Code]] | None,
    going_on: Code | Sequence[Code],
    has_end: Mask,
) -> tuple[tuple[str, ...], Codes]:
    """The kinds, and for each row 0 for going on, the place of its kind from 1, or -1 where that is not known."""
    if ending is None:
        if endings:
            problem = "kinds of endings are given, but no column that says which one a row had"
            raise DesignError(Fault("ENDING_UNKNOWN", "endings", problem, "Name the column: ending=..."))
        return (ENDED,), has_end.astype(np.int64)
    column = column_of(rows, ending)
    place, distinct = pd.factorize(column)
    names = [code_named(value) for value in distinct]
    open_codes = {code_named(each) for each in listed(going_on)}
    kinds = _kinds(endings, [name for name in sorted(names, key=_sorting) if name not in open_codes])
    of_code = _by_code(ending, kinds) | dict.fromkeys(open_codes, GOING_ON)
    strange = np.array([name not in of_code for name in names], dtype=bool)
    if strange.any():
        where = rows_named(column.index[np.append(strange, False)[place]])
        problem = f'"{ending}" has the code "{names[int(strange.argmax())]}", which is no ending ({where})'
        remedy = "Put it under a kind in `endings`, or under `going_on`."
        raise DesignError(Fault("ENDING_UNKNOWN", ending, problem, remedy))
    codes = np.array([*(of_code[name] for name in names), UNKNOWN], dtype=np.int64)
    return tuple(kinds), codes[place]


def listed(codes: Code | Sequence[Code]) -> tuple[Code, ...]:
    """One code or several as several."""
    return (codes,) if isinstance(codes, (str, int, float)) else tuple(codes)


def _kinds(endings: Mapping[str, Code | Sequence[Code]] | None, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    if endings is None:
        return {name: (name,) for name in names}
    return {kind: tuple(map(code_named, listed(codes))) for kind, codes in endings.items()}


def _by_code(ending: str, kinds: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, (kind, codes) in enumerate(kinds.items(), 1):
        for code in codes:
            if code in found:
                problem = f'the code "{code}" stands under two kinds: "{list(kinds)[found[code] - 1]}" and "{kind}"'
                raise DesignError(Fault("ENDING_TWICE", ending, problem, "Leave it under one of them."))
            found[code] = number
    return found


def _sorting(name: str) -> tuple[int, float, str]:
    """Figures by size, then words."""
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name
