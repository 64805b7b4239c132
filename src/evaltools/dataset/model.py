"""Labelled data: a plain frame, the kinds of missing beside it, and what each variable means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from evaltools.provenance import Origin
from evaltools.schema.model import Questionnaire, Variable


@dataclass(frozen=True, eq=False)
class Dataset:
    """One row per unit of the population (nonrespondents too), or one per record in a registration.

    frame : index `unit` (or `unit`, `record`); first the frame columns (`name`, `region`, ...) and `responded`
        (bool), then one column per variable: category codes as text, numbers as float, 0/1 for the options of
        a multiple item. Where a value is absent the cell is NA.
    missing : same index and variable columns, int8: 0 where there is a value, else the code of `Missing`.
    variables : by column name, in order.
    families : columns of a multiple or grid item by item name (a grid of multiples has one per row too).
    code : the expression that makes this dataset again, such as `load("network_methods/2018")`.
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
