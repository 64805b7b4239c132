"""Waves of one survey side by side: the same units, and `not_in_version` where a wave did not ask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from evaltools.dataset.building import build_dataset
from evaltools.dataset.columns import codelist_of, is_number, is_option
from evaltools.dataset.model import Dataset, Panel
from evaltools.errors import DataError, Fault
from evaltools.schema import compare_waves
from evaltools.schema.missing import Missing
from evaltools.schema.model import Variable
from evaltools.store.model import Snapshot


def panel(snapshot: Snapshot, survey: str, waves: Sequence[str]) -> Panel:
    """Set waves of one survey side by side, in the order given (the earliest first).

    survey : the survey's name, such as `network_methods`. waves : at least two, such as `["2015", "2018"]`.

    Raises `DataError`: NO_SUCH_WAVE; PANEL_OF_ONE_WAVE; PANEL_OF_RECORDS where units have many records;
    VARIABLE_CHANGED where a name holds another kind of value, or its codes stand in another order, in another wave;
    PANEL_OF_TWO_ORIGINS where made-up and real answers would be mixed.
    snapshot : what the waves are read from. Returns a `Panel`.
    """
    if len(set(waves)) < 2 or len(set(waves)) < len(waves):
        problem = f"a panel needs at least two different waves, not {', '.join(waves) or 'none'}"
        raise DataError(Fault("PANEL_OF_ONE_WAVE", survey, problem, "Use build_dataset for a single wave."))
    datasets = {wave: build_dataset(f"{survey}/{wave}", snapshot) for wave in waves}
    _check(survey, datasets)
    variables = _joined_variables(survey, datasets)
    columns = list(dict.fromkeys(name for data in reversed(list(datasets.values())) for name in data.frame_columns))
    responded = [set(data.frame.index[data.frame["responded"]]) for data in datasets.values()]
    return Panel(
        survey=survey,
        waves=tuple(waves),
        datasets=datasets,
        frame=_stack({wave: data.frame for wave, data in datasets.items()}, [*columns, "responded", *variables]),
        missing=_stacked_kinds(datasets, list(variables)),
        variables=variables,
        in_all=tuple(sorted(set.intersection(*responded))),
        in_any=tuple(sorted(set.union(*responded))),
        origin=next(iter(datasets.values())).origin,
        code=f'load_panel("{survey}", {json.dumps(list(waves))})',
        changes={
            later: compare_waves(datasets[earlier].questionnaire, datasets[later].questionnaire)
            for earlier, later in pairwise(waves)
        },
    )


def _check(survey: str, datasets: Mapping[str, Dataset]) -> None:
    for data in datasets.values():
        if data.questionnaire.many_records:
            problem = "units have many records in it, so that a unit and a wave do not name one row"
            remedy = "Count or average the records per unit first."
            raise DataError(Fault("PANEL_OF_RECORDS", data.questionnaire.id, problem, remedy))
    origins = {data.origin for data in datasets.values()}
    if len(origins) > 1:
        problem = f"the waves have different origins: {', '.join(sorted(origins))}"
        raise DataError(Fault("PANEL_OF_TWO_ORIGINS", survey, problem, "Never mix made-up and real answers."))


def _joined_variables(survey: str, datasets: Mapping[str, Dataset]) -> dict[str, Variable]:
    joined: dict[str, Variable] = {}
    for wave, data in reversed(list(datasets.items())):
        for name, variable in data.variables.items():
            if name in joined and not _same_values(variable, joined[name]):
                problem = f'"{name}" holds other values in {wave} than in a later wave'
                raise DataError(Fault("VARIABLE_CHANGED", survey, problem, "Give the later question a new name."))
            joined.setdefault(name, variable)
    return joined


def _same_values(earlier: Variable, later: Variable) -> bool:
    """The same kind of value, and ordered codes in the same order. Codes may be added, dropped or reworded."""
    if is_number(earlier) != is_number(later) or is_option(earlier) != is_option(later):
        return False
    ours, theirs = codelist_of(earlier), codelist_of(later)
    if ours is None or theirs is None:
        return ours is theirs
    if not ours.ordered and not theirs.ordered:
        return True
    return [code for code in ours.codes if code in theirs.codes] == [
        code for code in theirs.codes if code in ours.codes
    ]


def _stack(frames: Mapping[str, pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    stacked = pd.concat(frames, names=["wave"]).swaplevel().sort_index()
    return stacked.reindex(columns=list(columns)).copy()  # in one piece, or pandas warns whoever adds a column


def _stacked_kinds(datasets: Mapping[str, Dataset], columns: Sequence[str]) -> pd.DataFrame:
    stacked = _stack({wave: _all_kinds(data, columns) for wave, data in datasets.items()}, columns)
    return stacked.astype(np.int8)


def _all_kinds(data: Dataset, columns: Sequence[str]) -> pd.DataFrame:
    absent = np.full(len(data.missing), Missing.NOT_IN_VERSION, dtype=np.int8)
    return pd.DataFrame({name: data.missing.get(name, absent) for name in columns}, index=data.missing.index)
