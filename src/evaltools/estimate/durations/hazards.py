"""Proportional hazards: how the rate of ending goes with what is known of a row. Own likelihood, with Efron's ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.calls import call
from evaltools.estimate.durations import rcode
from evaltools.estimate.durations.about import code_named, computed
from evaltools.estimate.durations.counting import check_events, ended_so, events_of
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.durations.moments import column_of
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row

_STEPS: Final = 40
_CLOSE: Final = 1e-10
_LAST: Final = 300.0
"""Beyond e^300 either way a limit is none."""
_TOO_LARGE: Final = 15.0
"""Standard deviations times a coefficient: beyond e^15 the data know no limit."""


@dataclass(frozen=True, slots=True)
class _Term:
    """One column of the model. category, label : which value it stands for; "" for a number."""

    name: str
    values: Floats
    category: str = ""
    label: str = ""


def cox(
    spells: Spells, on: str | Sequence[str], *, ending: str | Sequence[str] | None = None, level: float = 0.95
) -> Estimate:
    """How the rate of ending goes with columns, all in one proportional hazards model (log hazard ratios).

    spells : from `spells`. on : columns; numbers as they are, words and codes as categories against the first one.
    ending : the endings that count, where others censor (cause-specific rates); all without it.
    The model takes the ratio of two rates to be the same at every length of time: look at the curves too.
    Returns rows of measure `coefficient` with coordinates `variable` and `category`, their covariance and normal
    intervals; `extra` has `lr_statistic`, `lr_df`, `log_likelihood`; `base` is the number of endings.
    `hazard_ratios` gives their exponentials. Delayed entry counts.
    Raises `DesignError`: NO_SUCH_VARIABLE, GROUP_MISSING, NO_SUCH_ENDING, NO_EVENTS, NOTHING_TO_EXPLAIN, SEPARATED.
    Source: Cox (1972), JRSS B 34; ties by Efron (1977), JASA 72; R `coxph`. level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"m": [1, 2, 3, 4, 5, 6], "age": [3, 9, 4, 8, 6, 7]})
    >>> round(cox(durations.spells(rows, end="m"), "age").rows[0].estimate, 3)
    -0.253
    """
    check_level(level)
    events = events_of(spells, ending)
    check_events(spells, events)
    happened = ended_so(spells, events)
    names = (on,) if isinstance(on, str) else tuple(on)
    terms = [term for name in names for term in _terms(spells, name)]
    matrix = np.column_stack([term.values for term in terms]) if terms else np.zeros((len(spells), 0))
    _check_rank(terms, matrix, names)
    fit = _Fit.of(spells, happened, matrix, terms)
    z = float(ndtri((1 + level) / 2))
    rows = tuple(
        Row(
            coordinates=(("variable", term.name), ("category", term.category)),
            labels=(term.name, term.label),
            estimate=float(fit.values[place]),
            n=len(spells),
            base=float(happened.sum()),
            method=spells.say("method.cox"),
            se=float(np.sqrt(fit.covariance[place, place])),
            low=float(fit.values[place] - z * np.sqrt(fit.covariance[place, place])),
            high=float(fit.values[place] + z * np.sqrt(fit.covariance[place, place])),
            level=level,
        )
        for place, term in enumerate(terms)
    )
    return Estimate(
        measure="coefficient",
        rows=rows,
        source=computed(spells.source, "cox", {"ending": ending, "level": level}, on),
        notes=(*spells.notes, *_references(spells, names), spells.say("note.proportional")),
        covariance=fit.covariance,
        r=rcode.cox(spells, events, names, {term.name for term in terms if term.category}),
        extra={
            "log_likelihood": fit.log_likelihood,
            "lr_statistic": 2 * (fit.log_likelihood - fit.without),
            "lr_df": float(len(terms)),
        },
    )


def hazard_ratios(model: Estimate) -> Estimate:
    """The exponentials of the coefficients of `cox`: how many times as high the rate of ending is.

    model : from `cox`. Returns its rows with limits that are the exponentials of its limits.
    Raises `DesignError` NO_RATIOS for another result, and where a limit has no end.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"m": [1, 2, 3, 4, 5, 6], "age": [3, 9, 4, 8, 6, 7]})
    >>> round(hazard_ratios(cox(durations.spells(rows, end="m"), "age")).rows[0].estimate, 2)
    0.78
    """
    if not model.source.code.startswith("durations.cox("):
        problem = f"a {model.measure} has no hazard ratios"
        raise DesignError(Fault("NO_RATIOS", model.source.question, problem, "Take the result of `cox`."))
    rows = tuple(_exponential(row) for row in model.rows)
    values = np.array([row.estimate for row in rows])
    assert model.covariance is not None
    return replace(
        model,
        rows=rows,
        source=replace(model.source, code=call("durations.hazard_ratios", model.source.code, {})),
        covariance=model.covariance * np.outer(values, values),
        r=f"{model.r}$conf.int",
    )


def _exponential(row: Row) -> Row:
    assert row.low is not None
    assert row.high is not None
    assert row.se is not None
    if max(row.high, -row.low) > _LAST:
        problem = f"the limits of {' '.join(row.labels).strip()} are so far apart that the ratio has none"
        raise DesignError(Fault("NO_RATIOS", row.key, problem, "Take fewer columns, or merge categories."))
    value = float(np.exp(row.estimate))
    return replace(row, estimate=value, se=value * row.se, low=float(np.exp(row.low)), high=float(np.exp(row.high)))


def _terms(spells: Spells, name: str) -> list[_Term]:
    column = column_of(spells.rows, name)
    if column.isna().any():
        problem = f'"{name}" is empty in {int(column.isna().sum())} rows'
        raise DesignError(Fault("GROUP_MISSING", name, problem, "Leave these rows out on purpose, or fill them."))
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float)
        if not np.isfinite(values).all():
            problem = f'"{name}" has a number without end in row {int((~np.isfinite(values)).argmax()) + 1}'
            raise DesignError(Fault("NOT_A_NUMBER", name, problem, "Give numbers, or leave the row out."))
        return [_Term(name, values)]
    place, distinct = pd.factorize(column, sort=True)
    words = spells.labels.get(name, {})
    codes = [code_named(value) for value in distinct]
    return [
        _Term(name, (place == number).astype(float), code, words.get(code, code))
        for number, code in enumerate(codes)
        if number
    ]


def _references(spells: Spells, names: Sequence[str]) -> tuple[str, ...]:
    told = []
    for name in names:
        column = spells.rows[name]
        if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            first = code_named(sorted(column.unique())[0])
            told.append(f"{name}: {spells.labels.get(name, {}).get(first, first)}")
    return (spells.say("note.references", references="; ".join(told)),) if told else ()


def _check_rank(terms: Sequence[_Term], matrix: Floats, columns: Sequence[str]) -> None:
    centred = matrix - matrix.mean(axis=0) if len(matrix) else matrix
    if not matrix.shape[1] or np.linalg.matrix_rank(centred) < matrix.shape[1]:
        names = ", ".join(dict.fromkeys([term.name for term in terms] or columns))
        problem = f"of {names or 'the columns'}, some never vary or follow from the others"
        raise DesignError(Fault("NOTHING_TO_EXPLAIN", names, problem, "Leave out what says the same twice."))


def _told(curve: Floats) -> bool:
    """Whether the likelihood bends enough in every direction to tell all coefficients apart."""
    return bool(np.isfinite(curve).all() and np.linalg.cond(curve) <= 1 / np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients, their covariance, the log partial likelihood with them and without any."""

    values: Floats
    covariance: Floats
    log_likelihood: float
    without: float

    @classmethod
    def of(cls, spells: Spells, happened: Mask, matrix: Floats, terms: Sequence[_Term]) -> _Fit:
        """Newton's method on centred and scaled columns, halving a step that does not climb."""
        scale = matrix.std(axis=0)
        likelihood = _Likelihood.of(spells, happened, (matrix - matrix.mean(axis=0)) / scale)
        values = np.zeros(matrix.shape[1])
        height, slope, curve = likelihood.at(values)
        without = height
        for _ in range(_STEPS):
            step = whole = np.linalg.lstsq(curve, slope, rcond=None)[0]
            better = likelihood.at(values + step)
            while not better[0] >= height - 1e-9 and np.abs(step).max() > _CLOSE:
                step = step / 2
                better = likelihood.at(values + step)
            values = values + step
            gained, (height, slope, curve) = better[0] - height, better
            if np.abs(values).max() > _TOO_LARGE or not _told(curve):
                break
            if gained < _CLOSE and np.abs(whole).max() < 1e-8:  # a step that was halved to nothing is no end
                covariance = np.linalg.inv(curve) / np.outer(scale, scale)
                return cls(values / scale, covariance, height, without)
        worst = terms[int(np.abs(values).argmax())]
        name = f"{worst.name} {worst.label}".strip()
        problem = f'"{name}" separates those who ended from those who did not, so that its rate has no limit'
        raise DesignError(Fault("SEPARATED", worst.name, problem, "Merge the category with a neighbour."))


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """What the partial likelihood needs, once: columns, events in order of time, and who is at risk at each."""

    matrix: Floats
    by_exit: Codes
    by_entry: Codes
    exits: Floats
    entries: Floats
    event_rows: Codes
    event_times: Floats
    time_of_event: Codes
    share_of_tie: Floats

    @classmethod
    def of(cls, spells: Spells, happened: Mask, matrix: Floats) -> _Likelihood:
        """Events sorted by time; of d at the same time, the k-th counts k/d of all of them out (Efron)."""
        rows = np.flatnonzero(happened)
        rows = rows[np.argsort(spells.exit[rows], kind="stable")]
        times, which, counts = np.unique(spells.exit[rows], return_inverse=True, return_counts=True)
        rank = np.arange(len(rows)) - np.concatenate([[0], np.cumsum(counts)[:-1]])[which]
        return cls(
            matrix=matrix,
            by_exit=np.argsort(spells.exit, kind="stable"),
            by_entry=np.argsort(spells.entry, kind="stable"),
            exits=np.sort(spells.exit),
            entries=np.sort(spells.entry),
            event_rows=rows,
            event_times=times,
            time_of_event=which,
            share_of_tie=rank / counts[which],
        )

    def at(self, values: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood, its slope, and minus its second derivative."""
        linear = self.matrix @ values
        shift = float(linear.max())
        weight = np.exp(linear - shift)
        size = self.matrix.shape[1]
        first = weight[:, None] * self.matrix
        second = (first[:, :, None] * self.matrix[:, None, :]).reshape(len(weight), size * size)
        moments = np.column_stack([weight, first, second])
        risk = self._risk(moments)[self.time_of_event]
        tied = np.zeros((len(self.event_times), moments.shape[1]))
        np.add.at(tied, self.time_of_event, moments[self.event_rows])
        sums = risk - self.share_of_tie[:, None] * tied[self.time_of_event]
        mean = sums[:, 1 : size + 1] / sums[:, :1]
        height = float(linear[self.event_rows].sum() - (np.log(sums[:, 0]) + shift).sum())
        slope = (self.matrix[self.event_rows] - mean).sum(axis=0)
        curve = (sums[:, size + 1 :] / sums[:, :1]).sum(axis=0).reshape(size, size) - mean.T @ mean
        return height, slope, curve

    def _risk(self, moments: Floats) -> Floats:
        """Sums over the rows at risk at each event time: entered before it, and not seen last before it."""
        nothing = np.zeros((1, moments.shape[1]))
        gone = np.vstack([nothing, np.cumsum(moments[self.by_exit], axis=0)])
        come = np.vstack([nothing, np.cumsum(moments[self.by_entry], axis=0)])
        entered = come[np.searchsorted(self.entries, self.event_times, side="left")]
        return np.asarray(entered - gone[np.searchsorted(self.exits, self.event_times, side="left")])
