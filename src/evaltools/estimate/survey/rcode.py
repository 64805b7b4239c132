"""R code (package `survey`) that gives the same numbers, for whoever wants a second opinion."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from evaltools.estimate.survey.interval import Interval
from evaltools.estimate.survey.model import Design
from evaltools.estimate.survey.selection import Block, Names, names_of

CIPROP: Final[Mapping[str, str]] = {
    "korn_graubard": "beta",
    "logit": "xlogit",
    "likelihood": "likelihood",
    "wilson": "wilson",
    "wald": "mean",
}
OPERATORS: Final[Mapping[type[ast.AST], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "%in%",
}  # fmt: skip


def design(design: Design) -> str:
    """The lines that make the design `d` from `data` (see `Design.r_data`)."""
    lines = ["library(survey)", f'options(survey.lonely.psu = "{design.lonely}")', f"d <- {design.r_design}"]
    if design.domain_text:
        lines.append(f"d <- subset(d, {condition(design.domain_text)})")
    return "\n".join(lines)


def condition(text: str) -> str:
    """A domain condition in R.

    >>> condition("stype == 'E' and size in ['a', 'b']")
    'stype == "E" & size %in% c("a", "b")'
    """
    return _condition(ast.parse(text, mode="eval").body)


def _condition(node: ast.expr) -> str:
    if isinstance(node, ast.BoolOp):
        sign = " & " if isinstance(node.op, ast.And) else " | "
        return sign.join(
            f"({_condition(each)})" if isinstance(each, ast.BoolOp) else _condition(each) for each in node.values
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"!({_condition(node.operand)})"
    if isinstance(node, ast.Compare):
        return _comparison(_condition(node.left), node.ops[0], _condition(node.comparators[0]))
    if isinstance(node, (ast.List, ast.Tuple)):
        return f"c({', '.join(map(_condition, node.elts))})"
    if isinstance(node, ast.Constant):
        return quoted(node.value) if isinstance(node.value, str) else str(node.value)
    return ast.unparse(node)


def _comparison(left: str, operator: ast.cmpop, right: str) -> str:
    if isinstance(operator, ast.NotIn):
        return f"!({left} %in% {right})"
    return f"{left} {OPERATORS[type(operator)]} {right}"


def quoted(text: str) -> str:
    """A text as an R string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def estimator(frame: Design, formula: str, by: Names, function: str) -> str:
    """One estimator line after the design, over a breakdown or not.

    R's `svyby` (4.1-1) has no covariance of groups where weights were calibrated or probabilities are unequal.
    """
    names = names_of(by)
    joint = "" if frame.adjustments or frame.unequal else ", covmat = TRUE"
    call = (
        f"svyby({formula}, ~{' + '.join(names)}, d, {function}, na.rm = TRUE{joint})"
        if names
        else f"{function}({formula}, d, na.rm = TRUE)"
    )
    return f"{design(frame)}\n{call}"


def shares(frame: Design, blocks: Sequence[Block], by: Names, interval: Interval | None) -> str:
    """Shares: indicators for sets of codes; the interval where R has it."""
    terms = [indicator(block, place) for block in blocks for place in range(len(block.categories))]
    lines = [estimator(frame, f"~{' + '.join(terms)}", by, "svymean")]
    if interval is not None and interval.name in CIPROP and by is None:
        lines += [f'svyciprop(~{term}, d, method = "{CIPROP[interval.name]}")' for term in terms]
    elif interval is None or interval.name in ("exact", "predictive"):
        lines.append("# R survey has no exact or predictive interval for a finite population")
    return "\n".join(lines)


def amounts(frame: Design, function: str, terms: Sequence[str], by: Names) -> str:
    """Means, totals and ratios: `terms` are R terms, for a ratio both formulas."""
    if function == "ratio":
        above, below = terms[0].split(", ")
        names = names_of(by)
        if names:
            call = f"svyby({above}, ~{' + '.join(names)}, d, svyratio, denominator = {below}, na.rm = TRUE)"
            return f"{design(frame)}\n{call}"
        return f"{design(frame)}\nsvyratio({above}, {below}, d, na.rm = TRUE)"
    formula = "~" + " + ".join(term.removeprefix("~") for term in terms)
    return estimator(frame, formula, by, "svymean" if function == "mean" else "svytotal")


def quantiles(frame: Design, terms: Sequence[str], by: Names, asked: tuple[str, str, float, Sequence[float]]) -> str:
    """Quantiles; asked : rule, name of the interval, level and probabilities."""
    rule, interval, level, chances = asked
    kind = {"wald": "mean", "logit": "xlogit", "korn_graubard": "beta"}.get(interval)
    said = f'alpha = {1 - level:g}, ci = TRUE, qrule = "{rule}", na.rm = TRUE'
    said += f', interval.type = "{kind}"' if kind else ""
    formula = "~" + " + ".join(term.removeprefix("~") for term in terms)
    numbers = f"c({', '.join(f'{chance:g}' for chance in chances)})"
    names = names_of(by)
    lines = design(frame)
    if frame.replicates is not None and kind != "mean":
        lines += "\n# with replicates R reads the limits off the Wald interval, whatever interval.type says"
    if names:
        return f"{lines}\nsvyby({formula}, ~{' + '.join(names)}, d, svyquantile, quantiles = {numbers}, {said})"
    return f"{lines}\nsvyquantile({formula}, d, {numbers}, {said})"


def indicator(block: Block, place: int) -> str:
    """One category of a block as a 0/1 term of a formula; kinds of missing are no category in R."""
    if place >= len(block.terms):
        return f"I(as.numeric(is.na({block.column.name})))"
    name, codes = block.terms[place]
    return f"I(ifelse(is.na({name}), NA, as.numeric({name} %in% c({', '.join(map(quoted, codes))}))))"
