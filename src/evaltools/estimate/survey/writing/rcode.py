"""R code (package `survey`) that gives the same numbers, for whoever wants a second opinion."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from evaltools.estimate.arrays import Mask
from evaltools.estimate.result import NO_R
from evaltools.estimate.survey.designs.cells import one_cell
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Block, Names, names_of
from evaltools.estimate.survey.intervals.interval import Interval
from evaltools.estimate.survey.linearised.linear import degrees_of_freedom

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


OTHERWISE: Final = "# R does otherwise: "
"""Begins a line of code that says why R's number is not quite this one."""

JOINT: Final = f"{NO_R}R's svyglm takes no joint probabilities"


def design(design: Design) -> str:
    """The lines that make the design `d` from `data` (see `Design.r_data`)."""
    lines = ["library(survey)", f'options(survey.lonely.psu = "{design.lonely}")', f"d <- {design.r_design}"]
    if design.replicates is not None and design.adjustments:
        lines.insert(0, f"{OTHERWISE}it makes the weights anew in each replicate")
    if design.domain_text:
        lines.append(f"d <- subset(d, {condition(design.domain_text)})")
    return "\n".join([*lines, *_degrees(design, design.mask)])


def answered(frame: Design, terms: Sequence[str], base: Mask) -> str:
    """The design seen through who has an answer to all terms; base : these rows."""
    known = " & ".join(f"!is.na({term})" for term in terms)
    return "\n".join([design(frame), f"d <- subset(d, {known})", *_degrees(frame, base)])


def _degrees(design: Design, base: Mask) -> list[str]:
    """Degrees of freedom of replicates made here: first-stage units less strata, where R counts the replicates."""
    if design.replicates is None or design.replicates.given:
        return []
    return [f"d$degf <- {degrees_of_freedom(design, one_cell(base))[0]:g}"]


def call_in(code: str) -> tuple[list[str], str]:
    """The lines before the call of an estimator that has a covariance of all rows, and that call; "" if none has."""
    lines = code.split("\n")
    calls = [
        place
        for place, line in enumerate(lines)
        if line.startswith("svy") and not line.startswith(("svyciprop(", "svychisq("))
    ]
    call = lines[calls[0]] if len(calls) == 1 else ""
    joint = not call.startswith("svyby(") or "covmat = TRUE" in call
    return (lines[: calls[0]], call) if call and joint else (lines, "")


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
        if interval.name == "likelihood" and frame.replicates is not None:
            return "\n".join([*lines, "# R survey has no likelihood interval where there are replicates"])
        if (
            interval.name == "korn_graubard"
            and keeps_rows(frame)
            and not all(b.valid[frame.mask].all() for b in blocks)
        ):
            lines.insert(0, COUNTED)
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


COUNTED: Final = f"{OTHERWISE}it counts rows without an answer among those that the interval leans on"


def keeps_rows(frame: Design) -> bool:
    """Whether R keeps rows without an answer in the design, with a weight of 0."""
    return frame.unequal or any(step.method != "trimming" for step in frame.adjustments)


def variances(frame: Design, names: Sequence[str], by: Names, base: Mask) -> str:
    """Variances among those with an answer to all (`base`); R would count the others among its n."""
    groups = names_of(by)
    formula = f"~{' + '.join(names)}"
    call = (
        f"svyby({formula}, ~{' + '.join(groups)}, d, svyvar, na.rm = TRUE)"
        if groups
        else f"svyvar({formula}, d, na.rm = TRUE)"
    )
    return f"{answered(frame, names, base)}\n{call}"


def quantiles(
    frame: Design, terms: Sequence[str], by: Names, asked: tuple[str, str, float, Sequence[float]], all_answered: bool
) -> str:
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
        lines = f"{OTHERWISE}with replicates it reads the limits off the Wald interval\n{lines}"
    elif frame.replicates is not None and names:
        lines = f"{OTHERWISE}it takes the rank of the replicates for the degrees of freedom of a group\n{lines}"
    elif kind == "beta" and keeps_rows(frame) and not all_answered:
        lines = f"{COUNTED}\n{lines}"
    if frame.replicates is not None and not names:
        said += ", df = degf(d)"
    if names:
        return f"{lines}\nsvyby({formula}, ~{' + '.join(names)}, d, svyquantile, quantiles = {numbers}, {said})"
    return f"{lines}\nsvyquantile({formula}, d, {numbers}, {said})"


def indicator(block: Block, place: int) -> str:
    """One category of a block as a 0/1 term of a formula; kinds of missing are no category in R."""
    if place >= len(block.terms):
        return f"I(as.numeric(is.na({block.column.name})))"
    name, codes = block.terms[place]
    return f"I(ifelse(is.na({name}), NA, as.numeric({name} %in% c({', '.join(map(quoted, codes))}))))"
