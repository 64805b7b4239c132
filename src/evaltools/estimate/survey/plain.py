"""A design for a plain frame: any pandas frame, or what `read_spss` gives, without a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, first_places
from evaltools.estimate.survey.designs.answers import Answers, code_text
from evaltools.estimate.survey.designs.model import Design, Lonely, Population, Stage, Target
from evaltools.estimate.survey.designs.selection import Names, names_of
from evaltools.estimate.survey.designs.soundness import (
    check_fpc,
    check_lonely,
    check_target,
    check_weights,
    drawn_by_stratum,
)
from evaltools.estimate.survey.designs.unequal import Unequal, r_unequal, unequal_stage
from evaltools.estimate.survey.weights.resampling import with_replicates
from evaltools.estimate.survey.writing import words


class HasFrame(Protocol):
    """Anything that holds its rows as a plain frame, such as the result of `read_spss`."""

    @property
    def frame(self) -> pd.DataFrame:
        """The rows."""
        ...


def survey_design(  # noqa: PLR0913 the parts of a design are these
    frame: pd.DataFrame | HasFrame,
    *,
    strata: Names = None,
    psu: Names = None,
    weights: str | None = None,
    fpc: Names = None,
    population: int | Mapping[str, int] | None = None,
    pps: Unequal = None,
    replicate_weights: Mapping[str, str | Sequence[str]] | None = None,
    target: Target = "finite",
    lonely: Lonely = "fail",
) -> Design:
    """The design of a sample: how its rows were drawn from their population.

    frame : one row per unit that answered. strata : column, or columns that are crossed.
    psu : column of the unit drawn at each stage; without it the rows were drawn. weights : column, units per row.
    fpc : column per stage with the number of units in the stratum (or the fraction drawn, when all are at most 1).
    population : all units, or units by stratum; gives weights and finite population correction where these are not
    given. pps : for rows drawn with unequal probabilities (column `fpc`) without replacement: `brewer`, or the table of
    joint probabilities (rows x rows; Horvitz-Thompson variance); intervals are then normal.
    replicate_weights : their kind with their columns, such as `{"bootstrap": "bw[0-9]+"}`; see `with_replicates`.
    target : `finite` infers to this population, `superpopulation` to the process behind it (no correction).
    lonely : what a stratum with one unit drawn adds to the variance: `fail`, `adjust` (its deviation from the mean
    of all; for a total its own size), `average` (as other strata), `remove` (nothing).

    Returns the `Design` that shares, means and totals are taken from.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_ROWS, WEIGHT_MISSING, WEIGHT_NOT_POSITIVE, FPC_MISSING,
    FPC_NOT_CONSTANT, MORE_RESPONSES_THAN_UNITS, EMPTY_STRATUM, LONELY_STRATUM, NO_SUCH_TARGET, NO_SUCH_RULE,
    UNEQUAL_STAGES, PROBABILITIES_WRONG, JOINT_PROBABILITIES_WRONG, WEIGHTS_TWICE.
    Source: Särndal, Swensson and Wretman (1992), chapter 4; unequal probabilities: Horvitz and Thompson (1952), Brewer
    (2002), chapter 9.

    >>> import pandas as pd
    >>> schools = pd.DataFrame({"score": [3.0, 5.0, 4.0, 8.0], "town": ["a", "a", "b", "b"]})
    >>> survey_design(schools, strata="town", population={"a": 10, "b": 20}).weights.tolist()
    [5.0, 5.0, 10.0, 10.0]
    """
    check_target(target, lonely)
    answers = _answers(frame)
    rows = answers.frame
    _columns_exist(rows, strata, psu, weights, fpc)
    cells, cell_names = cells_of(rows, names_of(strata))
    stages, unit_of_row = _stages(rows, cells, names_of(psu))
    by_cell = _population_by_cell(population, cells, cell_names)
    if pps is None:
        stages = _with_population(rows, stages, unit_of_row, names_of(fpc), by_cell)
    else:
        _check_no_weights(weights, population)
        stages = (unequal_stage(rows, stages, names_of(fpc), pps),)
    row_weights = _weights(rows, weights, stages, unit_of_row)
    check_lonely(stages, target, lonely, cell_names)
    made = Design(
        answers=answers,
        unit_of_row=unit_of_row,
        stages=stages,
        weights=row_weights,
        cells=cells,
        cell_names=cell_names,
        population=None if pps is not None else _known(rows, stages, cells, names_of(strata), row_weights),
        mask=np.ones(len(rows), dtype=bool),
        possible=np.ones(len(rows), dtype=bool),
        target=target,
        lonely=lonely,
        weighting="column" if weights else "none" if np.ptp(row_weights) == 0 else "cells",
        code=words.call(
            "survey_design",
            answers.code,
            {
                "strata": strata,
                "psu": psu,
                "weights": weights,
                "fpc": fpc,
                "population": population,
                "pps": pps if pps is None or isinstance(pps, str) else words.Name("joint"),
                "target": target,
                "lonely": lonely,
            },
        ),
        r_design=_r_design(len(names_of(psu)), stages, target)
        if pps is None
        else r_unequal(stages[0].joint is not None),
        unequal=pps is not None,
    )
    for kind, columns in (replicate_weights or {}).items():
        made = with_replicates(made, columns, kind=kind)
    return made


def _check_no_weights(weights: str | None, population: object) -> None:
    if weights is not None or population is not None:
        problem = "with `pps` each row weighs 1 / its probability"
        raise DesignError(Fault("WEIGHTS_TWICE", "pps", problem, "Leave `weights` and `population` out."))


def cells_of(rows: pd.DataFrame, names: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """The crossing of columns as codes and names, in the order of the names."""
    if not names:
        return np.zeros(len(rows), dtype=np.int64), ("",)
    crossed, labels = np.zeros(len(rows), dtype=np.int64), [""]
    for name in names:
        place, distinct = pd.factorize(rows[name], use_na_sentinel=False)
        texts, width = [code_text(value) for value in distinct], len(distinct)
        crossed, used = pd.factorize(crossed * width + place)
        labels = [f"{labels[code // width]} x {texts[code % width]}".removeprefix(" x ") for code in used.tolist()]
    cell_names, codes = np.unique(np.array(labels, dtype=object), return_inverse=True)
    return codes[crossed].astype(np.int64), tuple(cell_names)


def _answers(frame: pd.DataFrame | HasFrame) -> Answers:
    if isinstance(frame, Dataset):
        remedy = "Use `design(data)`, which takes the population and the silent units from the data."
        raise DesignError(Fault("DATASET_NEEDS_DESIGN", frame.questionnaire.id, "a dataset is not a sample", remedy))
    rows = frame if isinstance(frame, pd.DataFrame) else frame.frame
    if rows.empty:
        raise DesignError(Fault("NO_ROWS", "data", "there is no row", "Read the data again."))
    return Answers(
        frame=rows.reset_index(drop=True),
        missing=None,
        variables={},
        families={},
        questionnaire=None,
        frame_columns=(),
        language="en",
        origin="collected",
        code=getattr(frame, "code", "frame"),
    )


def _columns_exist(rows: pd.DataFrame, *groups: Names) -> None:
    faults = [
        Fault("NO_SUCH_VARIABLE", "design", f'there is no variable "{name}"', near(name, map(str, rows.columns)))
        for group in groups
        for name in names_of(group)
        if name not in rows.columns
    ]
    if faults:
        raise DesignError(*faults)
    for group in groups[:2]:
        for name in names_of(group):
            if rows[name].isna().any():
                problem = f'"{name}" is missing in {int(rows[name].isna().sum())} rows'
                raise DesignError(Fault("STRATUM_MISSING", "design", problem, "Fill it in, or leave the rows out."))


def _stages(rows: pd.DataFrame, cells: Codes, psu: tuple[str, ...]) -> tuple[tuple[Stage, ...], Codes]:
    """The stages without population sizes, one entry per lowest unit, and the lowest unit of each row."""
    levels = []
    parent = cells
    for name in psu:
        codes, names = pd.factorize(rows[name])
        unit, _ = pd.factorize(parent * len(names) + codes)
        levels.append((parent, unit))
        parent = unit
    if not levels:
        levels = [(cells, np.arange(len(rows)))]
    lowest = levels[-1][1]
    first = first_places(lowest)
    stages = tuple(
        Stage(stratum[first].astype(np.int64), unit[first].astype(np.int64), None) for stratum, unit in levels
    )
    return stages, lowest.astype(np.int64)


def _population_by_cell(
    population: int | Mapping[str, int] | None, cells: Codes, cell_names: tuple[str, ...]
) -> Floats | None:
    if population is None:
        return None
    if isinstance(population, int):
        if len(cell_names) > 1:
            problem = f"one population size ({population}) is given for {len(cell_names)} strata"
            remedy = "Give units by stratum, such as {'north': 40, 'south': 58}."
            raise DesignError(Fault("POPULATION_PER_STRATUM", "population", problem, remedy))
        return np.array([float(population)])
    for name in population:
        if name not in cell_names:
            problem = f'no row answers in stratum "{name}" ({population[name]} units)'
            remedy = f"Merge it with another stratum, or check its name. {near(name, cell_names)}"
            raise DesignError(Fault("EMPTY_STRATUM", "population", problem, remedy))
    absent = [name for name in cell_names if name not in population]
    if absent:
        problem = f'the population of stratum "{absent[0]}" is not given'
        raise DesignError(Fault("POPULATION_PER_STRATUM", "population", problem, near(absent[0], population)))
    return np.array([float(population[name]) for name in cell_names])


def _with_population(
    rows: pd.DataFrame,
    stages: tuple[Stage, ...],
    unit_of_row: Codes,
    fpc: tuple[str, ...],
    by_cell: Floats | None,
) -> tuple[Stage, ...]:
    if len(fpc) > len(stages):
        problem = f"{len(fpc)} population columns are given for {len(stages)} stages"
        raise DesignError(Fault("FPC_MISSING", "fpc", problem, "Give at most one column per stage, as in `psu`."))
    first = first_places(unit_of_row)
    done = []
    for number, stage in enumerate(stages):
        if number < len(fpc):
            values = check_fpc(rows[fpc[number]], fpc[number])[first]
            done.append(_sized(stage, values, fpc[number]))
        elif number == 0 and by_cell is not None:
            done.append(_sized(stage, by_cell[stage.stratum], "population"))
        else:
            done.append(stage)
    return tuple(done)


def _sized(stage: Stage, values: Floats, name: str) -> Stage:
    """The stage with its population sizes; fractions become sizes. Each stratum must have one, not below its sample."""
    stratum, drawn = stage.stratum, drawn_by_stratum(stage)
    if (values <= 1).all() and (drawn[stratum] > 1).any():
        values = drawn[stratum] / values
    least = np.full(len(drawn), np.inf)
    np.minimum.at(least, stratum, values)
    if not np.allclose(values, least[stratum], rtol=1e-9):
        problem = f'"{name}" has several values in one stratum'
        raise DesignError(Fault("FPC_NOT_CONSTANT", "design", problem, "Give each stratum one population size."))
    if (drawn > least + 1e-9).any():
        worst = int(np.argmax(drawn - least))
        problem = f'"{name}" says {least[worst]:g} units where {int(drawn[worst])} answered'
        raise DesignError(
            Fault("MORE_RESPONSES_THAN_UNITS", "design", problem, "Remove duplicates, or correct the size.")
        )
    return Stage(stage.stratum, stage.unit, values)


def _weights(rows: pd.DataFrame, name: str | None, stages: tuple[Stage, ...], unit_of_row: Codes) -> Floats:
    if name is not None:
        return check_weights(rows[name], name)
    weights = np.ones(len(stages[0].unit))
    for stage in stages:
        if stage.population is not None:
            weights = weights * stage.population / drawn_by_stratum(stage)[stage.stratum]
    return np.asarray(weights[unit_of_row])


def _known(
    rows: pd.DataFrame, stages: tuple[Stage, ...], cells: Codes, strata: tuple[str, ...], weights: Floats
) -> Population | None:
    """The population by stratum, when rows were drawn in one stage and weigh what their stratum's silence implies."""
    stage = stages[0]
    if len(stages) > 1 or stage.population is None or len(stage.unit) != len(rows):
        return None
    size = np.bincount(cells, minlength=int(cells.max()) + 1)
    implied = stage.population / size[cells]
    if not np.allclose(weights, implied, rtol=1e-3):
        return None
    first = first_places(cells)
    count = np.rint(stage.population[first]).astype(np.int64)
    kinds = rows[list(strata)].iloc[first].reset_index(drop=True)
    return Population(kinds, np.arange(len(first)), count, np.ones(len(first), dtype=bool))


def _r_design(psu: int, stages: tuple[Stage, ...], target: Target) -> str:
    ids = " + ".join(f"ev_psu{number}" for number in range(1, psu + 1)) or "1"
    sizes = [f"ev_fpc{number}" for number, stage in enumerate(stages, 1) if stage.population is not None]
    fpc = f", fpc = ~{' + '.join(sizes)}" if sizes and target == "finite" else ""
    return f"svydesign(ids = ~{ids}, strata = ~ev_cell, weights = ~ev_weight{fpc}, data = data, nest = TRUE)"
