"""Spells: how long each row lasted, from when it was observed, and how it ended. Everything in the room starts here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, get_args

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.calls import call
from evaltools.estimate.durations.about import About, about_dataset, ending_named, labels_in, source_of
from evaltools.estimate.durations.endings import Code, kinds_of, listed
from evaltools.estimate.durations.lasting import Columns, OnMissing, lasted
from evaltools.estimate.durations.moments import (
    Moments,
    Unit,
    alike,
    check_unit,
    column_of,
    moment_of,
    moments_of,
    months_of,
)
from evaltools.estimate.result import Source
from evaltools.language import Language, number, texts

_R_COLUMNS: Final = ("entry", "exit", "ending")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spells:
    """Durations of rows, all in one unit of time.

    entry : since when a row was observed, minus infinity where from its start. exit : how long it had lasted when it
    was last seen. ending : 0 for going on, else the place of its kind in `kinds`, counted from 1.
    rows : the columns of the frame, for groups. labels : words for the codes of columns. began, ended : calendar
    months since 1970 where the columns were dates, -1 for not ended; None for numbers. until : the last such month.
    origin : how long all had lasted when counting began; see `after`.
    """

    entry: Floats
    exit: Floats
    ending: Codes
    kinds: tuple[str, ...]
    rows: pd.DataFrame
    unit: Unit
    source: Source
    notes: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    began: Codes | None = None
    ended: Codes | None = None
    until: int | None = None
    origin: float = 0.0

    def __len__(self) -> int:
        return len(self.exit)

    def __repr__(self) -> str:
        return f"<{len(self)} spells in {self.unit}, ending: {', '.join(self.kinds)}>"

    @property
    def language(self) -> Language:
        """The language of the words in results."""
        return self.source.language

    @property
    def delayed(self) -> bool:
        """Whether some rows were observed only later than others."""
        return bool((self.entry > -np.inf).any())

    def say(self, key: str, **values: object) -> str:
        """A text of this room."""
        return texts(self.language).say(f"durations.{key}", **values)

    def told(self, value: float) -> str:
        """A number for a note, with at most one decimal."""
        return number(value, 0 if float(value).is_integer() else 1, self.language)

    def kind_named(self, kind: str) -> str:
        """A kind of ending in words."""
        return ending_named(kind, self.language)

    def r_data(self) -> pd.DataFrame:
        """What the R code of results reads as `data`: `entry`, `exit`, `ending` (0 going on), then the columns."""
        times = (np.maximum(self.entry, self.origin), self.exit, self.ending)
        made = self.rows.drop(columns=list(_R_COLUMNS), errors="ignore")
        for place, (name, values) in enumerate(zip(_R_COLUMNS, times, strict=True)):
            made.insert(place, name, values)
        return made

    def at(self, rows: Mask) -> Spells:
        """Some of the rows only; source and notes stay."""
        return replace(
            self,
            entry=self.entry[rows],
            exit=self.exit[rows],
            ending=self.ending[rows],
            rows=self.rows[rows],
            began=None if self.began is None else self.began[rows],
            ended=None if self.ended is None else self.ended[rows],
        )


def spells(  # noqa: PLR0913 a spell is made of these
    frame: pd.DataFrame | Dataset,
    *,
    end: str,
    start: str | None = None,
    ending: str | None = None,
    endings: Mapping[str, Code | Sequence[Code]] | None = None,
    going_on: Code | Sequence[Code] = (),
    entry: str | None = None,
    since: str | float | None = None,
    until: str | float | None = None,
    unit: Unit = "months",
    missing: OnMissing = "refuse",
    about: About | None = None,
) -> Spells:
    """How long each row lasted and how it ended, from columns of a frame.

    frame : one row per placement, waiting child or the like; or a registration from `load`.
    start, end : columns with dates (2018-03-15, 15.3.2018), months (2018-03) or numbers; without `start`, `end` holds
    durations. An empty `end` is going on at `until`, the end of the follow-up (a date, or a column of dates); what
    ended later was going on then. ending : column with the code of how it ended. endings : kind -> its code or codes,
    such as `PLACEMENT_ENDINGS`; without it each code is a kind. going_on : codes that are no ending.
    entry : column with the time from which a row was observed; since : the same for all rows. Rows that began before
    (a stock sample) count only from then on: delayed entry, or left truncation. unit : days, weeks, months or years.
    missing : `leave_out` leaves rows with missing times out, and says so. about : what the rows of a plain frame are.

    What happens within a month is placed in its middle; `since` is the first and `until` the last day of its month. A
    spell that ends in the month (or on the day) it began counts half of it.

    Returns `Spells`, which every verb of the room takes.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_SUCH_UNIT, NO_SUCH_RULE, NOT_A_TIME, MIXED_TIMES, MONTHS_ONLY,
    START_NEEDED, TIME_MISSING, NEGATIVE_TIME, ENDING_MISSING, ENDING_UNKNOWN, ENDING_TWICE, FOLLOWUP_OPEN,
    ENTRY_AFTER_END, NO_SPELLS.
    Source: Klein and Moeschberger (2003), chapter 3, for censoring and left truncation.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"start": ["2018-01", "2018-03", "2018-03"], "end": ["2018-06", None, "2018-03"]})
    >>> made = spells(rows, start="start", end="end", until="2018-12")
    >>> made.exit.tolist(), made.ending.tolist()
    ([5.0, 9.5, 0.5], [1, 0, 1])
    """
    check_unit(unit)
    _check_missing(missing)
    rows = frame.frame if isinstance(frame, Dataset) else frame
    times = alike(tuple(_read(rows, given) for given in (start, end, entry, since, until)))
    began_at = times[0] if start is not None else Moments("", np.zeros(len(rows)), "number")
    kinds, codes = kinds_of(rows, ending, endings, going_on, times[1].known)
    found = lasted(Columns(began_at, times[1], times[2], times[3], times[4], codes, rows.index), unit, missing)
    began, ended, last = _calendar(times, found.kept, found.ending)
    arguments = {
        "end": end, "start": start, "ending": ending, "endings": _written(endings), "going_on": going_on,
        "entry": entry, "since": since, "until": until, "unit": None if unit == "months" else unit,
        "missing": None if missing == "refuse" else missing,
    }  # fmt: skip
    made = Spells(
        entry=found.entry,
        exit=found.exit,
        ending=found.ending,
        kinds=kinds,
        rows=rows[found.kept],
        unit=unit,
        source=_source(frame, about, unit, (start, end, ending, entry), arguments),
        labels=labels_in(frame) if isinstance(frame, Dataset) else {},
        began=began,
        ended=ended,
        until=last,
    )
    notes = [made.say(f"note.{key}", count=count, rows=len(rows)) for key, count in found.said]
    notes += [made.say("note.delayed", count=int((made.entry > -np.inf).sum()), n=len(made))] if made.delayed else []
    return replace(made, notes=tuple(notes))


def after(spells: Spells, time: float) -> Spells:
    """The spells that lasted longer than a time, followed from then on: how it went for those who came so far.

    spells : from `spells`. time : in their unit. With a stock sample few are seen at the beginning of their spells,
    so that the first steps of a curve rest on very few; curves of these spells begin where enough are seen.
    Returns `Spells`. Raises `DesignError` NO_SPELLS.

    >>> import pandas as pd
    >>> made = spells(pd.DataFrame({"months": [2, 5, 9]}), end="months")
    >>> len(after(made, 3))
    2
    """
    kept = spells.exit > time
    if not kept.any():
        problem = f"no row lasted longer than {time:g} {spells.unit}"
        raise DesignError(Fault("NO_SPELLS", spells.source.question, problem, f"The longest: {spells.exit.max():g}."))
    some = spells.at(kept)
    since = np.where(some.entry <= time, -np.inf, some.entry)
    source = replace(spells.source, code=call("durations.after", spells.source.code, {}, time))
    note = spells.say("note.after", time=spells.told(time), unit=spells.say(f"unit.{spells.unit}"), count=len(some))
    return replace(some, entry=since, source=source, origin=time, notes=(*spells.notes, note))


def _check_missing(missing: str) -> None:
    if missing not in get_args(OnMissing):
        problem = f'there is no rule "{missing}" for missing times'
        raise DesignError(Fault("NO_SUCH_RULE", "missing", problem, near(missing, get_args(OnMissing))))


def _read(rows: pd.DataFrame, given: str | float | None) -> Moments:
    """A column by its name, or one point in time for all rows."""
    if given is None:
        return Moments("", np.full(len(rows), np.nan), "number")
    if isinstance(given, str) and (given in rows.columns or not any(map(str.isdigit, given))):
        return moments_of(column_of(rows, given), given)
    one = moment_of(given, str(given))
    return Moments(one.name, np.full(len(rows), one.values[0]), one.scale)


def _calendar(columns: tuple[Moments, ...], kept: Mask, ending: Codes) -> tuple[Codes | None, Codes | None, int | None]:
    """In which months the rows began and ended, and the last month of the follow-up."""
    start, end, _, _, until = columns
    if "number" in (start.scale, end.scale) or not end.known.any():
        return None, None, None
    began = months_of(start)[kept].astype(np.int64)
    ended = np.where(ending > 0, months_of(end)[kept], -1).astype(np.int64)
    last = np.nanmax(months_of(until if until.known.any() else end))
    return began, ended, int(last)


def _source(
    frame: pd.DataFrame | Dataset,
    about: About | None,
    unit: Unit,
    names: tuple[str | None, ...],
    arguments: Mapping[str, object],
) -> Source:
    used = tuple(name for name in names if name is not None)
    told = about_dataset(frame, used) if isinstance(frame, Dataset) else about or About()
    start, end, *_ = names
    say = texts(told.language).say
    named = {"start": start or "0", "end": end, "unit": say(f"durations.unit.{unit}")}
    return source_of(told, say("durations.question", **named), call("durations.spells", told.code, arguments))


def _written(endings: Mapping[str, Code | Sequence[Code]] | None) -> Mapping[str, tuple[Code, ...]] | None:
    return None if endings is None else {kind: listed(codes) for kind, codes in endings.items()}
