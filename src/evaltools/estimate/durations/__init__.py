"""How long spells last and how they end: placements, waits, follow-ups. Begin with `spells`, then ask of them."""

from evaltools.estimate.durations.about import BREAKDOWN_BY_WHOM, BREAKDOWN_OR_NOT, PLACEMENT_ENDINGS, About
from evaltools.estimate.durations.curves import cumulative_incidence, kaplan_meier
from evaltools.estimate.durations.hazards import cox, hazard_ratios
from evaltools.estimate.durations.lengths import median, restricted_mean
from evaltools.estimate.durations.model import Spells, after, spells
from evaltools.estimate.durations.queue import waiting, waiting_list
from evaltools.estimate.durations.ranks import gray_test, log_rank
from evaltools.estimate.durations.rates import breakdown_rate, ended_share, rate_ratio

__all__ = [
    "BREAKDOWN_BY_WHOM",
    "BREAKDOWN_OR_NOT",
    "PLACEMENT_ENDINGS",
    "About",
    "Spells",
    "after",
    "breakdown_rate",
    "cox",
    "cumulative_incidence",
    "ended_share",
    "gray_test",
    "hazard_ratios",
    "kaplan_meier",
    "log_rank",
    "median",
    "rate_ratio",
    "restricted_mean",
    "spells",
    "waiting",
    "waiting_list",
]
