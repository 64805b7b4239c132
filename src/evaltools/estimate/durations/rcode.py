"""R code (package survival, cmprsk or base) for results about spells; `data` is `Spells.r_data()`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from evaltools.estimate.arrays import Mask
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.result import NO_R

_LIBRARY: Final = "library(survival)\n"


def surv(spells: Spells, status: str) -> str:
    """The outcome of a formula: from the entry on, where some came in late or counting began late."""
    late = spells.delayed or spells.origin > 0
    return f"Surv({'entry, ' if late else ''}exit, {status})"


def status(events: Mask) -> str:
    """Whether a row had the event."""
    places = [str(place) for place, counts in enumerate(events.tolist(), 1) if counts]
    return "ending > 0" if events.all() else f"ending %in% c({', '.join(places)})"


def kaplan_meier(spells: Spells, events: Mask, by: str | None, interval: str, level: float) -> str:
    """The curve with its limits."""
    how = f'data = data, conf.type = "{interval}", conf.int = {level!r}'
    return f"{_LIBRARY}summary(survfit({surv(spells, status(events))} ~ {terms(by)}, {how}))"


def incidence(spells: Spells, by: str | None) -> str:
    """The incidences of all endings with their standard errors."""
    identity = ", id = seq_len(nrow(data))" if spells.delayed or spells.origin > 0 else ""
    return f"{_LIBRARY}summary(survfit({surv(spells, 'factor(ending)')} ~ {terms(by)}, data = data{identity}))"


def median(spells: Spells, events: Mask, by: str | None, interval: str, level: float) -> str:
    """The median with its limits."""
    how = f'data = data, conf.type = "{interval}", conf.int = {level!r}'
    return f"{_LIBRARY}survfit({surv(spells, status(events))} ~ {terms(by)}, {how})"


def restricted_mean(spells: Spells, events: Mask, by: str | None, until: float) -> str:
    """The area under the curve up to a limit."""
    fitted = f"survfit({surv(spells, status(events))} ~ {terms(by)}, data = data)"
    return f"{_LIBRARY}print({fitted}, rmean = {until!r})"


def log_rank(spells: Spells, events: Mask, by: str) -> str:
    """The test; `survdiff` has no form for delayed entry."""
    if spells.delayed:
        return f"{NO_R}survdiff takes no delayed entry"
    return f"{_LIBRARY}survdiff({surv(spells, status(events))} ~ {by}, data = data)"


def gray(spells: Spells, by: str, ending: str) -> str:
    """The test of one ending."""
    place = spells.kinds.index(ending) + 1
    return f'library(cmprsk)\nwith(data, cuminc(exit, ending, {by}, cencode = 0))$Tests["{place}", ]'


def cox(spells: Spells, events: Mask, names: Sequence[str], categories: Collection[str]) -> str:
    """The model; columns of codes as factors."""
    written = [f"factor({name})" if name in categories else name for name in names]
    return f"{_LIBRARY}summary(coxph({surv(spells, status(events))} ~ {terms(written)}, data = data))"


def terms(names: str | Sequence[str] | None) -> str:
    """The right side of a formula."""
    if names is None:
        return "1"
    return " + ".join((names,) if isinstance(names, str) else names)
