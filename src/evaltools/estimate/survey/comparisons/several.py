"""Several choices together: who chose any, none, all or a pair of them, and each option's share of all answers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from scipy.special import expit, logit

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.comparisons.pairs import Sides, check_several, sides_of
from evaltools.estimate.survey.designs.cells import laid_out
from evaltools.estimate.survey.designs.groups import Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Block, Category, Names, option_blocks
from evaltools.estimate.survey.intervals.interval import Interval, t_quantile
from evaltools.estimate.survey.linearised.linear import (
    Linear,
    covariance,
    degrees_of_freedom,
    joined,
    ratios,
    standard_errors,
)
from evaltools.estimate.survey.shares.proportions import choices, shares_of
from evaltools.estimate.survey.writing import rcode, words

How = Literal["any", "all", "pairs"]


def combinations(
    design: Design,
    variables: str | Sequence[str],
    *,
    how: How = "any",
    category: Category = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Shares of those who chose any of several options, all of them, or both of each pair.

    variables : a multiple item, or names of questions; who answered all of them is the base. category : the answer that
    means yes (see `mcnemar`). how : `any`, `all` or `pairs`. Of a multiple item, leave out options such as "none" by
    naming the others.
    Returns rows with coordinate `category`: `none` and `any` (adding to 1), `all`, or `first+second` of each pair.
    Raises `DesignError` as `proportion`, NEEDS_CATEGORY, NO_SUCH_METHOD, TWO_VARIABLES, SAME_VARIABLE.
    Source: docs/methods.md, section on several choices. design, interval, level : as in `proportion`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 0, 1, 0]})
    >>> estimate = combinations(ev.survey_design(frame, population=8), ["a", "b"])
    >>> [(row.coordinate("category"), row.estimate) for row in estimate.rows]
    [('none', 0.25), ('any', 0.75)]
    """
    check_level(level)
    if how not in get_args(How):
        raise DesignError(Fault("NO_SUCH_METHOD", "how", f'there is no way "{how}"', near(how, get_args(How))))
    sides = sides_of(design, variables, category)
    check_several(design, sides)
    hits, names, terms = _combined(sides, how)
    first = sides.columns[0]
    outside = sides.known & ~sides.valid
    item = "+".join(sides.names)
    labels = [words.say(design, f"label.{name}") if name in ("none", "any", "all") else name for name in names]
    label = " / ".join(column.label for column in sides.columns)
    block = Block(item, label, first, tuple(zip(names, labels, strict=True)), laid_out(hits), sides.valid, outside)
    estimate = shares_of(design, [block], groups(design, None), interval, level)
    said = {"how": None if how == "any" else how, "category": category, "interval": interval, "level": level}
    return replace(
        estimate,
        source=words.source(design, "combinations", (variables,), sides.columns, **said),
        notes=words.notes(design, sides.columns, groups(design, None)),
        r=f"{rcode.design(design)}\nsvymean(~{' + '.join(terms)}, d, na.rm = TRUE)",
    )


def _combined(sides: Sides, how: str) -> tuple[Floats, tuple[str, ...], tuple[str, ...]]:
    """What is counted (rows x combinations), with the name of each and its R term."""
    chosen = sides.hits > 0
    if how == "any":
        some = chosen.any(axis=1)
        term = f"I({' | '.join(sides.terms)})"
        return np.stack([~some, some], axis=1).astype(float), ("none", "any"), (term,)
    if how == "all":
        return sides.hits.min(axis=1, keepdims=True), ("all",), (f"as.numeric({' & '.join(sides.terms)})",)
    pairs = list(itertools.combinations(range(len(sides.names)), 2))
    hits = np.stack([chosen[:, one] & chosen[:, other] for one, other in pairs], axis=1).astype(float)
    names = tuple(f"{sides.names[one]}+{sides.names[other]}" for one, other in pairs)
    return hits, names, tuple(f"as.numeric({sides.terms[one]} & {sides.terms[other]})" for one, other in pairs)


def answer_shares(design: Design, item: str, *, by: Names = None, level: float = 0.95) -> Estimate:
    """Each option's share of all answers given to a multiple item, beside its share of those who answered.

    item : a multiple item, or a grid of them. Returns the rows of `choices` with the coordinate `of` = `cases`, then
    those of the answers with `of` = `answers` (adding to 1, logit interval with t), with their joint covariance.
    `n` of the latter is the number of answers, and `base` their weighted number.
    Raises `DesignError` as `choices`. Source: ratio of totals, Särndal, Swensson and Wretman (1992), section 5.6.
    design, by, level : as in `choices`.
    """
    cases = choices(design, item, by=by, level=level)
    breakdown = groups(design, by)
    found = [_answers(design, block, breakdown, level) for block in option_blocks(design.answers, item)]
    made = [part for part in found if part is not None]
    assert cases.influence is not None
    assert cases.known is not None
    values = np.array([row.estimate for row in cases.rows])
    linear = joined([Linear(values, cases.influence, cases.known), *(part for part, _ in made)])
    matrix = covariance(design, linear)
    se = standard_errors(matrix, linear.influence)[len(values) :]
    of_answers = [row for _, rows in made for row in rows]
    rows = (
        *(_of(row, "cases", words.say(design, "label.cases")) for row in cases.rows),
        *(
            _of(_limited(row, float(each)), "answers", words.say(design, "label.answers"))
            for row, each in zip(of_answers, se, strict=True)
        ),
    )
    return replace(
        cases,
        rows=rows,
        source=replace(cases.source, code=words.call("answer_shares", design.code, {"by": by, "level": level}, item)),
        covariance=matrix,
        influence=linear.influence,
        known=linear.known,
        r=_r(design, item, by),
    )


def _of(row: Row, name: str, label: str) -> Row:
    return replace(row, coordinates=(("of", name), *row.coordinates), labels=(label, *row.labels))


def _answers(design: Design, block: Block, breakdown: Groups, level: float) -> tuple[Linear, list[Row]] | None:
    """The options' shares of the answers of one block, with rows that lack their error."""
    answers, width = block.hits.sum(axis=1), block.cells.width
    base, used = breakdown.with_rows(block.valid & (answers > 0))
    if not len(used):
        return None
    everyone, hits = breakdown.cells.where(block.valid).only(used), block.cells.within(base)
    number = base.with_values(answers)
    linear = ratios(design, hits, number, block.valid | block.outside)
    df = degrees_of_freedom(design, everyone)
    counts, given, weighted = hits.sums(), number.sums(), number.sums(design.weights)
    rows = [
        Row(
            coordinates=(("item", block.item), ("category", code), *breakdown.coordinates[group]),
            labels=(block.item_label, label, *breakdown.labels[group]),
            estimate=float(linear.values[place * width + option]),
            n=int(given[place]),
            base=float(weighted[place]),
            method=words.say(design, "method.logit"),
            level=level,
            df=float(df[place]),
            count=int(counts[place * width + option]),
        )
        for place, group in enumerate(used)
        for option, (code, label) in enumerate(block.categories)
    ]
    return linear, rows


def _limited(row: Row, se: float) -> Row:
    """The row with its error and the logit interval; none where the share is 0 or 1 and its error says nothing."""
    if not 0 < row.estimate < 1:
        return replace(row, se=se)
    half = float(t_quantile(np.array([row.df]), row.level)[0]) * se / (row.estimate * (1 - row.estimate))
    centre = float(logit(row.estimate))
    return replace(row, se=se, low=float(expit(centre - half)), high=float(expit(centre + half)))


def _r(design: Design, item: str, by: Names) -> str:
    (block, *others) = option_blocks(design.answers, item)
    if by is not None or others:
        return f"{NO_R}ratios of several items, or by groups, need a call of svyratio for each"
    terms = [rcode.indicator(block, place) for place in range(len(block.categories))]
    of_cases = f"svymean(~{' + '.join(terms)}, d, na.rm = TRUE)"
    return (
        f"{rcode.design(design)}\n{of_cases}\nsvyratio(~{' + '.join(terms)}, ~I({' + '.join(terms)}), d, na.rm = TRUE)"
    )
