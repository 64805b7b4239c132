"""The one place that knows diff-diff: numbers in, numbers out. None of its types, warnings or sentences leave it.

diff-diff takes seconds to import, and most work needs none of it: it is imported when the first estimate asks for it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Final

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats

_UNIT, _TIME, _START, _OUTCOME, _WEIGHT = "unit", "time", "start", "outcome", "weight"

_CAVEATS: Final = (
    ("rank_deficient", ("rank-deficient", "rank deficient", "collinear", "near-singular")),
    ("propensity", ("propensity", "overlap", "events per variable", "epv")),
    ("iterative", ("lsmr", "factoriz", "factoris", "converge")),
)
"""What a caveat of the engine is about, by words in it: keys of `rollout.caveat`."""
_EXPECTED: Final = ("not identified", "could not be estimated", "no untreated", "never-treated", "never treated")
"""Caveats about what cannot be estimated: told in our own words from the panel itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A complete panel as the engine takes it: values are units x periods.

    starts : by unit, the place (from 0) of its first treated period; the number of periods for those without.
    """

    values: Floats
    starts: Codes
    weights: Floats
    covariates: tuple[tuple[str, Floats], ...] = ()

    @property
    def weighted(self) -> bool:
        """Whether units count differently."""
        return bool(np.ptp(self.weights) > 0)

    def frame(self) -> pd.DataFrame:
        """The rows, with periods from 1 and a first period of 0 for units without treatment."""
        units, periods = self.values.shape
        start = np.where(self.starts < periods, self.starts + 1, 0)
        columns = {
            _UNIT: np.repeat(np.arange(units), periods),
            _TIME: np.tile(np.arange(1, periods + 1), units),
            _START: np.repeat(start, periods),
            _OUTCOME: self.values.ravel(),
            _WEIGHT: np.repeat(self.weights, periods),
        }
        more = {f"x{place}": matrix.ravel() for place, (_, matrix) in enumerate(self.covariates)}
        return pd.DataFrame({**columns, **more})

    def arguments(self, engine: ModuleType) -> dict[str, Any]:
        """What every fit is told."""
        told: dict[str, Any] = {"outcome": _OUTCOME, "unit": _UNIT, "time": _TIME, "first_treat": _START}
        if self.covariates:
            told["covariates"] = [f"x{place}" for place in range(len(self.covariates))]
        if self.weighted:
            told["survey_design"] = engine.SurveyDesign(weights=_WEIGHT)
        return told


@dataclass(frozen=True, slots=True)
class Heard:
    """Caveats of the engine, each once: keys of `rollout.caveat`; `other` counts those that have no words of ours."""

    keys: tuple[str, ...] = ()
    other: int = 0

    def about(self, layout: Layout) -> Heard:
        """Without caveats about covariates where there are none: the engine counts periods without rows as such."""
        keys = [key for key in self.keys if layout.covariates or key != "rank_deficient"]
        return replace(self, keys=tuple(keys))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Effects by start and period (places from 0). influence : units x cells, so that se is the root of its squares."""

    cells: tuple[tuple[int, int], ...]
    effects: Floats
    influence: Floats
    controls: tuple[int, ...]
    heard: Heard = field(default_factory=Heard)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Effects by event time with standard errors. n : treated rows behind each. covariance : None where not joint."""

    events: tuple[int, ...]
    effects: Floats
    errors: Floats
    n: tuple[int, ...]
    average: tuple[float, float]
    covariance: Floats | None = None
    heard: Heard = field(default_factory=Heard)


def version() -> str:
    """The version of diff-diff. Raises `DesignError` ROLLOUT_NOT_INSTALLED."""
    return str(_engine().__version__)


def group_time(layout: Layout, *, controls: str, anticipation: int, base: str) -> Cells:
    """Callaway and Sant'Anna's effects by group and time (by regression), with the influence of every unit."""
    engine = _engine()
    with _listening() as heard:
        fitted = engine.CallawaySantAnna(
            control_group=controls, estimation_method="reg", anticipation=anticipation, base_period=base
        ).fit(layout.frame(), **layout.arguments(engine))
    # not part of the engine's face, so that what is read is checked against what it tells
    influence = getattr(getattr(fitted, "_aggregation_kit", None), "influence", None)
    if influence is None:
        raise _differs()
    kept = [key for key, cell in fitted.group_time_effects.items() if key in influence and np.isfinite(cell["se"])]
    psi = np.zeros((len(layout.starts), len(kept)))
    for place, key in enumerate(kept):
        of_cell = influence[key]
        psi[of_cell["treated_idx"], place] += of_cell["treated_inf"]
        psi[of_cell["control_idx"], place] += of_cell["control_inf"]
    told = np.array([fitted.group_time_effects[key]["se"] for key in kept], dtype=float)
    _check_same(np.sqrt((psi**2).sum(axis=0)), told)
    return Cells(
        tuple((int(start) - 1, int(time) - 1) for start, time in kept),
        np.array([fitted.group_time_effects[key]["effect"] for key in kept], dtype=float),
        psi,
        tuple(int(fitted.group_time_effects[key]["n_control"]) for key in kept),
        heard(),
    )


def imputed(layout: Layout) -> Points:
    """Borusyak, Jaravel and Spiess's imputation: by event time, with the average over all treated rows."""
    engine = _engine()
    with _listening() as heard:
        fitted = engine.ImputationDiD().fit(layout.frame(), **layout.arguments(engine))
        table = fitted.aggregate("event_study")
    keep = ~np.asarray(table.is_reference) & np.isfinite(table.se)
    return Points(
        tuple(int(event) for event in np.asarray(table.event_time)[keep]),
        np.asarray(table.att, dtype=float)[keep],
        np.asarray(table.se, dtype=float)[keep],
        tuple(int(n) for n in np.asarray(table.n)[keep]),
        (float(fitted.att), float(fitted.se)),
        heard=heard().about(layout),
    )


def interacted(layout: Layout) -> Points:
    """Sun and Abraham's interaction-weighted regression: by event time, with the average."""
    engine = _engine()
    with _listening() as heard:
        fitted = engine.SunAbraham().fit(layout.frame(), **layout.arguments(engine))
    index = [int(event) for event in fitted.event_study_vcov_index]
    found = fitted.event_study_effects
    return Points(
        tuple(index),
        np.array([found[event]["effect"] for event in index], dtype=float),
        np.array([found[event]["se"] for event in index], dtype=float),
        tuple(int(found[event].get("n_groups", 0)) for event in index),
        (float(fitted.overall_att), float(fitted.overall_se)),
        np.asarray(fitted.event_study_vcov, dtype=float),
        heard().about(layout),
    )


def decomposed(layout: Layout) -> tuple[tuple[tuple[str, int, int, float, float], ...], Heard]:
    """Goodman-Bacon's comparisons with exact weights: kind, treated start, compared start, weight, estimate."""
    engine = _engine()
    told = {name: value for name, value in layout.arguments(engine).items() if name != "covariates"}
    with _listening() as heard:
        fitted = engine.BaconDecomposition(weights="exact").fit(layout.frame(), **told)
    return tuple(
        (
            str(each.comparison_type),
            _place(each.treated_group),
            _place(each.control_group),
            float(each.weight),
            float(each.estimate),
        )
        for each in fitted.comparisons
    ), heard()


def synthetic(values: Floats, treated: Sequence[int], start: int, *, seed: int, draws: int) -> dict[str, Any]:
    """Synthetic difference-in-differences with placebo variance: effect, se, p, weights of units and periods."""
    engine = _engine()
    units, periods = values.shape
    frame = pd.DataFrame(
        {
            _UNIT: np.repeat(np.arange(units), periods),
            _TIME: np.tile(np.arange(periods), units),
            _OUTCOME: values.ravel(),
            "treated": np.repeat(np.isin(np.arange(units), treated).astype(int), periods),
        }
    )
    with _listening() as heard:
        fitted = engine.SyntheticDiD(variance_method="placebo", n_bootstrap=draws, seed=seed).fit(
            frame,
            outcome=_OUTCOME,
            treatment="treated",
            unit=_UNIT,
            time=_TIME,
            post_periods=list(range(start, periods)),
        )
    return {
        "effect": float(fitted.att),
        "se": float(fitted.se),
        "p_value": float(fitted.p_value),
        "units": {int(unit): float(weight) for unit, weight in fitted.unit_weights.items()},
        "periods": {int(time): float(weight) for time, weight in fitted.time_weights.items()},
        "fit": float(fitted.pre_treatment_fit),
        "heard": heard(),
    }


def smooth_interval(
    effects: Floats, covariance: Floats, before: int, weights: Floats, curve: float, level: float
) -> tuple[float, float]:
    """Rambachan and Roth's shortest interval of fixed length where the trend bends by at most `curve` per period."""
    engine = _engine()
    count = len(effects) - before
    events = np.array([*range(-before - 1, -1), -1, *range(count)])
    reference = events == -1
    att, se = np.insert(effects, before, 0.0), np.insert(np.sqrt(np.diag(covariance)), before, np.nan)
    nothing = np.full(len(events), np.nan)
    table = engine.EventStudyResults(
        event_time=events, att=att, se=se, t_stat=nothing, p_value=nothing, conf_int_lower=nothing,
        conf_int_upper=nothing, is_reference=reference, n=nothing, reference_period=-1, vcov=covariance,
        vcov_index=events[~reference], source="CallawaySantAnnaResults", base_period="universal", anticipation=0,
        reference_event_times=(-1,),
    )  # fmt: skip
    with _listening():
        found = engine.HonestDiD(method="smoothness", M=curve, alpha=1 - level, l_vec=weights).fit(table)
    return float(found.ci_lb), float(found.ci_ub)


def _engine() -> ModuleType:
    """diff-diff, imported when it is first needed."""
    try:
        import diff_diff
    except ImportError as missing:
        remedy = 'Install the extra: pip install "evaltools[rollout]".'
        problem = "effects of a rollout are computed by diff-diff, which is not installed"
        raise DesignError(Fault("ROLLOUT_NOT_INSTALLED", "rollout", problem, remedy)) from missing
    return diff_diff  # type: ignore[no-any-return]


@contextmanager
def _listening() -> Iterator[Callable[[], Heard]]:
    """Collect what the engine warns of, so that nothing is printed; its own refusals become ours."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield lambda: _told([str(each.message).casefold() for each in caught])
        except (ValueError, TypeError, np.linalg.LinAlgError, RuntimeError) as refusal:
            problem = "the estimator found no way through these data"
            remedy = "See `adoption(panel)`: are there units without the method in every period, and periods before it?"
            raise DesignError(Fault("ENGINE_REFUSES", "rollout", problem, remedy)) from refusal


def _told(messages: Sequence[str]) -> Heard:
    keys: dict[str, None] = {}
    other: set[str] = set()
    for message in messages:
        key = next((key for key, words in _CAVEATS if any(word in message for word in words)), "")
        if key:
            keys[key] = None
        elif not any(word in message for word in _EXPECTED):
            other.add(message)
    return Heard(tuple(keys), len(other))


def _check_same(ours: Floats, theirs: Floats) -> None:
    if not np.allclose(ours, theirs, rtol=1e-8, atol=1e-12):
        raise _differs()


def _differs() -> DesignError:
    problem = "this version of diff-diff keeps the influence of units in another way"
    return DesignError(
        Fault("ENGINE_DIFFERS", "rollout", problem, "Install diff-diff 3.13, as requirements.lock has it.")
    )


def _place(start: object) -> int:
    """The place of a start from 0; -1 for units without treatment."""
    return int(start) - 1 if isinstance(start, (int, float, np.number)) else -1
