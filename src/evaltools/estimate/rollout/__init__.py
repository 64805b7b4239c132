"""Effects of a staged rollout: who adopted when, what changed against those without the method, how sure that is."""

from evaltools.estimate.rollout.adopting import Adoption, adoption
from evaltools.estimate.rollout.aggregating import aggregate, event_study
from evaltools.estimate.rollout.diagnosing import goodman_bacon, two_way_fixed_effects
from evaltools.estimate.rollout.example import example_rollout
from evaltools.estimate.rollout.falsifying import leave_one_cohort_out, placebo_dates
from evaltools.estimate.rollout.groups import GroupTimeEffects, group_time_effects
from evaltools.estimate.rollout.imputing import imputation, sun_abraham
from evaltools.estimate.rollout.panels import About, RolloutPanel, panel
from evaltools.estimate.rollout.pretrends import pre_trend_power, pre_trend_test
from evaltools.estimate.rollout.sensitive import published_event_study, sensitivity
from evaltools.estimate.rollout.synthetic import synthetic_difference

__all__ = [
    "About",
    "Adoption",
    "GroupTimeEffects",
    "RolloutPanel",
    "adoption",
    "aggregate",
    "event_study",
    "example_rollout",
    "goodman_bacon",
    "group_time_effects",
    "imputation",
    "leave_one_cohort_out",
    "panel",
    "placebo_dates",
    "pre_trend_power",
    "pre_trend_test",
    "published_event_study",
    "sensitivity",
    "sun_abraham",
    "synthetic_difference",
    "two_way_fixed_effects",
]
