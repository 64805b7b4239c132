"""Labelled data: a plain frame, the kinds of missing beside it, and what each variable means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from evaltools.provenance import Origin
from evaltools.schema import ItemChange
from evaltools.schema.model import Questionnaire, Variable
from evaltools.store.model import Mode


@dataclass(frozen=True, eq=False)
class Dataset:
    """One row per unit of the population (nonrespondents too), or one per record in a registration.

    frame : index `unit` (or `unit`, `record`); first the frame columns (`name`, `region`, ...) and `responded`
        (bool), then one column per variable: category codes, dates (ISO) and texts as text, numbers as float,
        0/1 as float for the options of a multiple item. Where a value is absent the cell is NA.
    missing : same index and variable columns, int8: 0 where there is a value, else the code of `Missing`.
    variables : by column name, in order.
    families : columns of a multiple or grid item by item name (a grid of multiples has one per row too).
    frame_columns : the columns of the population frame, without `responded`.
    code : the expression that makes this dataset again, such as `load("network_methods/2018")`.
    population : every unit of the population with the frame columns and `responded` (at least one record in
        a registration), index `unit`. For a survey with one record per unit it has the rows of `frame`.
    mode : `statistics` where the rows themselves may go into no file.
    submitted_at : when each unit that responded submitted the last time; empty for a registration.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    missing: pd.DataFrame
    variables: Mapping[str, Variable]
    families: Mapping[str, tuple[str, ...]]
    frame_columns: tuple[str, ...]
    origin: Origin
    snapshot_sha256: str
    code: str
    population: pd.DataFrame = field(default_factory=pd.DataFrame)
    mode: Mode = "answers"
    submitted_at: Mapping[str, dt.datetime] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Panel:
    """Waves of one survey with the same units, one row per unit and wave.

    waves : in order of time. datasets : the wave's own dataset by wave.
    frame, missing : as in `Dataset`, index (`unit`, `wave`); all variables of all waves. Where a wave did not
        have the variable, the kind is `not_in_version`.
    variables : by column name; where several waves have it, as the latest one words it.
    in_all, in_any : units that have responded in every wave, and in at least one.
    changes : by wave, what has become of each item since the wave before (see `schema.compare_waves`).
    """

    survey: str
    waves: tuple[str, ...]
    datasets: Mapping[str, Dataset]
    frame: pd.DataFrame
    missing: pd.DataFrame
    variables: Mapping[str, Variable]
    in_all: tuple[str, ...]
    in_any: tuple[str, ...]
    origin: Origin
    code: str
    changes: Mapping[str, tuple[ItemChange, ...]] = field(default_factory=dict)
