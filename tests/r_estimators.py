"""Every estimator and test whose results carry R code, on the variables of `r_designs.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from evaltools import estimate as ev
from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, result
from r_designs import censuses, designs

Made = Estimate | result.Test
Make = Callable[[Design], Made]

WAYS = ["visits", "letters", "meetings"]
LOGISTIC = "uses ~ size + score"

ESTIMATORS: Mapping[str, Make] = {
    "mean": lambda design: ev.mean(design, "score"),
    "means": lambda design: ev.mean(design, ["pupils", "network"]),
    "mean by size": lambda design: ev.mean(design, "pupils", by="size"),
    "total": lambda design: ev.total(design, "network"),
    "total by size": lambda design: ev.total(design, "network", by="size"),
    "counts": lambda design: ev.total(design, "size"),
    "ratio": lambda design: ev.ratio(design, "network", "pupils"),
    "ratio by size": lambda design: ev.ratio(design, "network", "pupils", by="size"),
    "share": lambda design: ev.proportion(design, "uses", category="yes"),
    "shares": lambda design: ev.proportion(design, ["uses", "size"]),
    "shares by county": lambda design: ev.proportion(design, "size", by="county"),
    "share, Korn-Graubard": lambda design: ev.proportion(
        design, "uses", category="yes", interval=ev.interval.korn_graubard()
    ),
    "share, logit": lambda design: ev.proportion(design, "uses", category="yes", interval=ev.interval.logit()),
    "share, likelihood": lambda design: ev.proportion(
        design, "uses", category="yes", interval=ev.interval.likelihood()
    ),
    "share, Wald": lambda design: ev.proportion(design, "uses", category="yes", interval=ev.interval.wald()),
    "quantiles": lambda design: ev.quantile(
        design, "pupils", [0.25, 0.5, 0.9], rule="hf7", interval=ev.interval.wald()
    ),
    "median by size": lambda design: ev.quantile(
        design, "pupils", 0.5, rule="school", by="size", interval=ev.interval.wald()
    ),
    "median, logit": lambda design: ev.quantile(design, "score", 0.5, rule="math"),
    "median, Korn-Graubard": lambda design: ev.quantile(
        design, "score", 0.5, rule="hf4", interval=ev.interval.korn_graubard()
    ),
    "variance": lambda design: ev.variance(design, "score"),
    "variances": lambda design: ev.variance(design, ["pupils", "network"]),
    "variance by size": lambda design: ev.variance(design, "pupils", by="size"),
    "design effects": lambda design: ev.design_effects(design, ["pupils", "network"]),
    "design effect, with replacement": lambda design: ev.design_effects(design, "pupils", replacement=True),
    "design effect of a total": lambda design: ev.design_effects(design, "network", of="total"),
    "table": lambda design: ev.crosstab(design, "size", "uses"),
    "table, shares of all": lambda design: ev.crosstab(design, "size", "uses", of="all"),
    "table, counts": lambda design: ev.crosstab(design, "size", "uses", of="count"),
    "contrast": lambda design: ev.contrast(ev.mean(design, ["pupils", "network"]), [1, -10]),
    "contrast of groups": lambda design: ev.contrast(ev.mean(design, "pupils", by="size"), {"large": 1, "small": -1}),
    "formula": lambda design: ev.contrast(ev.total(design, ["pupils", "network"]), "log(network / pupils)"),
    "any of several": lambda design: ev.combinations(design, WAYS),
    "all of several": lambda design: ev.combinations(design, WAYS, how="all"),
    "pairs of several": lambda design: ev.combinations(design, WAYS, how="pairs"),
    "linear model": lambda design: ev.glm(design, "score ~ size * uses + log(pupils)"),
    "logistic model": lambda design: ev.glm(design, LOGISTIC, family="binomial"),
    "Poisson model": lambda design: ev.glm(design, "network ~ size + offset(log(pupils))", family="poisson"),
    "odds ratios": lambda design: ev.effect_ratios(ev.glm(design, LOGISTIC, family="binomial")),
    "marginal effects": lambda design: ev.average_marginal_effects(
        ev.glm(design, "uses ~ size + I(score ** 2 / 100)", family="binomial"), ["size", "score"]
    ),
    "predicted shares": lambda design: ev.predicted_means(
        ev.glm(design, "uses ~ size * score", family="binomial"), "size"
    ),
    "test of a table, F": lambda design: ev.rao_scott(design, "size", "uses"),
    "test of a table, Chisq": lambda design: ev.rao_scott(design, "size", "uses", statistic="Chisq"),
    "test of a table, lincom": lambda design: ev.rao_scott(design, "size", "uses", statistic="lincom"),
    "test of a table, Wald": lambda design: ev.rao_scott(design, "size", "uses", statistic="Wald"),
    "t test, one mean": lambda design: ev.t_test(design, "score", value=58),
    "t test, paired": lambda design: ev.t_test(design, ["pupils", "network"], value=300),
    "t test, two groups": lambda design: ev.t_test(design, "score", by="uses"),
    "test of a term": lambda design: ev.term_test(ev.glm(design, LOGISTIC, family="binomial"), "size"),
    "McNemar, exact": lambda design: ev.mcnemar(design, "visits", "letters"),
    "McNemar, chi-squared": lambda design: ev.mcnemar(design, "visits", "letters", method="chi_squared"),
    "McNemar, design": lambda design: ev.mcnemar(design, "visits", "letters", method="design"),
    "Cochran, classic": lambda design: ev.cochran_q(design, WAYS),
    "Cochran, design": lambda design: ev.cochran_q(design, WAYS, method="design"),
    "pairs adjusted after Holm": lambda design: ev.pairwise_mcnemar(design, WAYS)[1],
    "a test adjusted": lambda design: ev.adjusted(
        [ev.t_test(design, "pupils", value=value) for value in (300, 310, 350)],
        2,
        method="benjamini_hochberg",
        family="three values",
    ),
}

OF_CENSUSES: Mapping[str, Make] = {
    "shares of a grid": lambda design: ev.proportion(design, "use"),
    "several choices": lambda design: ev.choices(design, "why"),
    "shares of all choices": lambda design: ev.answer_shares(design, "why"),
    "several choices against one": lambda design: ev.rao_scott(design, "size", "why", statistic="Chisq"),
    "mean of a count": lambda design: ev.mean(design, "network"),
}


def cases() -> Iterator[tuple[str, str, Design, Made | DesignError]]:
    """Every estimator on every design, with what it gives or why it refuses."""
    for kinds, estimators in ((designs(), ESTIMATORS), (censuses(), OF_CENSUSES)):
        for (design_name, design), (name, make) in product(kinds.items(), estimators.items()):
            try:
                yield name, design_name, design, make(design)
            except DesignError as refusal:
                yield name, design_name, design, refusal
