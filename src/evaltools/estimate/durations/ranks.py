"""Whether groups differ in how long spells last, or in how often they end in one way: log-rank and Gray's test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import chdtrc

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.durations import rcode
from evaltools.estimate.durations.about import computed
from evaltools.estimate.durations.counting import at_risk, check_events, ended_so, events_of, several_groups
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.result import Test

_FEW: Final = 5
"""With fewer expected endings in a group, the p-value is rough."""


def log_rank(spells: Spells, by: str, *, ending: str | Sequence[str] | None = None) -> Test:
    """Whether groups end at the same rate at every length of time; other endings censor.

    spells : from `spells`. by : a column with two groups or more. ending : the endings that count; all without it.
    Returns a `Test`: chi-squared with one degree of freedom less than groups. It allows for delayed entry. Raises
    `DesignError`: ONE_GROUP, GROUP_MISSING, NO_SUCH_VARIABLE, NO_SUCH_ENDING, NO_EVENTS.
    Source: Mantel (1966), Cancer Chemotherapy Reports 50; Peto and Peto (1972); R `survdiff`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"m": [1, 2, 3, 4, 5, 6], "sex": ["f", "f", "f", "m", "m", "m"]})
    >>> round(log_rank(durations.spells(rows, end="m"), "sex").p_value, 4)
    0.0246
    """
    place, _ = several_groups(spells, by)
    events = events_of(spells, ending)
    check_events(spells, events)
    happened = ended_so(spells, events)
    times = np.unique(spells.exit[happened])
    risk, ended = _by_group(spells, place, happened, times)
    any_risk, any_ended = risk.sum(axis=1), ended.sum(axis=1)
    share = risk / any_risk[:, None]
    expected = any_ended[:, None] * share
    ties = np.where(any_risk > 1, (any_risk - any_ended) / np.maximum(any_risk - 1, 1.0), 0.0)
    weight = any_ended * ties
    spread = np.diag(weight @ share) - np.einsum("t,ti,tj->ij", weight, share, share)
    total = expected.sum(axis=0)
    statistic, df = _quadratic(ended.sum(axis=0) - total, spread, total > 0)
    _check_df(spells, by, df)
    return Test(
        name=spells.say("test.log_rank", by=by),
        statistic=statistic,
        p_value=float(chdtrc(df, statistic)),
        method=spells.say("method.log_rank"),
        source=computed(spells.source, "log_rank", {"ending": ending}, by),
        df=(float(df),),
        notes=(*spells.notes, *_few(spells, total)),
        r=rcode.log_rank(spells, events, by),
    )


def gray_test(spells: Spells, by: str, ending: str) -> Test:
    """Whether groups come to the same share ended in one way, when other ways compete.

    Unlike `log_rank`, which asks about the rate among those still there, it asks about the curves of
    `cumulative_incidence`. spells : from `spells`, without delayed entry. by : a column with two groups or more.
    ending : one kind. Returns a `Test`: chi-squared with one degree of freedom less than groups.
    Raises `DesignError`: NO_DELAYED_ENTRY, ONE_GROUP, GROUP_MISSING, NO_SUCH_VARIABLE, NO_SUCH_ENDING, NO_EVENTS.
    Source: Gray (1988), Annals of Statistics 16, with rho 0; R `cmprsk::cuminc`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"m": [1, 2, 3, 4, 5, 6], "how": ["a", "a", "b", "b", "b", "a"], "sex": ["f", "m"] * 3})
    >>> gray_test(durations.spells(rows, end="m", ending="how"), "sex", "a").df
    (1.0,)
    """
    if spells.delayed:
        problem = "some rows came in late, and Gray's test has no form for that"
        remedy = "Compare the rates by `log_rank`, or take the rows that were followed from their start."
        raise DesignError(Fault("NO_DELAYED_ENTRY", spells.source.question, problem, remedy))
    place, _ = several_groups(spells, by)
    events = events_of(spells, ending)
    check_events(spells, events)
    own, other = ended_so(spells, events), ended_so(spells, ~events)
    times = np.unique(spells.exit[own | other])
    risk, ended = _by_group(spells, place, own, times)
    _, competed = _by_group(spells, place, other, times)
    score, spread = _gray(risk, ended, competed)
    statistic, df = _quadratic(score, spread, ended.sum(axis=0) + risk.sum(axis=0) > 0)
    _check_df(spells, by, df)
    return Test(
        name=spells.say("test.gray", by=by, ending=spells.kind_named(ending)),
        statistic=statistic,
        p_value=float(chdtrc(df, statistic)),
        method=spells.say("method.gray"),
        source=computed(spells.source, "gray_test", {}, by, ending),
        df=(float(df),),
        notes=(*spells.notes, *_few(spells, ended.sum(axis=0) - score)),
        r=rcode.gray(spells, by, ending),
    )


def _gray(risk: Floats, own: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Scores of all groups and their covariance; arrays are times x groups.

    With S the share with no ending and F1 the incidence of the ending in a group, h = Y / S(-) estimates how many of a
    group would still be watched if nothing ended. The common incidence F grows by d1 / h. under the hypothesis, and a
    group is expected to have d1 in proportion to h (1 - F1(-)). What an ending in group i at u adds to the score of
    group k is the direct part a_ki(u) = h_i (1{k=i} - h_k / h.) and what it changes in the weights later on, from the
    running sum c_ki of a_ki dF / (1 - F(-)). Ties take the correction of a finite number, as in `cmprsk`.
    """
    there = risk > 0
    safe = np.where(there, risk, 1.0)
    after = np.cumprod(np.where(there, 1 - (own + other) / safe, 1.0), axis=0)
    before = np.vstack([np.ones(risk.shape[1]), after[:-1]])
    grown = np.where(there, before * own / safe, 0.0)
    incidence_before = np.vstack([np.zeros(risk.shape[1]), np.cumsum(grown, axis=0)[:-1]])
    watched = np.where(there, risk / np.where(before > 0, before, 1.0), 0.0)
    all_watched, ended = watched.sum(axis=1, keepdims=True), own.sum(axis=1, keepdims=True)
    common = np.cumsum(ended / all_watched, axis=0)
    common_before = np.vstack([[0.0], common[:-1]])
    free = watched * (1 - incidence_before)
    score = (own - ended * free / free.sum(axis=1, keepdims=True)).sum(axis=0)

    groups = np.eye(risk.shape[1])
    direct = watched[:, None, :] * (groups - (watched / all_watched)[:, :, None])
    running = np.cumsum(direct * (ended / all_watched / (1 - common_before))[:, :, None], axis=0)
    later = running[-1] - running
    left = np.where(after > 0, (1 - common) / np.where(after > 0, after, 1.0), 0.0)
    by_own = direct + (1 - left)[:, None, :] * later
    by_other = left[:, None, :] * later
    tied = np.where(ended > 1, 1 - (ended - 1) / np.maximum(all_watched * before - 1, 1e-300), 1.0)
    own_weight = np.where(there, tied * before * ended / (all_watched * safe), 0.0)
    other_tied = np.where(other > 1, 1 - (other - 1) / np.maximum(risk - 1, 1.0), 1.0)
    other_weight = np.where(there & (after > 0), other_tied * before**2 * other / safe**2, 0.0)
    spread = np.einsum("tki,tji,ti->kj", by_own, by_own, own_weight)
    spread += np.einsum("tki,tji,ti->kj", by_other, by_other, other_weight)
    return score, spread


def _by_group(spells: Spells, place: Codes, happened: Mask, times: Floats) -> tuple[Floats, Floats]:
    """Rows at risk and events, times x groups."""
    groups = range(int(place.max()) + 1)
    risk = np.stack([at_risk(spells.at(place == group), times) for group in groups], axis=1)
    cell = np.searchsorted(times, spells.exit[happened]) * len(groups) + place[happened]
    ended = np.bincount(cell, minlength=len(times) * len(groups)).reshape(len(times), len(groups))
    return risk, ended.astype(float)


def _quadratic(score: Floats, spread: Floats, used: Mask) -> tuple[float, int]:
    """The scores of all groups but one, weighed by their covariance; groups that were never at risk say nothing."""
    kept = np.flatnonzero(used)[:-1]
    if not len(kept):
        return 0.0, 0
    part = spread[np.ix_(kept, kept)]
    return float(score[kept] @ np.linalg.pinv(part, hermitian=True) @ score[kept]), int(np.linalg.matrix_rank(part))


def _check_df(spells: Spells, by: str, df: int) -> None:
    if df == 0:
        problem = f'no two groups of "{by}" were followed at a time when a row ended so'
        raise DesignError(Fault("NO_EVENTS", by, problem, "There is nothing to compare: merge groups, or drop it."))


def _few(spells: Spells, expected: Floats) -> tuple[str, ...]:
    return (spells.say("note.few_expected", limit=_FEW),) if (expected < _FEW).any() else ()
