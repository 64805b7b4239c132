"""Labels instead of codes: for reading a dataset, and for whoever writes it to another program's file."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaltools.dataset.columns import codelist_of, is_option
from evaltools.dataset.model import Dataset
from evaltools.language import Language, texts
from evaltools.schema.model import Variable


def value_labels(variable: Variable, language: Language) -> dict[str | float, str]:
    """The label of each value that the column can hold, in order; empty for numbers and texts."""
    if is_option(variable):
        say = texts(language).say
        return {0.0: say("dataset.option.not_selected"), 1.0: say("dataset.option.selected")}
    codelist = codelist_of(variable)
    return {} if codelist is None else {each.code: each.label.to(language) for each in codelist.categories}


def labelled(data: Dataset, *, language: Language = "da") -> pd.DataFrame:
    """A copy for reading: labels instead of codes, in the order of the code list.

    Columns of codes and options become categories (ordered where the code list is); numbers and texts stay.
    Every kind of missing is NA; `data.missing` tells them apart. language : of the labels.

    Returns a new frame with the rows and columns of `data.frame`; `data` is unchanged.
    Raises nothing: whatever a `Dataset` holds has a label.
    """
    frame = data.frame.copy()
    for name, variable in data.variables.items():
        labels = value_labels(variable, language)
        if labels:
            codelist = codelist_of(variable)
            frame[name] = _categories(frame[name], labels, codelist is not None and codelist.ordered)
    return frame


def zap_missing(data: Dataset) -> pd.DataFrame:
    """The variables alone, one plain NA for every kind of missing: for packages that know only one.

    Nothing says any longer why a value is absent; `coded_missing` keeps it.
    """
    return data.frame[list(data.variables)].copy()


def coded_missing(data: Dataset) -> pd.DataFrame:
    """The variables alone, with the code of the kind (-9 to -2, see `Missing`) where a value is absent.

    In columns of text the code is text as well.
    """
    frame = data.frame[list(data.variables)].copy()
    for name in frame.columns:
        kinds = data.missing[name]
        is_text = pd.api.types.is_string_dtype(frame[name].dtype)
        codes = kinds.astype("str") if is_text else kinds.astype("float64")
        frame[name] = frame[name].where(kinds == 0, codes)
    return frame


def _categories(column: pd.Series, labels: Mapping[str | float, str], ordered: bool) -> pd.Series:
    shown = list(labels.values())
    unique = {code: label if shown.count(label) == 1 else f"{label} ({code})" for code, label in labels.items()}
    kind = pd.CategoricalDtype(list(unique.values()), ordered=ordered)
    return column.map(unique).astype(kind)
