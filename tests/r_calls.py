"""What each family of R calls means among our verbs: from an entry to the numbers of ours, in the shape of the entry.

Nothing is looked up by an entry's name: verb, variables, options and design are read from its R code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from evaltools.estimate import (
    Design,
    Estimate,
    Model,
    combinations,
    contrast,
    crosstab,
    design_effects,
    glm,
    interval,
    mcnemar,
    mean,
    proportion,
    quantile,
    rao_scott,
    ratio,
    result,
    survey_design,
    t_test,
    term_test,
    total,
    variance,
)
from evaltools.estimate.survey.regression.families import FamilyName
from r_entries import Entry, argument, design_of, found_in, read

Shape = dict[str, Any]

VERBS: Mapping[str, Callable[..., Estimate]] = {"svymean": mean, "svytotal": total}


def of_row(row: result.Row) -> Shape:
    """A row under the names that entries use."""
    return {
        "value": row.estimate, "se": row.se, "ci_low": row.low, "ci_high": row.high, "ci_level": row.level, "df": row.df
    }  # fmt: skip


def of_linear(entry: Entry) -> Shape:
    """Means, totals, ratios and shares, with what else the entry has of them: design effects, covariance, weights."""
    if entry["r_code"].startswith("svyby("):
        return of_groups(entry)
    function, names = call_of(entry)
    frame, columns = with_terms(read(entry), names)
    design = design_of(entry, frame)
    estimate = linear(design, function, columns)
    rows = [of_row(row) for row in estimate.rows]
    if "deff=TRUE" in entry["r_code"]:
        of = {"svymean": "mean", "svytotal": "total"}[function]
        for row, effect in zip(rows, design_effects(design, columns, of=of).rows, strict=True):  # type: ignore[arg-type]
            row["deff"] = effect.estimate
    return {"estimates": rows, "vcov": matrix_of(estimate), **weights_of(design), **contrasts_of(entry, estimate)}


def linear(design: Design, function: str, columns: Sequence[str]) -> Estimate:
    """The estimate that an R function means: `svymean` of texts gives shares."""
    if function == "svyratio":
        return ratio(design, *columns)
    numeric = all(pd.api.types.is_numeric_dtype(design.answers.frame[name]) for name in columns)
    if function == "svymean" and not numeric:
        return proportion(design, columns, interval=interval.wald())
    return VERBS[function](design, columns)


def matrix_of(estimate: Estimate) -> list[list[float]]:
    """The joint covariance as lists."""
    assert estimate.covariance is not None
    found: list[list[float]] = estimate.covariance.tolist()
    return found


def weights_of(design: Design) -> Shape:
    """What an entry tells of weights that were made."""
    weights = design.weights
    told = {"sum": weights.sum(), "min": weights.min(), "max": weights.max(), "first5": weights[:5].tolist()}
    return {"weights_summary": told}


def contrasts_of(entry: Entry, estimate: Estimate) -> Shape:
    """The contrasts with the weights that the entry names."""
    rows = [contrast(estimate, each["weights"]).rows[0] for each in entry.get("contrasts", ())]
    return {"contrasts": [of_row(row) for row in rows]}


def of_groups(entry: Entry) -> Shape:
    """A call of `svyby`: R's interval has the degrees of freedom of the whole design, ours those of the group."""
    variable, groups, function = found_in(r"^svyby\(~(\w+), ~([\w+]+), \w+, (\w+)", entry["r_code"])
    design = design_of(entry, read(entry))
    whole = VERBS[function](design, variable).rows[0].df
    found = {
        ".".join(value for _, value in row.coordinates[1:]): row
        for row in VERBS[function](design, variable, by=groups.split("+")).rows
    }
    assert found.keys() == {theirs["label"] for theirs in entry["estimates"]}
    return {"estimates": [of_group(found[theirs["label"]], whole or np.inf) for theirs in entry["estimates"]]}


def of_group(row: result.Row, whole: float) -> Shape:
    """A row of a breakdown, with both intervals."""
    assert row.se is not None
    half = float(stats.t.ppf((1 + row.level) / 2, whole)) * row.se
    own = {"df_domain": row.df, "ci_low_domain_df": row.low, "ci_high_domain_df": row.high}
    return {**of_row(row), "df": whole, "ci_low": row.estimate - half, "ci_high": row.estimate + half, **own}


INTERVALS = {
    "beta": interval.korn_graubard,
    "xlogit": interval.logit,
    "logit": interval.logit,
    "mean": interval.wald,
    "wilson": interval.wilson,
    "likelihood": interval.likelihood,
}


def said(entry: Entry, name: str) -> str:
    """The text of a named argument of the entry's call."""
    (text,) = found_in(rf"{re.escape(name)}='(\w+)'", entry["r_code"])
    return text


def of_share(entry: Entry) -> Shape:
    """A call of `svyciprop`."""
    _, names = call_of(entry)
    frame, (column,) = with_terms(read(entry), names)
    category = "1" if pd.api.types.is_numeric_dtype(frame[column]) else "TRUE"
    chosen = INTERVALS[said(entry, "method")]()
    return rows_of(proportion(design_of(entry, frame), column, category=category, interval=chosen))


def rows_of(estimate: Estimate) -> Shape:
    """The rows alone."""
    return {"estimates": [of_row(row) for row in estimate.rows]}


def of_quantile(entry: Entry) -> Shape:
    """A call of `svyquantile`."""
    variable, asked = found_in(r"^svyquantile\(~(\w+), \w+, c\(([\d.,]+)\)", entry["r_code"])
    chosen = INTERVALS[said(entry, "interval.type")]()
    chances = [float(each) for each in asked.split(",")]
    return rows_of(
        quantile(design_of(entry, read(entry)), variable, chances, rule=said(entry, "qrule"), interval=chosen)
    )


def of_variance(entry: Entry) -> Shape:
    """A call of `svyvar` of two variables: the variance of the first, the covariance, the correlation."""
    _, (one, other) = call_of(entry)
    estimate = variance(design_of(entry, read(entry)), [one, other])
    both = estimate.row(item=one, **{"with": other})
    correlation = estimate.extra[f"correlation {one} {other}"]
    first = of_row(estimate.row(item=one, **{"with": one}))
    return {"estimates": [first, {"value": both.estimate}, {"value": correlation}]}


def of_test(test: result.Test) -> Shape:
    """A test under the names that entries use: one number of degrees of freedom stands alone."""
    df = list(test.df)
    told: Shape = {"value": test.statistic, "df": df[0] if len(df) == 1 else df, "p_value": test.p_value}
    return {**told, "estimate": test.estimate}


def of_table(entry: Entry) -> Shape:
    """A call of `svychisq`, and the weighted counts of the table."""
    _, names = call_of(entry)
    frame, (row, column) = with_terms(read(entry), names)
    design = design_of(entry, frame)
    test = rao_scott(design, row, column, statistic=said(entry, "statistic"))  # type: ignore[arg-type]
    counts = crosstab(design, row, column, of="count")
    shares = crosstab(design, row, column, of="all")
    cells = []
    for theirs in entry["weighted_counts"]:
        where = {row: theirs["row"], "category": theirs["col"]}
        cells.append({"n": value_at(counts, where), "share": value_at(shares, where)})
    return {"estimates": [of_test(test)], "weighted_counts": cells}


def value_at(estimate: Estimate, where: Mapping[str, str]) -> float:
    """The value of the row with these coordinates."""
    return estimate.row(**where).estimate


def of_cells(entry: Entry) -> Shape:
    """Means and totals of crossed categories (`interaction`)."""
    function, row, column = found_in(r"^(\w+)\(~interaction\((\w+), (\w+)\)", entry["r_code"])
    of = {"svymean": "all", "svytotal": "count"}[function]
    estimate = crosstab(design_of(entry, read(entry)), row, column, of=of, interval=interval.wald())  # type: ignore[arg-type]
    assert len(estimate.rows) == len(entry["estimates"])
    cells = []
    for theirs in entry["estimates"]:
        here, there = theirs["label"].partition(")")[2].split(".", 1)
        cells.append(of_row(estimate.row(**{row: here, "category": there})))
    return {"estimates": cells}


def of_choices(entry: Entry) -> Shape:
    """Several choices: each alone as means; any or both of two by the verb for combinations of choices."""
    if "I(" not in entry["r_code"]:
        return of_linear(entry)
    names = list(dict.fromkeys(re.findall(r"use_\w+", entry["r_code"])))
    how = "pairs" if "&" in entry["r_code"] else "any"
    estimate = combinations(design_of(entry, read(entry)), names, how=how, interval=interval.wald())  # type: ignore[arg-type]
    found = {row.coordinate("category"): (place, row) for place, row in enumerate(estimate.rows)}
    rows, signs, places = [], [], []
    for theirs in entry["estimates"]:
        word = "+".join(re.findall(r"use_\w+", theirs["label"])) if how == "pairs" else "any"
        place, row = found[word]
        yes = theirs["label"].endswith("TRUE")
        rows.append(of_row(row) if yes else of_the_rest(row))
        places.append(place)
        signs.append(1.0 if yes else -1.0)
    assert estimate.covariance is not None
    matrix = estimate.covariance[np.ix_(places, places)] * np.outer(signs, signs)
    return {"estimates": rows, "vcov": matrix.tolist()}


def of_the_rest(row: result.Row) -> Shape:
    """What is not so: the share that is left to 1."""
    assert row.low is not None
    assert row.high is not None
    return {**of_row(row), "value": 1 - row.estimate, "ci_low": 1 - row.high, "ci_high": 1 - row.low}


def of_change(entry: Entry) -> Shape:
    """A call of `svycontrast` on means or totals, by weights or by a formula in `quote`."""
    function, variables = found_in(r"(svymean|svytotal)\(~([\w+]+),", entry["r_code"])
    estimate = VERBS[function](design_of(entry, read(entry)), variables.split("+"))
    quoted = re.search(r"quote\((.+?)\)\)", entry["r_code"])
    parts = [of_row(row) for row in estimate.rows]
    told = {"parts": parts, "covariance": matrix_of(estimate)[0][1]}
    if quoted:
        return {**rows_of(contrast(estimate, quoted[1])), **told}
    (given,) = found_in(r"svycontrast\(s, c\((.+?)\)\)", entry["r_code"])
    weights = {name: float(value) for name, value in (each.split("=") for each in given.split(", "))}
    return {**rows_of(contrast(estimate, weights)), **told}


def of_comparison(entry: Entry) -> Shape:
    """A call of `svyttest`, of two groups or of a difference against 0; or counts of `w1` against `w2`."""
    design = design_of(entry, read(entry))
    if not entry["r_code"].startswith("svyttest("):
        return of_pairs(entry, design)
    left, right = found_in(r"^svyttest\((.+)~(\w+),", entry["r_code"])
    if right == "0":
        return {"estimates": [of_test(t_test(design, left.removeprefix("I(").removesuffix(")").split("-")))]}
    return {"estimates": [of_test(t_test(design, left, by=right))]}


def of_pairs(entry: Entry, design: Design) -> Shape:
    """McNemar's tests that the call names, and how many units went each way, as `mcnemar` notes it."""
    waves = [f"use_fgc_{wave}" for wave in re.findall(r"(w\d)==0&(w\d)==1", entry["r_code"])[0]]
    called = {"binom.test": "exact", "mcnemar.test": "chi_squared"}
    tests = [mcnemar(design, *waves, method=called[name]) for name in re.findall(r"(\w+\.test)\(", entry["r_code"])]  # type: ignore[arg-type]
    up, down, n = (int(number) for number in re.findall(r"\d+", tests[0].notes[0])[:3])
    return {"estimates": [of_test(test) for test in tests], "counts": {"b": up, "c": down, "n": n}}


FAMILY_NAMES: Mapping[str, FamilyName] = {"quasibinomial": "binomial", "quasipoisson": "poisson"}


def of_model(entry: Entry) -> Shape:
    """A call of `svyglm`, or the test of a term of it."""
    call = entry["r_code"]
    (formula,) = found_in(r"svyglm\((.+?), design=", call)
    family = re.search(r"family=(\w+)\(\)", call)
    model: Model = glm(design_of(entry, read(entry)), formula, family=FAMILY_NAMES[family[1]] if family else "gaussian")
    if not call.startswith("regTermTest("):
        return {"estimates": [of_row(row) for row in model.rows]}
    (term,) = found_in(r", ~([\w+()]+)\)$", call)
    return {"estimates": [of_test(term_test(model, term.split("+")))]}


def of_few(entry: Entry) -> Shape:
    """A share of a small population, x of n of N."""
    x, n, population = (entry["inputs"][name] for name in ("x", "n", "N"))
    answers = pd.DataFrame({"uses": [1] * x + [0] * (n - x)})
    row = proportion(survey_design(answers, population=population), "uses", category=1).rows[0]
    assert row.counts is not None
    return {"estimates": [{**of_row(row), "count_low": row.counts[0], "count_high": row.counts[1]}]}


FAMILIES: Mapping[str, Callable[[Entry], Shape]] = {
    "mean": of_linear,
    "total": of_linear,
    "pps": of_linear,
    "proportion": of_linear,
    "ciprop": of_share,
    "ratio": of_linear,
    "quantile": of_quantile,
    "domain": of_linear,
    "replicate": of_linear,
    "crosstab": of_table,
    "crosstab_cells": of_cells,
    "multiresponse": of_choices,
    "change": of_change,
    "test": of_comparison,
    "glm": of_model,
    "calibration": of_linear,
    "variance": of_variance,
    "lonely_psu": of_linear,
    "smallpop": of_few,
}


def call_of(entry: Entry) -> tuple[str, list[str]]:
    """The R function of an entry and the terms of its first formulas."""
    function, inside = found_in(r"^(\w+)\((.*)\)\Z", entry["r_code"])
    formulas = re.findall(r"~((?:I\([^~]*?\)(?=[+,]|$)|[\w.]+|\+)+)", inside)
    return function, [term for formula in formulas for term in terms(formula)]


def terms(formula: str) -> list[str]:
    """The terms of a formula; a plus inside `I(...)` separates nothing.

    >>> terms("a+I(b+c > 0)")
    ['a', 'I(b+c > 0)']
    """
    found, depth = [""], 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        if sign == "+" and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found


def with_terms(frame: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The frame with a text column for each `I(condition)`, and the columns that the terms are."""
    frame, columns = frame.copy(), []
    for number, term in enumerate(names):
        if term.startswith("I("):
            condition = re.sub(r"(\w+) %in% (\d+)", r"\1 == \2", term[2:-1]).replace("&", " and ")
            truth = np.asarray(frame.eval(condition), dtype=bool)
            frame[f"term{number}"] = np.where(truth, "TRUE", "FALSE")
            columns.append(f"term{number}")
        else:
            columns.append(term)
    return frame, columns


LOOSE: Mapping[str, float] = {"quantile": 1e-6, "glm": 1e-6}


def tolerance(entry: Entry, place: str) -> float:
    """How far two numbers may be apart, relatively: what R finds by steps it has less exactly."""
    if "method='likelihood'" in entry["r_code"]:
        return 1e-6
    if entry["family"] == "crosstab" and place.endswith("p_value"):
        return 1e-7
    return LOOSE.get(entry["family"], 1e-8)


GIVEN = ("estimates", "vcov", "contrasts", "parts", "covariance", "weights_summary", "weighted_counts", "counts")
"""The parts of an entry that R computed; `inputs`, and the `weights` of a contrast, are arguments."""


def numbers_in(tree: Any, place: str) -> Iterator[tuple[str, float]]:
    """Every number of a nested value, with where it stands; of a list also its length."""
    if isinstance(tree, Mapping):
        for name, inner in tree.items():
            if name not in ("weights", "label"):
                yield from numbers_in(inner, f"{place}.{name}")
    elif isinstance(tree, list):
        yield f"{place}.length", float(len(tree))
        for number, inner in enumerate(tree):
            yield from numbers_in(inner, f"{place}[{number}]")
    elif tree == "Inf" or (isinstance(tree, (int, float)) and not isinstance(tree, bool)):
        yield place, float(tree)


def reported(entry: Entry) -> Mapping[str, float]:
    """The numbers of an entry, its degrees of freedom mended."""
    told = mended(entry)
    return {place: number for part in GIVEN if part in told for place, number in numbers_in(told[part], part)}


def mended(entry: Entry) -> Entry:
    """The entry, of a subset with the degrees of freedom that R's own `degf` gives: clusters with rows in it less 1.

    One entry says 10 for 11 rows in 7 clusters, where `degf` gives 6; its limits are made again with these.
    """
    df = clusters_in_subset(entry) - 1
    if df < 0 or all(theirs["df"] == df for theirs in entry["estimates"]):
        return entry
    half = [float(stats.t.ppf(0.975, df)) * theirs["se"] for theirs in entry["estimates"]]
    return {
        **entry,
        "estimates": [
            {**theirs, "df": df, "ci_low": theirs["value"] - each, "ci_high": theirs["value"] + each}
            for theirs, each in zip(entry["estimates"], half, strict=True)
        ],
    }


def clusters_in_subset(entry: Entry) -> int:
    """Clusters with rows in the subset that a call on an unstratified design is about, counted by pandas; or none."""
    subset = re.search(r"subset\(\w+, (.+?)\)\)$", entry["r_code"])
    if subset is None or argument(entry["r_design"], "strata"):
        return 0
    rows = read(entry).query(subset[1].replace("&", "and"))
    return int(rows[argument(entry["r_design"], "ids?")[0]].nunique())


def differences(entry: Entry) -> list[str]:
    """What of an entry's numbers ours lack or do not equal; nothing where all agree."""
    family = FAMILIES.get(entry["family"])
    if family is None:
        return [f"no verb is known for the family {entry['family']}"]
    ours = dict(numbers_in(family(entry), ""))
    found = []
    for place, theirs in reported(entry).items():
        mine = ours.get(f".{place}")
        if mine is None:
            found.append(f"{place} is {theirs:.12g} and has no number of ours")
        elif not (mine == theirs or abs(mine - theirs) <= tolerance(entry, place) * max(abs(theirs), 1e-300)):
            found.append(f"{place} is {theirs:.12g}, ours {mine:.12g}")
    return found
