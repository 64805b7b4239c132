"""What a survey design is: who was asked, how, with which weights, and what is known of those who are silent."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers
from evaltools.estimate.survey.designs.conditions import names_in, parse_condition, rows_where
from evaltools.estimate.survey.designs.replicates import Replicates

Target = Literal["finite", "superpopulation"]
Lonely = Literal["fail", "adjust", "average", "remove"]
Fitting = Literal["raking", "linear", "logit", "trimming"]
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of sampling, one entry per lowest unit that was drawn (see `Design.unit_of_row`).

    stratum : code of the stratum (from stage 2 on: of the unit of the stage before). unit : code of the unit drawn.
    population : number of units of this stage in the stratum, None where they are drawn with replacement; number of
    units drawn / probability of the unit, where probabilities are unequal.
    joint : probabilities of any two lowest units to be drawn together (units x units), where these are known.
    """

    stratum: Codes
    unit: Codes
    population: Floats | None
    joint: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """What is known of every unit of a finite population, whether it answered or not.

    kinds : one row per kind of unit (one per unit where the frame lists them), with the columns known for all.
    cell : response cell of each kind. count : how many units are of the kind. inside : whether the kind may belong
    to the domain. certain : whether `inside` says for sure who belongs (False when answers decide).
    """

    kinds: pd.DataFrame
    cell: Codes
    count: Codes
    inside: Mask
    certain: bool = True

    @property
    def size(self) -> int:
        """All units, in the domain or not."""
        return int(self.count.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Auxiliaries:
    """What weights are made to fit: row i has the values `table[cell[i]]` (cells x p), whose totals are known.

    names : what each column counts or adds, as in `region "Nord"`. blocks : number of columns of each margin; a number
    that is added up has a block of its own. variables : the columns of the data that these are made of.
    Rows that the totals say nothing of lie in a cell of zeros.
    """

    cell: Codes
    table: Floats
    totals: Floats
    names: tuple[str, ...]
    blocks: tuple[int, ...]
    variables: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """One step from weights to better ones. `before` are the weights of the rows that it started from.

    bounds : least and greatest factor; of `trimming`, which has no auxiliaries, least and greatest weight.
    strict : whether trimming goes on until no weight is outside. iterations, deviation : how the weights converged;
    the deviation is that of the total that is furthest off, as a share of the size of its column.
    """

    method: Fitting
    before: Floats
    auxiliaries: Auxiliaries | None = None
    bounds: Bounds = (-np.inf, np.inf)
    strict: bool = False
    iterations: int = 0
    deviation: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Design:
    """A survey that shares, means and totals can be taken from. Immutable; made by `survey_design` or `design`.

    answers : what each row answered. unit_of_row : the lowest unit drawn that the row belongs to.
    weights : population units that a row stands for. cells : response cell (stratum) of each row, with `cell_names`.
    population : what is known of all units; None for a sample from a population of unknown make-up.
    mask : rows inside the domain; rows outside stay in the design. possible : rows of the kinds of unit that
    `population` counts as inside (those that domains on frame columns alone left in).
    by_item : whether a row that left a question open is silent on it (a census), not outside (a sample, as in R).
    weighting : key of the words for how weights were made. r_design : R code of the design.
    adjustments : steps from the weights of the design to `weights`, in order (`poststratify`, `rake`, ...).
    unequal : whether first-stage units were drawn with unequal probabilities.
    replicates : where covariances come from in place of linearisation, once `bootstrap` or its like has made them.
    """

    answers: Answers
    unit_of_row: Codes
    stages: tuple[Stage, ...]
    weights: Floats
    cells: Codes
    cell_names: tuple[str, ...]
    population: Population | None
    mask: Mask
    possible: Mask
    target: Target
    lonely: Lonely
    weighting: str
    code: str
    domain_text: str = ""
    r_design: str = ""
    notes: tuple[str, ...] = ()
    by_item: bool = False
    adjustments: tuple[Adjustment, ...] = ()
    unequal: bool = False
    replicates: Replicates | None = None
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False)
    """Codes that were made once and are used again; holds nothing that cannot be made anew."""

    def __repr__(self) -> str:
        known = "" if self.N is None else f" of {self.N}"
        return f"<Design: {self.n}{known} units, {len(self.cell_names)} strata, target {self.target}; {self.code}>"

    @property
    def n(self) -> int:
        """Rows inside the domain."""
        return int(self.mask.sum())

    @property
    def N(self) -> int | None:  # noqa: N802 the name the field uses
        """Population units inside the domain; None where that is unknown."""
        known = self.population
        return None if known is None or not known.certain else int(known.count[known.inside].sum())

    @cached_property
    def units(self) -> int:
        """Lowest units drawn, with or without rows in the domain."""
        return len(self.stages[0].unit)

    @cached_property
    def is_element_sample(self) -> bool:
        """Whether the rows themselves were drawn, in one stage."""
        return len(self.stages) == 1 and self.units == len(self.weights) == len(np.unique(self.stages[0].unit))

    @cached_property
    def is_even(self) -> bool:
        """Whether all rows weigh the same and come from one stratum, so that shares are unweighted."""
        alike = len(self.cell_names) == 1 and not self.adjustments and not self.unequal
        return alike and bool(np.ptp(self.weights) <= 1e-12 * self.weights[0])

    @property
    def full_response(self) -> bool:
        """Whether every unit of a finite population answered, so that nothing is left to infer."""
        known = self.population
        return self.target == "finite" and known is not None and known.size == len(self.weights)

    def domain(self, condition: str) -> Design:
        """The same design seen through a condition such as `"stype == 'E' and size in ['a', 'b']"`.

        Every row stays in the design, so that standard errors count the sampling of the domain's size.

        Raises `DesignError`: CONDITION_NOT_UNDERSTOOD, NO_SUCH_VARIABLE, EMPTY_DOMAIN.
        """
        tree = parse_condition(condition)
        chosen = rows_where(tree, self.answers)
        mask = self.mask & chosen
        if not mask.any():
            problem = f"no row fits {condition!r}"
            raise DesignError(Fault("EMPTY_DOMAIN", "domain", problem, "Check the codes in the condition."))
        of_frame = self.population is not None and names_in(tree) <= set(self.population.kinds.columns)
        return replace(
            self,
            mask=mask,
            possible=self.possible & chosen if of_frame else self.possible,
            population=None if self.population is None else _narrowed(self.population, self.answers, tree, of_frame),
            domain_text=f"({self.domain_text}) and ({condition})" if self.domain_text else condition,
            code=f"{self.code}.domain({condition!r})",
            memo={},
        )

    def fixes(self, names: Iterable[str]) -> bool:
        """Whether the weights were made to meet known totals of these variables, so that no chance is left in them."""
        known = self.adjustments[-1].auxiliaries if self.adjustments else None
        return known is not None and known.variables.issuperset(names)

    @property
    def weights_before(self) -> Floats:
        """Weights of the rows as they were before any adjustment."""
        return self.adjustments[0].before if self.adjustments else self.weights

    def r_data(self) -> pd.DataFrame:
        """The rows with the columns that `Estimate.r_code()` reads as `data`; write them with `to_csv`."""
        columns: dict[str, Floats | Codes | list[str]] = {
            "ev_weight": self.weights_before,
            "ev_cell": [self.cell_names[code] or "all" for code in self.cells],
        }
        for number, stage in enumerate(self.stages, 1):
            columns[f"ev_psu{number}"] = stage.unit[self.unit_of_row]
            if stage.population is not None:
                columns[f"ev_fpc{number}"] = stage.population[self.unit_of_row]
        if self.unequal:
            columns["ev_p"] = 1 / self.weights_before
            joint = self.stages[0].joint
            columns |= {} if joint is None else {f"ev_joint{i}": column for i, column in enumerate(joint, 1)}
        if self.replicates is not None:
            factors = self.replicates.factors[self.replicates.unit[self.unit_of_row]]
            columns |= {f"ev_rep{number}": column for number, column in enumerate(factors.T, 1)}
        frame = self.answers.frame
        return pd.concat([frame.drop(columns=columns, errors="ignore"), pd.DataFrame(columns, frame.index)], axis=1)


def _narrowed(population: Population, answers: Answers, tree: ast.expr, of_frame: bool) -> Population:
    """What is known of a population seen through a condition on its frame; on answers, only that some may belong."""
    if not of_frame:
        return replace(population, certain=False)
    known = replace(answers, frame=population.kinds, missing=None, memo={})
    return replace(population, inside=population.inside & rows_where(tree, known))
