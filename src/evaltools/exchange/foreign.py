"""Reads SPSS and Stata files as plain frames, with labels and kinds of missing beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyreadstat

from evaltools.errors import ExchangeError, Fault
from evaltools.exchange.model import ForeignData
from evaltools.exchange.stata_file import letter
from evaltools.schema.missing import Missing

SYSTEM_MISSING: Final = "."
SPSS_DATES: Final = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "DATETIME", "YMDHMS", "MOYR")
SPSS_ZERO: Final = np.datetime64("1582-10-14T00:00:00", "s")
STATA_ZERO: Final = np.datetime64("1960-01-01T00:00:00", "s")

Floats = npt.NDArray[np.float64]
Times = Callable[[Floats], npt.NDArray[np.datetime64]]
"""How the numbers of a column become times (to the second); NaN becomes NaT."""

LabelCode = Callable[[str, Any], str]
"""The missing code that a labelled value of a column stands for; "" for an ordinary value."""


def read_spss(path: Path | str, *, encoding: str | None = None) -> ForeignData:
    """Read a `.sav` or `.zsav`: values, labels, and user-missing values apart from the values.

    encoding : only for old files that do not name theirs, such as `cp1252`.

    Raises `ExchangeError`: NO_SUCH_FILE, NOT_READABLE.
    path : the file. Returns `ForeignData`, whose `frame` is plain pandas; `survey_design` takes it as it is.

    >>> import tempfile
    >>> import pandas as pd
    >>> import pyreadstat
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pyreadstat.write_sav(pd.DataFrame({"weeks": [4.0, 6.0]}), f"{folder}/a.sav")
    ...     read_spss(f"{folder}/a.sav").frame["weeks"].tolist()
    [4.0, 6.0]
    """
    frame, meta = _read(pyreadstat.read_sav, path, encoding)
    missing = pd.DataFrame({name: _spss_missing(frame[name], meta.missing_ranges.get(name, [])) for name in frame})
    formats = {name: form.rstrip("0123456789.") for name, form in meta.original_variable_types.items()}
    times: dict[str, Times] = {name: _spss_times for name, form in formats.items() if form in SPSS_DATES}

    def code(name: str, value: Any) -> str:
        return _code_text(value) if _in_ranges(value, meta.missing_ranges.get(name, [])) else ""

    return _foreign(frame, missing, meta, times, code)


def read_stata(path: Path | str, *, encoding: str | None = None) -> ForeignData:
    """Read a `.dta`: values, labels, and the extended missing values `.a` to `.z` apart from the values.

    encoding : only for old files that do not name theirs, such as `cp1252`.

    Raises `ExchangeError`: NO_SUCH_FILE, NOT_READABLE.
    path : the file. Returns `ForeignData`, whose `frame` is plain pandas; `survey_design` takes it as it is.

    >>> import tempfile
    >>> import pandas as pd
    >>> import pyreadstat
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pyreadstat.write_dta(pd.DataFrame({"weeks": [4.0, 6.0]}), f"{folder}/a.dta")
    ...     read_stata(f"{folder}/a.dta").frame["weeks"].tolist()
    [4.0, 6.0]
    """
    frame, meta = _read(pyreadstat.read_dta, path, encoding)
    texts = {name for name, kind in meta.readstat_variable_types.items() if kind == "string"}
    missing = pd.DataFrame({name: _stata_missing(frame[name], name in texts) for name in frame})
    formats = {name: form[:3] for name, form in meta.original_variable_types.items()}
    times = {name: STATA_TIMES[form] for name, form in formats.items() if form in STATA_TIMES}

    def code(name: str, value: Any) -> str:
        return f".{value}" if isinstance(value, str) and name not in texts else ""

    return _foreign(frame, missing, meta, times, code)


def missing_codes(data: ForeignData) -> pd.DataFrame:
    """The kinds of missing as int8 codes of `Missing`, for files that evaltools wrote; 0 for all else."""
    codes = {str(int(kind)): int(kind) for kind in Missing} | {f".{letter(kind)}": int(kind) for kind in Missing}
    kinds = {name: data.missing[name].map(codes).fillna(0).astype(np.int8) for name in data.missing}
    return pd.DataFrame(kinds, index=data.missing.index)


def _read(reader: Callable[..., Any], path: Path | str, encoding: str | None) -> tuple[pd.DataFrame, Any]:
    if not Path(path).is_file():
        raise ExchangeError(Fault("NO_SUCH_FILE", str(path), "there is no such file", "Check the path."))
    options = {"encoding": encoding} if encoding else {}
    try:
        frame, meta = reader(str(path), user_missing=True, disable_datetime_conversion=True, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        remedy = "Check that the file is whole and of that format; an old file may need its encoding, such as cp1252."
        raise ExchangeError(Fault("NOT_READABLE", str(path), f"the file cannot be read: {error}", remedy)) from error
    return frame, meta


def _spss_missing(column: pd.Series, ranges: list[Mapping[str, Any]]) -> pd.Series:
    return _code_texts(column, column.map(lambda value: not pd.isna(value) and _in_ranges(value, ranges)))


def _stata_missing(column: pd.Series, is_text: bool) -> pd.Series:
    if is_text:
        return _code_texts(column, pd.Series(False, index=column.index))
    letters = column.map(lambda value: isinstance(value, str))
    return _code_texts(column.map(lambda value: f".{value}" if isinstance(value, str) else value), letters)


def _code_texts(column: pd.Series, is_missing: pd.Series) -> pd.Series:
    nothing = column.isna() | (column.astype("object") == "")
    codes = [_code_text(value) if missing else "" for value, missing in zip(column, is_missing, strict=True)]
    return pd.Series(np.where(nothing, SYSTEM_MISSING, codes), index=column.index, dtype="str")


def _code_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _in_ranges(value: Any, ranges: Iterable[Mapping[str, Any]]) -> bool:
    return any(each["lo"] <= value <= each["hi"] for each in ranges)


def _foreign(
    frame: pd.DataFrame, missing: pd.DataFrame, meta: Any, times: Mapping[str, Times], missing_label_code: LabelCode
) -> ForeignData:
    labels: dict[str, dict[str | float, str]] = {}
    missing_labels: dict[str, dict[str, str]] = {}
    for name, by_value in meta.variable_value_labels.items():
        for value, label in by_value.items():
            code = missing_label_code(name, value)
            if code:
                missing_labels.setdefault(name, {})[code] = label
            else:
                labels.setdefault(name, {})[value] = label
    values = {name: _values(frame[name].where(missing[name] == ""), meta, times) for name in frame}
    return ForeignData(
        frame=pd.DataFrame(values, index=frame.index),
        labels={name: label or "" for name, label in meta.column_names_to_labels.items()},
        value_labels=labels,
        missing=missing,
        missing_labels=missing_labels,
        measures=dict(meta.variable_measure),
        file_label=meta.file_label or "",
        notes=tuple(meta.notes),
        families={name: tuple(each["variable_list"]) for name, each in (meta.mr_sets or {}).items()},
    )


def _values(column: pd.Series, meta: Any, times: Mapping[str, Times]) -> pd.Series:
    name = str(column.name)
    if meta.readstat_variable_types[name] == "string":
        return column.astype("str")
    numbers = np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    values: npt.NDArray[Any] = times[name](numbers) if name in times else numbers
    return pd.Series(values, index=column.index, name=name)


def _after(zero: np.datetime64, seconds: Floats) -> npt.NDArray[np.datetime64]:
    known = ~np.isnan(seconds)
    times = np.full(len(seconds), np.datetime64("NaT", "s"))
    times[known] = zero + np.round(seconds[known]).astype("timedelta64[s]")
    return times


def _spss_times(seconds: Floats) -> npt.NDArray[np.datetime64]:
    return _after(SPSS_ZERO, seconds)


def _stata_days(days: Floats) -> npt.NDArray[np.datetime64]:
    return _after(STATA_ZERO, days * 86400)


def _stata_clock(milliseconds: Floats) -> npt.NDArray[np.datetime64]:
    return _after(STATA_ZERO, milliseconds / 1000)


def _stata_months(months: Floats) -> npt.NDArray[np.datetime64]:
    """The first day of each month."""
    known = ~np.isnan(months)
    times = np.full(len(months), np.datetime64("NaT", "s"))
    first = np.datetime64("1960-01", "M") + months[known].astype("timedelta64[M]")
    times[known] = first.astype("datetime64[s]")
    return times


STATA_TIMES: Final[Mapping[str, Times]] = MappingProxyType(
    {"%td": _stata_days, "%d": _stata_days, "%tc": _stata_clock, "%tm": _stata_months}
)
"""By the beginning of a Stata format; weeks, quarters, half-years and years stay numbers."""
