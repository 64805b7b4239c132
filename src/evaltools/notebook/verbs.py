"""The verbs that recorded code may use, bound to one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaltools import estimate
from evaltools.dataset import Dataset, Panel, build_dataset, panel
from evaltools.estimate import agreement, durations, economy, indicators, interval, models, monitor, rollout
from evaltools.estimate.result import Estimate
from evaltools.language import Language, Text
from evaltools.memo.expressions import Verbs
from evaltools.present.softening import rounded
from evaltools.store.model import Snapshot

_ESTIMATE = (
    "design",
    "proportion",
    "choices",
    "mean",
    "total",
    "ratio",
    "change",
    "contrast",
    "crosstab",
    "response",
    "item_response",
    "missing_kinds",
    "rao_scott",
    "poststratify",
    "rake",
    "calibrate",
    "trim",
    "standardise",
    "glm",
    "term_test",
    "effect_ratios",
    "average_marginal_effects",
    "predicted_means",
    "bootstrap",
    "half_samples",
    "jackknife",
    "with_replicates",
    "early_and_late",
    "response_balance",
    "design_effects",
    "publication_flags",
    "quantile",
    "variance",
    "adjusted",
    "cochran_q",
    "mcnemar",
    "t_test",
    "together",
    "answer_shares",
    "combinations",
    "permutation_test",
)
_MODELS = ("response_model", "response_test")
_DURATIONS = (
    "spells",
    "after",
    "waiting",
    "kaplan_meier",
    "cumulative_incidence",
    "median",
    "restricted_mean",
    "breakdown_rate",
    "ended_share",
    "rate_ratio",
    "log_rank",
    "gray_test",
    "cox",
    "hazard_ratios",
    "waiting_list",
)
_INDICATORS = ("two_proportions", "against_target", "shares", "status", "shrunken", "variation")
_MONITOR = ("counts_of", "merged", "run_chart", "p_chart", "p_prime_chart", "u_chart", "funnel")
_ECONOMY = ("Amount", "break_even", "computed", "cost_per_day", "incremental_cost", "present_value", "tornado")
_ROLLOUT = (
    "panel",
    "example_rollout",
    "adoption",
    "group_time_effects",
    "aggregate",
    "event_study",
    "imputation",
    "sun_abraham",
    "synthetic_difference",
    "two_way_fixed_effects",
    "goodman_bacon",
    "pre_trend_test",
    "pre_trend_power",
    "sensitivity",
    "placebo_dates",
    "leave_one_cohort_out",
    "baseline",
    "order_by_lot",
    "order_by_unit",
    "Assumed",
    "power",
    "stock_against_flow",
    "AverageEffect",
    "randomisation_test",
    "synthetic_control",
    "Wedge",
    "stepped_wedge_power",
    "stepped_wedge_change",
    "two_proportion_power",
    "two_proportion_size",
    "pool_numbers",
    "pool_effects",
)
"""Effects of adoption, what a plan could show, and those that need no rows but what the call says."""
_AGREEMENT = ("Codes", "Resampled", "cohen", "fleiss", "krippendorff")


def recorded_verbs(snapshot: Snapshot, published: Mapping[str, object]) -> Verbs:
    """Every verb that a register may name.

    snapshot : what `load` reads. published : the published cases that the register recorded, by id.
    """
    intervals = {f"interval.{name}": getattr(interval, name) for name in interval.__all__}

    def load(wave: str) -> Dataset:
        return build_dataset(wave, snapshot)

    def load_panel(survey: str, waves: Sequence[str]) -> Panel:
        return panel(snapshot, survey, waves)

    def published_case(case: str, *, level: float = 0.95, language: Language = "da") -> Estimate:
        return indicators.published_case(case, cases=published, level=level, language=language)

    return {
        "fixed": _fixed,
        "rounded": rounded,
        "load": load,
        "load_panel": load_panel,
        "published": published_case,
        "published_case": published_case,
        **{name: getattr(estimate, name) for name in _ESTIMATE},
        **{name: getattr(indicators, name) for name in _INDICATORS},
        "rate": _rate,
        "cited_rate": _cited_rate,
        "as_indicator": _as_indicator,
        **{name: getattr(economy, name) for name in _ECONOMY},
        **{name: getattr(agreement, name) for name in _AGREEMENT},
        **{name: getattr(models, name) for name in _MODELS},
        **{name: getattr(monitor, name) for name in _MONITOR},
        **{f"durations.{name}": getattr(durations, name) for name in _DURATIONS},
        **{f"rollout.{name}": getattr(rollout, name) for name in _ROLLOUT},
        **intervals,
    }


def _rate(name: str, count: int, base: int, *, place: str = "", when: str = "", age_base: str = "") -> indicators.Rate:
    """A rate whose counts are recorded; what its indicator says in words changes no number."""
    return indicators.rate(_named(name), count, base, place=place, when=when, age_base=age_base)


def _cited_rate(
    name: str, percent: float, *, citation: str, place: str = "", when: str = "", age_base: str = ""
) -> indicators.Rate:
    """A percentage that was cited."""
    return indicators.cited_rate(_named(name), percent, citation=citation, place=place, when=when, age_base=age_base)


def _named(name: str) -> indicators.Indicator:
    said = Text(name, name)
    return indicators.Indicator(name, said, said, said, said)


def _as_indicator(estimate: Estimate, name: str) -> Estimate:
    """Which indicator an estimate is of changes no number."""
    return estimate


def _fixed(value: float, source: str) -> float:
    """A constant is what it was written as; its source is words."""
    return value
