"""What an export hands back, what the writers are given, and what is read from other programs' files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaltools.language import Language
from evaltools.provenance import Origin
from evaltools.schema.missing import Missing
from evaltools.schema.model import Confidentiality

Format = Literal["spss", "stata", "parquet", "csv"]
Feature = Literal[
    "values", "names", "variable_labels", "value_labels", "missing_kinds", "measure_levels", "file_label", "notes",
    "question_texts", "universes", "concepts", "families",
]  # fmt: skip
"""What a file may hold or fail to hold."""

ColumnKind = Literal["code", "option", "number", "date", "month", "text"]
MeasureLevel = Literal["nominal", "ordinal", "scale"]


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the loss list: what happened to a feature in one format, for which columns, and why.

    `reason` is the key of the sentence in `language/*/exchange.yaml` ("" where the feature is simply kept).
    """

    format: Format
    feature: Feature
    reason: str = ""
    columns: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The files that were written, and what of the data each of them keeps, changes and cannot hold."""

    files: tuple[Path, ...]
    kept: tuple[Note, ...]
    changed: tuple[Note, ...]
    lost: tuple[Note, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column on its way to a file, the same for every format.

    values : text for codes, dates and texts, float for options and numbers; NA where there is none.
    kinds : int8 beside the values, 0 or the code of `Missing`. labels : value -> label, in order.
    missing : the kinds that may occur. family : name of the multiple or grid item it belongs to.
    """

    name: str
    label: str
    kind: ColumnKind
    measure: MeasureLevel
    values: pd.Series
    kinds: npt.NDArray[np.int8]
    labels: Mapping[str | float, str] = field(default_factory=dict)
    missing: Mapping[Missing, str] = field(default_factory=dict)
    decimals: int = 0
    question: str = ""
    universe: str = ""
    concept: str = ""
    family: str = ""
    confidentiality: Confidentiality = "practice"

    @property
    def coded_as_number(self) -> bool:
        """Whether every code is a whole number in its plain spelling, so that a number can stand for it."""
        return self.kind == "code" and all(_is_plain_whole(str(code)) for code in self.labels)


@dataclass(frozen=True, slots=True)
class Family:
    """The 0/1 columns of a multiple item: a multiple-response set."""

    name: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A whole dataset on its way to a file. `mark` is the word that rehearsal data carry, else ""."""

    name: str
    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    families: tuple[Family, ...]
    origin: Origin
    mark: str
    language: Language


@dataclass(frozen=True, slots=True, eq=False)
class ForeignData:
    """What another program's file holds, as plain values.

    frame : values only; NA wherever a value is absent, whatever the reason. Dates as datetime64.
    labels : column -> its label. value_labels : column -> value -> label.
    missing : same shape as the frame, text: "" where there is a value, "." where nothing was written, else the
        code of the kind of missing as the file has it (`-8`, `99`, `.a`).
    missing_labels : column -> that code -> label. measures : column -> nominal, ordinal, scale or unknown.
    families : the multiple-response sets (SPSS). notes : the notes of the file.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str]
    value_labels: Mapping[str, Mapping[str | float, str]]
    missing: pd.DataFrame
    missing_labels: Mapping[str, Mapping[str, str]]
    measures: Mapping[str, str]
    file_label: str
    notes: tuple[str, ...]
    families: Mapping[str, tuple[str, ...]]


def _is_plain_whole(code: str) -> bool:
    return code.isascii() and code.isdigit() and str(int(code)) == code
