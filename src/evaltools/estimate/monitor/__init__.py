"""Counts followed over time and between units: run chart, control charts, funnel plot. Signals never tell causes."""

from evaltools.estimate.monitor.charts import g_chart, p_chart, p_prime_chart, run_chart, u_chart
from evaltools.estimate.monitor.counts import Counts, counts, counts_of
from evaltools.estimate.monitor.funnel import funnel, funnel_limits
from evaltools.estimate.monitor.records import counts_between, counts_per, merged

__all__ = [
    "Counts",
    "counts",
    "counts_between",
    "counts_of",
    "counts_per",
    "funnel",
    "funnel_limits",
    "g_chart",
    "merged",
    "p_chart",
    "p_prime_chart",
    "run_chart",
    "u_chart",
]
