"""A staged rollout: what a plan can show, who adopted when, what changed against those without it, how surely."""

from evaltools.estimate.rollout.adopting import Adoption, adoption
from evaltools.estimate.rollout.aggregating import aggregate, event_study
from evaltools.estimate.rollout.diagnosing import goodman_bacon, two_way_fixed_effects
from evaltools.estimate.rollout.example import example_rollout
from evaltools.estimate.rollout.falsifying import leave_one_cohort_out, placebo_dates
from evaltools.estimate.rollout.groups import GroupTimeEffects, group_time_effects
from evaltools.estimate.rollout.imputing import imputation, sun_abraham
from evaltools.estimate.rollout.panels import About, RolloutPanel, panel
from evaltools.estimate.rollout.planning import (
    Assumed,
    Baseline,
    Order,
    Wedge,
    baseline,
    order_by_lot,
    order_by_unit,
    power,
    stepped_wedge_change,
    stepped_wedge_power,
    stock_against_flow,
    two_proportion_power,
    two_proportion_size,
)
from evaltools.estimate.rollout.pooling import pool_effects, pool_numbers
from evaltools.estimate.rollout.pretrends import pre_trend_power, pre_trend_test
from evaltools.estimate.rollout.randomising import AverageEffect, randomisation_test
from evaltools.estimate.rollout.sensitive import published_event_study, sensitivity
from evaltools.estimate.rollout.single import Series, interrupted_series, series, synthetic_control
from evaltools.estimate.rollout.synthetic import synthetic_difference

__all__ = [
    "About",
    "Adoption",
    "Assumed",
    "AverageEffect",
    "Baseline",
    "GroupTimeEffects",
    "Order",
    "RolloutPanel",
    "Series",
    "Wedge",
    "adoption",
    "aggregate",
    "baseline",
    "event_study",
    "example_rollout",
    "goodman_bacon",
    "group_time_effects",
    "imputation",
    "interrupted_series",
    "leave_one_cohort_out",
    "order_by_lot",
    "order_by_unit",
    "panel",
    "placebo_dates",
    "pool_effects",
    "pool_numbers",
    "power",
    "pre_trend_power",
    "pre_trend_test",
    "published_event_study",
    "randomisation_test",
    "sensitivity",
    "series",
    "stepped_wedge_change",
    "stepped_wedge_power",
    "stock_against_flow",
    "sun_abraham",
    "synthetic_control",
    "synthetic_difference",
    "two_proportion_power",
    "two_proportion_size",
    "two_way_fixed_effects",
]
