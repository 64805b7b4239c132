"""The panel of a rollout: which unit adopted when, in a plain long frame that is checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol

import numpy as np
import pandas as pd

from evaltools.dataset import Dataset, Panel
from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask, check_columns
from evaltools.estimate.calls import call
from evaltools.estimate.rollout.starting import period_text, starts_of, starts_of_treated, states_of
from evaltools.estimate.saying import check_said
from evaltools.language import Language, listed
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality

Incomplete = Literal["refuse", "leave_out"]
_PLAIN: Final = {
    "unit": "unit",
    "period": "period",
    "first": None,
    "treated": None,
    "codes": (),
    "size": None,
    "incomplete": "refuse",
}
_SHOWN: Final = 4
"""How many units a message names."""


@dataclass(frozen=True, slots=True)
class About:
    """In whose words a rollout is told.

    method : what is adopted ("Familierådslagning"). outcome : what is measured, in words; else the column's name.
    unit, counted : keys of `language.noun`: what adopts, and what the size of a unit counts. title : the source.
    confidentiality : what the outcome is about. code : the expression that gives the frame again.
    """

    method: str = ""
    outcome: str = ""
    unit: str = "municipality"
    counted: str = "child"
    title: str = ""
    origin: Origin = "collected"
    confidentiality: Confidentiality = "practice"
    language: Language = "da"
    code: str = "frame"

    def __post_init__(self) -> None:
        check_said(self.origin, self.confidentiality, self.language)


@dataclass(frozen=True, slots=True, eq=False)
class RolloutPanel:
    """Units over periods, complete and in order: row `u * periods + p` of `frame` is unit u in period p.

    starts : by unit, the place of the first period with the method; `len(periods)` for those that never had it.
    reversals : units that had it and then not.  size : column, or "".
    """

    frame: pd.DataFrame
    units: tuple[str, ...]
    periods: tuple[str, ...]
    starts: Codes
    reversals: tuple[str, ...]
    size: str
    names: tuple[str, str, str]
    """The user's columns of unit, period and adoption."""
    incomplete: Incomplete
    about: About
    code: str
    codes: tuple[str, ...]
    """Values of the column of adoption in periods with the method; none where it tells the first period."""
    unknown: Mask
    """Units x periods where it is not known whether the unit had the method."""
    kinds: Mapping[str, Confidentiality] = field(default_factory=dict)
    """What each column of a questionnaire is about; empty for plain frames."""

    @property
    def never(self) -> int:
        """The start of units that never had the method."""
        return len(self.periods)

    def matrix(self, column: str) -> Floats:
        """A column as units x periods. Raises `DesignError` NO_SUCH_VARIABLE, NOT_A_NUMBER."""
        check_columns(self.frame, [column], "rollout")
        numbers = pd.to_numeric(self.frame[column], errors="coerce")
        wrong = (numbers.isna() & self.frame[column].notna()) | numbers.abs().eq(np.inf)
        if wrong.any():
            problem = f'"{self.frame[column][wrong].iloc[0]}" in "{column}" is not a number'
            raise DesignError(
                Fault("NOT_A_NUMBER", "rollout", problem, "Give numbers, and nothing where none is known.")
            )
        return numbers.to_numpy(dtype=float).reshape(len(self.units), len(self.periods))

    def of_units(self, keep: Mask) -> RolloutPanel:
        """Of some of the units only."""
        units = tuple(name for name, kept in zip(self.units, keep.tolist(), strict=True) if kept)
        return replace(
            self,
            frame=self.frame[np.repeat(keep, len(self.periods))].reset_index(drop=True),
            units=units,
            reversals=tuple(name for name in self.reversals if name in units),
            starts=self.starts[keep],
            unknown=self.unknown[keep],
        )


class HasFrame(Protocol):
    """Anything that holds its rows as a plain frame, such as the result of `read_spss`."""

    @property
    def frame(self) -> pd.DataFrame:
        """The rows."""
        ...


def panel(  # noqa: PLR0913 the parts of a rollout are these
    frame: pd.DataFrame | Panel | HasFrame,
    *,
    unit: str = "unit",
    period: str = "period",
    first: str | None = None,
    treated: str | None = None,
    codes: Sequence[str] = (),
    size: str | None = None,
    incomplete: Incomplete = "refuse",
    about: About | None = None,
) -> RolloutPanel:
    """The panel of a rollout from a long frame: one row per unit and period.

    frame : with the columns `unit` and `period`; or a `Panel` of survey waves, whose periods are the column `wave`; or
    a `Dataset` with a column of periods. From these, what the questions are about decides what may be shown.
    Periods are numbers (years), or texts that sort in order of time (2016-Q3).
    first : column with the first period with the method; nothing, 0 or a later period for units without it.
    treated : instead of `first`, a column that is 1 in periods with the method and 0 in others; or that has one of
    `codes` in periods with it, and other values in others. Units whose answer is missing lack that period.
    size : column with the size of a unit, for averages over children instead of municipalities; the mean over the
    periods before anybody adopted counts. incomplete : `refuse` stops where a unit lacks a period, an outcome or a
    base; `leave_out` leaves such units out and says so. about : words for the results, and where the rows are from.

    Returns a `RolloutPanel`, which the other verbs take.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_ROWS, ADOPTION_NOT_GIVEN, TWICE_IN_A_PERIOD, FIRST_PERIOD_VARIES,
    NOT_A_PERIOD, NOT_TREATED_OR_NOT, TOO_FEW_PERIODS, NO_ADOPTERS, UNIT_WITHOUT_NAME, NO_SUCH_RULE.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"unit": list("aabb"), "period": [2015, 2016] * 2, "first": [2016, 2016, None, None]})
    >>> panel(rows, first="first").starts.tolist()
    [1, 2]
    """
    rows, told = _rows_of(frame, about or About())
    if incomplete not in ("refuse", "leave_out"):
        raise DesignError(
            Fault("NO_SUCH_RULE", "incomplete", f'there is no rule "{incomplete}"', "Say refuse or leave_out.")
        )
    given = [name for name in (first, treated) if name is not None]
    if len(given) != 1:
        remedy = "Name the column with the first period (`first`), or the one with 0 and 1 (`treated`)."
        raise DesignError(Fault("ADOPTION_NOT_GIVEN", "panel", f"{len(given)} columns tell who adopted when", remedy))
    check_columns(rows, [unit, period, *given, *([size] if size else [])], "panel")
    units, unit_code = _factor(rows[unit], unit)
    periods, period_code = _factor(rows[period], period)
    if len(periods) < 2:
        raise DesignError(
            Fault("TOO_FEW_PERIODS", period, "there is one period only", "Give periods before and after.")
        )
    place = unit_code * len(periods) + period_code
    _once_each(place, units, periods)
    full = _full(rows, place, len(units) * len(periods))
    reversals: Sequence[str] = ()
    if first is not None:
        starts = starts_of(rows[first], first, unit_code, units, periods)
        unknown = np.zeros((len(units), len(periods)), dtype=bool)
    else:
        state = states_of(full[given[0]], given[0], codes, len(periods))
        starts, reversals = starts_of_treated(state, units)
        unknown = np.isnan(state)
    if (starts == len(periods)).all():
        problem = f"no unit has a first period from {periods[0]} to {periods[-1]}"
        raise DesignError(Fault("NO_ADOPTERS", given[0], problem, "Look at the column: nobody adopts in these data."))
    arguments = {"unit": unit, "period": period, "first": first, "treated": treated, "codes": codes, "size": size}
    arguments |= {"incomplete": incomplete}
    return RolloutPanel(
        frame=full,
        units=units,
        periods=periods,
        starts=starts,
        reversals=tuple(reversals),
        size=size or "",
        names=(unit, period, given[0]),
        incomplete=incomplete,
        about=told,
        kinds=_kinds_of(frame),
        codes=() if first is not None else tuple(codes) or ("1",),
        unknown=unknown,
        code=call(
            "rollout.panel", told.code, {name: value for name, value in arguments.items() if _PLAIN[name] != value}
        ),
    )


def _title_of(data: Panel | Dataset, language: Language) -> str:
    """What a reader calls the survey, with its waves."""
    if isinstance(data, Dataset):
        return data.questionnaire.titled(language)
    titles = [each.questionnaire.title.to(language) for each in data.datasets.values()]
    return f"{titles[-1] if titles else data.survey}, {listed(data.waves, language)}"


def _rows_of(frame: pd.DataFrame | Panel | HasFrame, about: About) -> tuple[pd.DataFrame, About]:
    if isinstance(frame, (Panel, Dataset)):
        title = about.title or _title_of(frame, about.language)
        return frame.frame.reset_index(), replace(about, origin=frame.origin, code=frame.code, title=title)
    rows = frame if isinstance(frame, pd.DataFrame) else frame.frame
    if rows.empty:
        raise DesignError(Fault("NO_ROWS", "data", "there is no row", "Read the data again."))
    return rows, about


def _kinds_of(frame: object) -> Mapping[str, Confidentiality]:
    if not isinstance(frame, (Panel, Dataset)):
        return {}
    return {name: variable.field.item.confidentiality for name, variable in frame.variables.items()}


def _factor(column: pd.Series, name: str) -> tuple[tuple[str, ...], Codes]:
    """The distinct values in order, in words, and the place of each row's value among them."""
    if column.isna().any():
        problem = f'{int(column.isna().sum())} rows have nothing in "{name}"'
        raise DesignError(Fault("UNIT_WITHOUT_NAME", name, problem, "Fill the column, or leave these rows out."))
    codes, values = pd.factorize(column, sort=True)
    return tuple(period_text(value) for value in values), codes.astype(np.int64)


def _once_each(place: Codes, units: Sequence[str], periods: Sequence[str]) -> None:
    counts = np.bincount(place, minlength=1)
    if counts.max() > 1:
        where = int(counts.argmax())
        problem = f"{units[where // len(periods)]} has {counts.max()} rows in {periods[where % len(periods)]}"
        remedy = "Give one row per unit and period: add counts up, or average."
        raise DesignError(Fault("TWICE_IN_A_PERIOD", "panel", problem, remedy))


def _full(rows: pd.DataFrame, place: Codes, size: int) -> pd.DataFrame:
    """The rows in order of unit and period; a row of nothing where a unit lacks a period."""
    if len(place) == size and bool((place[1:] > place[:-1]).all()):
        return rows.reset_index(drop=True)
    ordered = rows.set_axis(place, axis=0)
    return ordered.reindex(np.arange(size)) if len(place) < size else ordered.sort_index()


def named(units: Sequence[str]) -> str:
    """The first few of some units, and how many there are besides.

    >>> named(list("abcdef"))
    'a, b, c, d and 2 more'
    """
    more = f" and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
    return ", ".join(units[:_SHOWN]) + more
