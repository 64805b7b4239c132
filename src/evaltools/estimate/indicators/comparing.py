"""Comparisons of counted shares: two of the same unit and base, or one with its target."""

from __future__ import annotations

from dataclasses import replace

from evaltools.errors import DesignError, Fault
from evaltools.estimate.bases import check_same, unlike
from evaltools.estimate.indicators.binomial import binomial_test, check_counts, clopper_pearson
from evaltools.estimate.indicators.differences import (
    MOST_TABLES,
    boschloo,
    fisher,
    miettinen_nurminen,
    newcombe,
    probability_of_increase,
    risk_ratio,
)
from evaltools.estimate.indicators.rates import Rate
from evaltools.estimate.indicators.shares import of_rates
from evaltools.estimate.result import NO_R, Estimate, Row, Source
from evaltools.estimate.survey.writing import words
from evaltools.language import texts

"""Boschloo's test goes through every table of the two groups; where there are more, Fisher's is as good."""


def two_proportions(earlier: Estimate | Rate, later: Estimate | Rate, *, level: float = 0.95) -> Estimate:
    """The difference later - earlier of two counted shares, with Miettinen and Nurminen's interval.

    earlier, later : one rate or row each (use `only`), of the same unit and base, such as two periods of one case.
    Returns one row of measure `difference` (0.08 is 8 percentage points); `extra` has `fisher_p`, `boschloo_p`
    (of groups with at most four million tables), `newcombe_low`, `newcombe_high`, the counts, `probability_larger`
    (that the later share is the higher one, Jeffreys' prior for each), and where no
    count is 0 `risk_ratio` with the limits of its logarithm's interval.
    Raises `DesignError`: UNLIKE_UNITS, UNLIKE_AGE_BASES, UNLIKE_PERIODS, UNLIKE_DENOMINATORS, UNLIKE_NUMERATORS,
    BASE_NOT_SAID, NO_COUNTS, NOT_ONE_ROW, NOT_A_SHARE, LEVEL_NOT_A_SHARE.
    Source: Miettinen and Nurminen (1985); see `miettinen_nurminen`. level : of the intervals.
    """
    earlier, later = of_rates(earlier), of_rates(later)
    check_alike(earlier, later)
    before, after = one_row(earlier), one_row(later)
    pairs = pair_of(later, after), pair_of(earlier, before)
    low, high = miettinen_nurminen(*pairs, level)
    say = texts(earlier.source.language).say
    row = Row(
        coordinates=(("comparison", f"{after.key} - {before.key}"),),
        labels=(f"{_name(after)} - {_name(before)}",),
        estimate=after.estimate - before.estimate,
        n=after.n + before.n,
        base=float(after.n + before.n),
        method=say("estimate.method.miettinen_nurminen"),
        low=low,
        high=high,
        level=level,
    )
    return Estimate(
        measure="difference",
        rows=(row,),
        source=_compared(earlier, later, level),
        notes=tuple(dict.fromkeys((*earlier.notes, *later.notes))),
        extra=_tests(*pairs, level),
        r=f"{NO_R}base R has no interval of Miettinen and Nurminen",
    )


def against_target(estimate: Estimate | Rate, target: float, *, level: float = 0.95) -> Estimate:
    """One counted share and its target: the exact interval, and the two-sided exact p-value of the target.

    estimate : one rate, or one row with counts. target : a share, 0.33 for 33 pct. Returns the difference
    share - target, with the Clopper-Pearson limits moved by the target; `extra` has `p_value`, `share` and `target`.
    Raises `DesignError`: NO_COUNTS, NOT_ONE_ROW, NOT_A_SHARE, TARGET_NOT_A_SHARE, LEVEL_NOT_A_SHARE.
    """
    estimate = of_rates(estimate)
    row = one_row(estimate)
    count, n = pair_of(estimate, row)
    p_value = binomial_test(count, n, target)
    low, high = clopper_pearson(count, n, level)
    say = texts(estimate.source.language).say
    moved = replace(
        row,
        estimate=row.estimate - target,
        low=low - target,
        high=high - target,
        level=level,
        method=say("estimate.method.binomial_test"),
        count=None,
        bounds_low=None,
        bounds_high=None,
    )
    return Estimate(
        measure="difference",
        rows=(moved,),
        source=replace(
            estimate.source, code=words.call("against_target", estimate.source.code, {"level": level}, target)
        ),
        notes=estimate.notes,
        extra={"p_value": p_value, "share": row.estimate, "target": target},
        r=f"binom.test({count}, {n}, p = {target!r}, conf.level = {level!r})",
    )


def check_alike(earlier: Estimate, later: Estimate) -> None:
    """`DesignError` unless two results may be compared: the same measure, and what they are made of (`unlike`)."""
    fault = unlike(earlier.source.made_of, later.source.made_of, earlier.source.question)
    if fault:
        raise DesignError(fault)
    parts = (
        ("measure", earlier.measure, later.measure),
        ("unit", earlier.source.unit, later.source.unit),
        ("base", earlier.source.universe, later.source.universe),
        ("subject", earlier.source.confidentiality, later.source.confidentiality),
    )
    remedy = "Compare like with like: children with children, families with families, on the same base."
    check_same(parts, earlier.source.question, remedy)


def one_row(estimate: Estimate) -> Row:
    """The only row of some shares; `DesignError` NOT_A_SHARE or NOT_ONE_ROW."""
    if estimate.measure != "share":
        problem = f"a {estimate.measure} is not a share"
        raise DesignError(Fault("NOT_A_SHARE", estimate.source.question, problem, "Compare counted shares."))
    if len(estimate.rows) != 1:
        known = "; ".join(_name(row) for row in estimate.rows[:6])
        problem = f"{len(estimate.rows)} rows are given where one is needed ({known})"
        raise DesignError(Fault("NOT_ONE_ROW", estimate.source.question, problem, 'Choose with `only(period="...")`.'))
    return estimate.rows[0]


def pair_of(estimate: Estimate, row: Row) -> tuple[int, int]:
    """Count and base of a row; `DesignError` NO_COUNTS for a percentage that is only cited."""
    if row.count is None or row.n == 0:
        problem = f"only the percentage {100 * row.estimate:g} is published for {_name(row)}, without counts"
        remedy = "Cite it; ask the source for counts. A percentage alone cannot be tested."
        raise DesignError(Fault("NO_COUNTS", estimate.source.question, problem, remedy))
    check_counts(row.count, row.n)
    return row.count, row.n


def _name(row: Row) -> str:
    return " / ".join(row.labels) or " / ".join(value for _, value in row.coordinates)


def _compared(earlier: Estimate, later: Estimate, level: float) -> Source:
    one, other = earlier.source, later.source
    inner = f"{one.code}, {other.code}"
    citations = tuple(dict.fromkeys(each for each in (one.citation, other.citation) if each))
    return replace(one, code=words.call("two_proportions", inner, {"level": level}), citation="; ".join(citations))


def _tests(later: tuple[int, int], earlier: tuple[int, int], level: float) -> dict[str, float]:
    low, high = newcombe(later, earlier, level)
    found = {
        "fisher_p": fisher(later, earlier),
        "newcombe_low": low,
        "newcombe_high": high,
        "count_later": float(later[0]),
        "n_later": float(later[1]),
        "count_earlier": float(earlier[0]),
        "n_earlier": float(earlier[1]),
        "probability_larger": probability_of_increase(later, earlier),
    }
    if later[1] * earlier[1] <= MOST_TABLES:
        found["boschloo_p"] = boschloo(later, earlier)
    ratio = risk_ratio(later, earlier, level)
    names = ("risk_ratio", "risk_ratio_low", "risk_ratio_high")
    return found if ratio is None else {**found, **dict(zip(names, ratio, strict=True))}
