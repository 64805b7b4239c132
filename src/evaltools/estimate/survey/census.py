"""The design of a census with nonresponse: everyone was asked, some are silent, and the frame knows them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Mask
from evaltools.estimate.survey.designs.answers import Answers
from evaltools.estimate.survey.designs.model import Design, Population, Stage, Target
from evaltools.estimate.survey.designs.selection import Names, names_of
from evaltools.estimate.survey.designs.soundness import check_in_frame, check_lonely, check_target
from evaltools.estimate.survey.plain import cells_of
from evaltools.estimate.survey.writing import words
from evaltools.language import texts

R_DESIGN = "svydesign(ids = ~1, strata = ~ev_cell, weights = ~ev_weight, fpc = ~ev_fpc1, data = data)"
LEAST_IN_CELL = 5
"""Respondents that a part of a stratum needs to be a response cell of its own under `adjust_for`."""


def design(
    data: Dataset,
    *,
    strata: Names = None,
    adjust_for: str | Sequence[str] = (),
    target: Target = "finite",
) -> Design:
    """The design of a survey that asked a whole population, as if those silent in a cell were silent by chance.

    data : one row per unit of the population, silent ones too. strata : frame columns whose crossing makes the
    response cells; each answering unit then weighs N_h / n_h. adjust_for : frame columns that split the cells
    further; parts with fewer than 5 answering units are merged within their cell. With neither, all weigh N / n.
    target : `finite` infers to these units, `superpopulation` to the process behind them (no population correction).
    A registration (many records per unit) becomes a sample of records in clusters, of a population unknown in size.

    Raises `DesignError`: NO_RESPONSES, NO_SUCH_VARIABLE, NOT_IN_FRAME, EMPTY_STRATUM, LONELY_STRATUM,
    MORE_RESPONSES_THAN_UNITS. Source: Särndal and Lundström (2005), chapter 6; docs/methods.md.
    Returns the `Design` that shares, means and totals are taken from.
    """
    check_target(target, "fail")
    strata_names, split_names = names_of(strata), names_of(adjust_for)
    if data.questionnaire.many_records:
        return _of_records(data)
    _check_frame(data, (*strata_names, *split_names))
    frame = _with_categories(data.frame, data.frame_columns)
    everyone = frame.loc[:, list(data.frame_columns)].reset_index(drop=True)
    responded = data.frame["responded"].to_numpy(dtype=bool)
    cells, cell_names, merged = _response_cells(everyone, responded, strata_names, split_names)
    asked, answered = np.bincount(cells), np.bincount(cells[responded], minlength=len(cell_names))
    _check_cells(data, cell_names, asked, answered)
    stage = Stage(cells[responded], np.arange(int(responded.sum())), asked[cells[responded]].astype(float))
    check_lonely((stage,), target, "fail", cell_names)
    say = texts(data.questionnaire.languages[0]).say
    return Design(
        answers=_answers(data, frame, responded),
        unit_of_row=stage.unit,
        stages=(stage,),
        weights=(asked / np.maximum(answered, 1))[cells[responded]],
        cells=cells[responded],
        cell_names=cell_names,
        population=Population(everyone, cells, np.ones(len(cells), dtype=np.int64), np.ones(len(cells), dtype=bool)),
        mask=np.ones(int(responded.sum()), dtype=bool),
        possible=np.ones(int(responded.sum()), dtype=bool),
        target=target,
        lonely="fail",
        by_item=True,
        weighting="cells" if len(cell_names) > 1 else "none",
        code=_code(data.code, strata, adjust_for, target),
        r_design=R_DESIGN if target == "finite" else R_DESIGN.replace(", fpc = ~ev_fpc1", ""),
        notes=(say("estimate.note.cells_merged", cells=", ".join(merged)),) if merged else (),
    )


def _code(inner: str, strata: object, adjust_for: object, target: Target) -> str:
    return words.call("design", inner, {"strata": strata, "adjust_for": adjust_for or None, "target": target})


def _check_frame(data: Dataset, names: Sequence[str]) -> None:
    where = data.questionnaire.id
    for name in names:
        if name in data.variables:
            problem = f'"{name}" was answered by those who responded, so that the silent units have no value'
            remedy = f"Use a column of the frame: {', '.join(data.frame_columns)}."
            raise DesignError(Fault("NOT_IN_FRAME", where, problem, remedy))
        check_in_frame(data, [name])
        if data.frame[name].isna().any():
            problem = f'"{name}" is missing for {int(data.frame[name].isna().sum())} units of the frame'
            raise DesignError(Fault("STRATUM_MISSING", where, problem, "Fill it in, in the table of units."))
    if not data.frame["responded"].any():
        problem = f"none of {len(data.frame)} units answered"
        raise DesignError(Fault("NO_RESPONSES", where, problem, "Wait for answers, or open another wave."))
    if data.frame.index.has_duplicates:
        unit = data.frame.index[data.frame.index.duplicated()][0]
        problem = f"unit {unit} stands more than once, so that there are more responses than units"
        raise DesignError(Fault("MORE_RESPONSES_THAN_UNITS", where, problem, "Keep one row per unit."))


def _response_cells(
    everyone: pd.DataFrame, responded: Mask, strata: tuple[str, ...], split: tuple[str, ...]
) -> tuple[Codes, tuple[str, ...], tuple[str, ...]]:
    """Codes, names, and the names of cells that were merged because a part would be too small."""
    coarse, coarse_names = cells_of(everyone, strata)
    if not split:
        return coarse, coarse_names, ()
    fine, fine_names = cells_of(everyone, (*strata, *split))
    answered = np.bincount(fine[responded], minlength=len(fine_names))
    named = np.array([fine_names[code] for code in fine], dtype=object)
    merged = []
    for code, name in enumerate(coarse_names):
        parts = np.unique(fine[coarse == code])
        together = _too_small(parts, answered)
        if together:
            whole = len(together) == len(parts)
            joint = name if whole else " + ".join(fine_names[part] for part in sorted(together))
            named[np.isin(fine, together)] = joint
            merged.append(joint)
    names, codes = np.unique(named, return_inverse=True)
    return codes.astype(np.int64), tuple(names), tuple(merged)


def _too_small(parts: Codes, answered: Codes) -> list[int]:
    """The parts of a stratum to be merged: those with too few answers, and the next smallest until there are enough."""
    by_size = sorted(parts.tolist(), key=lambda part: (answered[part], part))
    together = [part for part in by_size if answered[part] < LEAST_IN_CELL]
    for part in by_size[len(together) :]:
        if not together or answered[together].sum() >= LEAST_IN_CELL:
            break
        together.append(part)
    return together


def _check_cells(data: Dataset, names: tuple[str, ...], asked: Codes, answered: Codes) -> None:
    faults = [
        Fault(
            "EMPTY_STRATUM",
            data.questionnaire.id,
            f'none of the {asked[code]} units in "{name}" answered',
            "Use coarser strata, or merge it with a neighbour: nothing is known of these units.",
        )
        for code, name in enumerate(names)
        if answered[code] == 0
    ]
    if faults:
        raise DesignError(*faults)


def _with_categories(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The frame with its text columns as categories of the whole population, also those where nobody answered."""
    texts_only = [name for name in names if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: pd.Categorical(frame[name]) for name in texts_only})


def _answers(data: Dataset, frame: pd.DataFrame, rows: Mask) -> Answers:
    return Answers(
        frame=frame.loc[rows].reset_index(),
        missing=data.missing.loc[rows].reset_index(drop=True),
        variables=data.variables,
        families=data.families,
        questionnaire=data.questionnaire,
        frame_columns=data.frame_columns,
        language=data.questionnaire.languages[0],
        origin=data.origin,
        code=data.code,
    )


def _of_records(data: Dataset) -> Design:
    """Records in clusters (their units), each with weight 1: inference is to the practice behind them."""
    rows = data.frame["responded"].to_numpy(dtype=bool) if "responded" in data.frame else np.ones(len(data.frame), bool)
    if not rows.any():
        raise DesignError(Fault("NO_RESPONSES", data.questionnaire.id, "there is no record", "Wait for records."))
    cluster, _ = pd.factorize(data.frame.index.get_level_values(0)[rows], sort=True)
    units = int(cluster.max()) + 1
    say = texts(data.questionnaire.languages[0]).say
    return Design(
        answers=_answers(data, data.frame, rows),
        unit_of_row=cluster.astype(np.int64),
        stages=(Stage(np.zeros(units, dtype=np.int64), np.arange(units), None),),
        weights=np.ones(int(rows.sum())),
        cells=np.zeros(int(rows.sum()), dtype=np.int64),
        cell_names=("",),
        population=None,
        mask=np.ones(int(rows.sum()), dtype=bool),
        possible=np.ones(int(rows.sum()), dtype=bool),
        target="superpopulation",
        lonely="fail" if units > 1 else "remove",
        weighting="none",
        code=_code(data.code, None, (), "finite"),
        r_design="svydesign(ids = ~ev_psu1, weights = ~ev_weight, data = data)",
        notes=(say("estimate.note.records"),),
    )
