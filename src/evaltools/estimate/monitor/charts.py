"""The charts by name: run chart, p, p', u and g."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError, Fault
from evaltools.estimate.curve import Curve
from evaltools.estimate.monitor.control import Chart, Wish, chart_of
from evaltools.estimate.monitor.counts import Counts
from evaltools.estimate.monitor.lines import binomial, laney, median, poisson, waiting

NO_PHASES: Final[Mapping[str, str]] = MappingProxyType({})
_RUN: Final = Chart("run_chart", "run", median, "median", ("share", "rate", "count", "mean", "between"))
_P: Final = Chart("p_chart", "control", binomial, "centre", ("share",))
_P_PRIME: Final = Chart("p_prime_chart", "control", laney, "centre", ("share",), fewest=3)
_U: Final = Chart("u_chart", "control", poisson, "centre", ("rate", "share"))
_G: Final = Chart("g_chart", "gaps", waiting, "median", ("between",), fewest=3)


def run_chart(counts: Counts, *, phases: Mapping[str, str] = NO_PHASES, baseline: str = "", per: float = 1.0) -> Curve:
    """A run chart: the periods around their median, with the rules of Anhøj and Olesen.

    counts : from `counts`, `counts_of`, `counts_per` or `counts_between`. phases : period or day at which one begins
    -> its name, such as `{"2016-04-01": "Netværksenheden"}`; each has its own median. baseline : the last period of
    the time that the median is taken from, and kept for all that follows. per : a rate is per so many.
    A signal is a run on one side of the median that is longer, or a number of crossings that is smaller, than chance
    makes usual. It says that something is there, never why. Periods without cases have no point.

    Returns a `Curve`; `extra` has `centre`, `longest_run`, `longest_run_limit`, `crossings`, `crossings_limit`.
    Raises `DesignError`: NOT_FOR_THIS_CHART, TOO_FEW_PERIODS, PHASES_AND_BASELINE, NO_SUCH_PERIOD, EMPTY_PHASE.
    Source: Anhøj and Olesen (2014), PLoS ONE 9(11); limits of crossings: Chen (2010).

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"week": [f"2019-W{week:02d}" for week in range(1, 21)], "held": [2, 3] * 5 + [6, 7] * 5})
    >>> chart = run_chart(counts(table, at="week", count="held", language="en"), baseline="2019-W10")
    >>> chart.signals[0].words
    '11 points in a row lie above the median (week 10, 2019 to week 20, 2019); chance makes up to 7 usual.'
    """
    return chart_of(counts, _RUN, Wish(phases, baseline, _checked(per)))


def p_chart(counts: Counts, *, phases: Mapping[str, str] = NO_PHASES, baseline: str = "") -> Curve:
    """A p-chart: the share of each period, with limits three binomial standard deviations from the pooled share.

    counts : whole counts of a base. phases, baseline : as in `run_chart`; each phase has its own lines.
    A signal is a share beyond its limits, a long run on one side of the centre line, or few crossings. Where bases
    are large the limits are too narrow, and `p_prime_chart` is the chart; where few are counted, `g_chart`.

    Returns a `Curve` with `centre`, `low` and `high` of each period. Raises `DesignError` as `run_chart` does, and
    COUNT_NOT_WHOLE. Source: Shewhart (1931); Montgomery (2012), Introduction to Statistical Quality Control, chapter 7.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"quarter": ["2018-Q1", "2018-Q2", "2018-Q4"], "found": [6, 9, 8], "new": [60, 75, 58]})
    >>> chart = p_chart(counts(table, at="quarter", count="found", base="new", language="en"))
    >>> round(chart.point("Q1 2018").high, 3), chart.notes[0]
    (0.245, 'Not in the data, so without a point: Q3 2018.')
    """
    return chart_of(counts, _P, Wish(phases, baseline))


def p_prime_chart(counts: Counts, *, phases: Mapping[str, str] = NO_PHASES, baseline: str = "") -> Curve:
    """Laney's p'-chart: a p-chart whose limits also count that the share itself varies from period to period.

    counts, phases, baseline : as in `p_chart`; at least three periods. `extra` has `sigma_z`: how many times wider
    (or narrower) the limits are than those of the p-chart.
    Returns and raises as `p_chart`. Source: Laney (2002), Quality Engineering 14, 531-537.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"year": [2015, 2016, 2017], "found": [900, 1200, 800], "new": [9000, 9100, 9050]})
    >>> round(p_prime_chart(counts(table, at="year", count="found", base="new")).extra["sigma_z"], 2)
    10.3
    """
    return chart_of(counts, _P_PRIME, Wish(phases, baseline))


def u_chart(counts: Counts, *, phases: Mapping[str, str] = NO_PHASES, baseline: str = "", per: float = 1.0) -> Curve:
    """A u-chart: counts over an exposure, such as breakdowns per 100 placement-years.

    counts : of a base above 0, which need not be whole. phases, baseline, per : as in `run_chart`.
    Limits lie three Poisson standard deviations from the pooled rate. Returns and raises as `p_chart`.
    Source: Montgomery (2012), chapter 7.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"year": [2016, 2017, 2018], "breakdowns": [9, 6, 11], "years": [101.5, 96.2, 120.0]})
    >>> round(u_chart(counts(table, at="year", count="breakdowns", base="years"), per=100).extra["centre"], 2)
    8.18
    """
    return chart_of(counts, _U, Wish(phases, baseline, _checked(per)))


def g_chart(counts: Counts, *, phases: Mapping[str, str] = NO_PHASES, baseline: str = "") -> Curve:
    """A g-chart for what is rare: how many cases went well from one event to the next.

    counts : from `counts_between`, at least three events. phases, baseline : as in `run_chart`, by the name of a point.
    The line is the median, and the limits the 0.00135 and 0.99865 quantiles, of a negative binomial distribution with
    the pooled share of events. A high point is a long time without events. Cases since the last event are told in a
    note, and as a signal where they are above the limit.
    Returns and raises as `p_chart`. Source: Benneyan (2001), Health Care Management Science 4; Kaminsky et al. (1992).

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts_between
    >>> days = pd.date_range("2016-01-01", periods=60, freq="W").strftime("%Y-%m-%d")
    >>> cases = pd.DataFrame({"day": days, "broke": [place % 15 == 14 for place in range(60)]})
    >>> chart = g_chart(counts_between(cases, date="day", event="broke"))
    >>> chart.extra["centre"], chart.points[0].high
    (10.0, 95.0)
    """
    return chart_of(counts, _G, Wish(phases, baseline))


def _checked(per: float) -> float:
    if per > 0:
        return per
    raise DesignError(
        Fault("PER_NOT_POSITIVE", "per", f"a rate per {per:g} means nothing", "Write 100 for a rate per 100.")
    )
