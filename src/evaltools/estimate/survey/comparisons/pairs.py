"""Answers of the same units set against one another: McNemar's test, and Cochran's for several options at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import bdtr, chdtrc, fdtrc

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.result import NO_R, Test
from evaltools.estimate.survey.comparisons.comparing import MOST_DF, t_of
from evaltools.estimate.survey.comparisons.multiplicity import Adjustment, adjust
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.cells import one_cell
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, blocks, names_of, option_blocks
from evaltools.estimate.survey.linearised.linear import covariance, degrees_of_freedom, ratios
from evaltools.estimate.survey.tables.associations import check_different, is_multiple
from evaltools.estimate.survey.writing import rcode, words

Pairing = Literal["exact", "chi_squared", "finite", "design"]
Cochran = Literal["classic", "design"]


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """What the same units answered to several questions, as yes (1) or no: rows x names.

    valid : rows with all answers; inside : those of the domain. known : rows that settle all. terms : R conditions.
    """

    names: tuple[str, ...]
    hits: Floats
    inside: Mask
    valid: Mask
    known: Mask
    columns: tuple[Column, ...]
    terms: tuple[str, ...]


def sides_of(design: Design, variables: str | Sequence[str], category: Category) -> Sides:
    """The answers as yes or no; `DesignError` NEEDS_CATEGORY where a question has more answers than two."""
    names = names_of(variables)
    if len(names) == 1 and is_multiple(design, names[0]):
        (block,) = option_blocks(design.answers, names[0])
        columns = tuple(design.answers.column(name) for name, _ in block.terms)
        terms = tuple(rcode.indicator(block, place) for place in range(len(columns)))
        known = block.valid | block.outside
        options = tuple(code for code, _ in block.categories)
        return Sides(options, block.hits, block.valid & design.mask, block.valid, known, columns, terms)
    found = [_one(design, name, category) for name in names]
    valid = np.logical_and.reduce([column.valid for column, _, _ in found])
    outside = np.logical_or.reduce([column.outside for column, _, _ in found])
    hits = np.stack([hit for _, hit, _ in found], axis=1)
    return Sides(
        names,
        hits,
        valid & design.mask,
        valid,
        valid | outside,
        tuple(c for c, _, _ in found),
        tuple(t for _, _, t in found),
    )


def _one(design: Design, name: str, category: Category) -> tuple[Column, Floats, str]:
    (block,) = blocks(design.answers, [name], category)
    place = len(block.categories) - 1
    if category is None and place > 1:
        problem = f'"{name}" has {place + 1} categories, and it is not said which of them counts as yes'
        remedy = f'Name one, such as category="{block.categories[place][0]}".'
        raise DesignError(Fault("NEEDS_CATEGORY", design.answers.survey or "data", problem, remedy))
    return block.column, block.hits[:, place], rcode.indicator(block, place)


def mcnemar(design: Design, first: str, second: str, *, category: Category = None, method: Pairing = "exact") -> Test:
    """Whether as many units went from no to yes as from yes to no, between two questions (or waves) of the same units.

    first, second : variables; units that answered both count. category : the answer that means yes; without it the
    last of two. method : `exact` is binomial among those who changed; `chi_squared` McNemar's, without correction;
    `finite` is exact for a finite population all of whose units weigh the same: given how many of those seen changed,
    how many went up is hypergeometric, and the p-value is the largest that any number of changers could give (0 where
    everyone answered and the changes differ: that is then a fact); `design` is the weighted difference by its standard
    error, with strata and finite population.
    Returns a `Test` with the share that went up less that which went down as `estimate` (weighted for `design`), and
    for `exact` and `finite` the number that went up as `statistic`.
    Raises `DesignError` as `proportion`, NEEDS_CATEGORY, NO_SUCH_METHOD, SAME_VARIABLE, MCNEMAR_NEEDS_POPULATION, and
    NO_TEST where nobody changed.
    Source: McNemar (1947), Psychometrika 12; R `binom.test`, `mcnemar.test(correct = FALSE)`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"w1": [0] * 20 + [1] * 6, "w2": [0] * 12 + [1] * 8 + [0] + [1] * 5})
    >>> design = ev.survey_design(frame, population=98)
    >>> [round(mcnemar(design, "w1", "w2", method=method).p_value, 4) for method in ("exact", "finite")]
    [0.0391, 0.0289]
    """
    check_different(design, first, second)
    _check_method(method, get_args(Pairing))
    sides = sides_of(design, [first, second], category)
    rows = sides.hits[sides.inside]
    up, down = (int(((rows[:, one] == 0) & (rows[:, 1 - one] == 1)).sum()) for one in (0, 1))
    if up + down == 0:
        problem = f'no unit answered "{first}" and "{second}" differently'
        raise DesignError(Fault("NO_TEST", design.answers.survey or "data", problem, "There is no change to test."))
    found = _paired_t(design, sides) if method == "design" else _counted(design, up, down, len(rows), method)
    statistic, p_value, df, estimate = found
    said = {"category": category, "method": None if method == "exact" else method}
    return Test(
        name=f"{first} x {second}",
        statistic=statistic,
        p_value=p_value,
        method=words.say(design, f"method.mcnemar_{method}"),
        source=words.source(design, "mcnemar", (first, second), sides.columns, **said),
        df=df,
        notes=(
            words.say(design, "note.changed", up=up, down=down, n=len(rows)),
            *words.notes(design, sides.columns, groups(design, None)),
        ),
        estimate=estimate,
        r=_r(design, sides, method),
    )


def _check_method(method: str, known: Sequence[str]) -> None:
    if method not in known:
        raise DesignError(Fault("NO_SUCH_METHOD", "method", f'there is no method "{method}"', near(method, known)))


def _counted(design: Design, up: int, down: int, n: int, method: str) -> tuple[float, float, tuple[float, ...], float]:
    estimate, changed = (up - down) / n, up + down
    if method == "chi_squared":
        statistic = (up - down) ** 2 / changed
        return statistic, float(chdtrc(1, statistic)), (1.0,), estimate
    if method == "finite":
        return float(up), _finite(_population(design, n), up, down, n), (), estimate
    return float(up), min(1.0, 2 * float(bdtr(min(up, down), changed, 0.5))), (), estimate


def _population(design: Design, n: int) -> int:
    known = design.population
    if known is None or not design.is_even or design.domain_text or design.target != "finite":
        problem = "the finite test needs a known population whose units all weigh the same, without domain"
        remedy = 'Give `population=`, or take method="design", which has weights and finite population as well.'
        raise DesignError(Fault("MCNEMAR_NEEDS_POPULATION", design.answers.survey or "data", problem, remedy))
    return known.size


def _finite(size: int, up: int, down: int, n: int) -> float:
    """The largest p-value over all numbers k that may have gone each way in the population."""
    changed = up + down
    most = (size - (n - changed)) // 2
    k = np.arange(max(up, down), most + 1)
    if not len(k):
        return 0.0
    x = np.arange(changed + 1)
    possible = (x <= k[:, None]) & (changed - x <= k[:, None])
    chance = np.where(
        possible,
        np.exp(log_choose(k[:, None], x) + log_choose(k[:, None], changed - x) - log_choose(2 * k[:, None], changed)),
        0.0,
    )
    extreme = np.abs(2 * x - changed) >= abs(up - down)
    return min(1.0, float(chance[:, extreme].sum(axis=1).max()))


def _paired_t(design: Design, sides: Sides) -> tuple[float, float, tuple[float, ...], float]:
    base = one_cell(sides.inside)
    linear = ratios(design, base.with_values(sides.hits[:, 1:] - sides.hits[:, :1]), base, sides.known)
    df = float(degrees_of_freedom(design, base)[0])
    value = float(linear.values[0])
    statistic, p_value = t_of(design, value, float(covariance(design, linear)[0, 0]), df, " x ".join(sides.names))
    return statistic, p_value, () if np.isinf(df) else (df,), value


def _r(design: Design, sides: Sides, method: str) -> str:
    one, other = sides.terms
    head = [rcode.design(design), f"one <- with(d$variables, {one})", f"other <- with(d$variables, {other})"]
    calls = {
        "exact": "binom.test(sum(!one & other, na.rm = TRUE), sum(one != other, na.rm = TRUE))",
        "chi_squared": "mcnemar.test(table(one, other), correct = FALSE)",
        "design": "\n".join([
            "s <- svymean(~I(other - one), d, na.rm = TRUE)",
            "t <- drop(coef(s) / SE(s)); df <- degf(d)",
            "c(t, df, 2 * pt(-abs(t), df))",
        ]),
    }  # fmt: skip
    return (
        "\n".join([*head, calls[method]]) if method in calls else f"{NO_R}its tests of pairs take no finite population"
    )


def cochran_q(
    design: Design, variables: str | Sequence[str], *, category: Category = None, method: Cochran = "classic"
) -> Test:
    """Whether several options are chosen equally often by the same units.

    variables : a multiple item, or names of questions. category : the answer that means yes, as in `mcnemar`.
    method : `classic` is Cochran's Q among those who answered all, unweighted, which takes no account of the finite
    population; `design` is Wald's F of equal weighted shares with their joint covariance.
    Raises `DesignError` as `proportion`, NEEDS_CATEGORY, NO_SUCH_METHOD, TWO_VARIABLES, and NO_TEST where all units
    chose the same of all options. Source: Cochran (1950), Biometrika 37. design : as in `proportion`.
    Returns a `Test`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"a": [1, 1, 1, 1, 0, 1], "b": [0, 1, 0, 0, 0, 1], "c": [1, 0, 0, 0, 0, 1]})
    >>> round(cochran_q(ev.survey_design(frame), ["a", "b", "c"]).statistic, 3)
    4.5
    """
    _check_method(method, get_args(Cochran))
    sides = sides_of(design, variables, category)
    check_several(design, sides)
    statistic, df, p_value = _classic(design, sides) if method == "classic" else _equal_shares(design, sides)
    said = {"category": category, "method": None if method == "classic" else method}
    return Test(
        name=" x ".join(sides.names),
        statistic=statistic,
        p_value=p_value,
        method=words.say(design, f"method.cochran_{method}"),
        source=words.source(design, "cochran_q", (variables,), sides.columns, **said),
        df=df,
        notes=words.notes(design, sides.columns, groups(design, None)),
        r=_r_of_q(design, sides, method),
    )


def _r_of_q(design: Design, sides: Sides, method: str) -> str:
    if method != "classic":
        lines = [
            f"s <- svymean(~{' + '.join(sides.terms)}, d, na.rm = TRUE)",
            f"k <- {len(sides.names)}; L <- cbind(-1, diag(k - 1))",
            "f <- drop(t(L %*% coef(s)) %*% solve(L %*% vcov(s) %*% t(L), L %*% coef(s))) / (k - 1)",
            "c(f, k - 1, degf(d), pf(f, k - 1, degf(d), lower.tail = FALSE))",
        ]
        return "\n".join([rcode.design(design), *lines])
    return "\n".join([
        rcode.design(design),
        f"x <- na.omit(with(d$variables, cbind({', '.join(sides.terms)})))",
        "k <- ncol(x); g <- colSums(x); l <- rowSums(x)",
        "q <- (k - 1) * (k * sum(g^2) - sum(g)^2) / (k * sum(l) - sum(l^2))",
        "c(q, k - 1, pchisq(q, k - 1, lower.tail = FALSE))",
    ])  # fmt: skip


def check_several(design: Design, sides: Sides) -> None:
    """`DesignError` SAME_VARIABLE or TWO_VARIABLES unless two or more different questions are named."""
    where = design.answers.survey or "data"
    if len(set(sides.names)) < len(sides.names):
        problem = f"a variable is named twice among {', '.join(sides.names)}"
        raise DesignError(Fault("SAME_VARIABLE", where, problem, "Name each once."))
    if len(sides.names) < 2:
        problem = f'"{sides.names[0]}" alone is to be compared with nothing'
        raise DesignError(Fault("TWO_VARIABLES", where, problem, "Name two or more, or a multiple item."))


def _no_test(design: Design, sides: Sides) -> DesignError:
    problem = f"{', '.join(sides.names)} cannot be tested: they do not differ within any unit"
    return DesignError(Fault("NO_TEST", design.answers.survey or "data", problem, "Describe the shares instead."))


def _classic(design: Design, sides: Sides) -> tuple[float, tuple[float, ...], float]:
    chosen = sides.hits[sides.inside]
    k, by_option, by_unit = chosen.shape[1], chosen.sum(axis=0), chosen.sum(axis=1)
    spread = float(k * by_unit.sum() - (by_unit**2).sum())
    if spread == 0:
        raise _no_test(design, sides)
    q = (k - 1) * float(k * (by_option**2).sum() - by_option.sum() ** 2) / spread
    return q, (float(k - 1),), float(chdtrc(k - 1, q))


def _equal_shares(design: Design, sides: Sides) -> tuple[float, tuple[float, ...], float]:
    k, base = len(sides.names), one_cell(sides.inside)
    linear = ratios(design, base.with_values(sides.hits), base, sides.known)
    slope = np.column_stack([-np.ones(k - 1), np.eye(k - 1)])
    difference, matrix = slope @ linear.values, slope @ covariance(design, linear) @ slope.T
    if np.linalg.matrix_rank(matrix) < k - 1:
        raise _no_test(design, sides)
    nu = float(degrees_of_freedom(design, base)[0])
    f = float(difference @ np.linalg.solve(matrix, difference)) / (k - 1)
    return f, (float(k - 1), nu), float(fdtrc(k - 1, min(nu, MOST_DF), f))


def pairwise_mcnemar(
    design: Design,
    variables: str | Sequence[str],
    *,
    category: Category = None,
    method: Pairing = "exact",
    adjustment: Adjustment = "holm",
) -> tuple[Test, ...]:
    """McNemar's test of each pair of options, chosen by the same units, with p-values adjusted for their number.

    variables, category, method : as in `cochran_q` and `mcnemar`. adjustment : as `method` of `adjust`; the family is
    all pairs. Pairs that nobody answered differently are left out, as there is nothing to test.
    Raises `DesignError` as these. design : as in `proportion`. Returns a `Test` for each pair.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"a": [1, 1, 1, 1, 0, 1], "b": [0, 1, 0, 0, 0, 1], "c": [1, 0, 0, 0, 0, 1]})
    >>> [(test.name, test.p_value) for test in pairwise_mcnemar(ev.survey_design(frame), ["a", "b", "c"])][:1]
    [('a x b', 0.75)]
    """
    sides = sides_of(design, variables, category)
    check_several(design, sides)
    names = [column.name for column in sides.columns]
    tests = []
    for one, other in itertools.combinations(range(len(names)), 2):
        if (sides.hits[sides.inside, one] != sides.hits[sides.inside, other]).any():
            tests.append(mcnemar(design, names[one], names[other], category=category, method=method))
    if not tests:
        raise _no_test(design, sides)
    return adjust(tests, method=adjustment, family=" x ".join(names))
