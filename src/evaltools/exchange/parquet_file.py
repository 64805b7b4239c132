"""Writes a sheet as parquet: values with their types, and beside each variable its kinds of missing."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Final

import pandas as pd

from evaltools.errors import ExchangeError, Fault
from evaltools.exchange.model import Column, Note, Sheet
from evaltools.provenance import canonical_json

KINDS_SUFFIX: Final = "__missing"
"""The column of kinds of the variable `x` is `x__missing`: 0 where there is a value, else -9 to -2."""

METADATA_KEY: Final = b"evaltools"


def write_parquet(sheet: Sheet, path: Path) -> tuple[Note, ...]:
    """Write the sheet as `.parquet`; nothing changes and nothing is lost."""
    pa, pq = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
    arrays, schema = [], []
    for column in sheet.columns:
        arrays.append(_array(column, pa))
        schema.append(pa.field(column.name, arrays[-1].type, metadata={METADATA_KEY: _field_notes(column)}))
    for column in (each for each in sheet.columns if each.missing):
        arrays.append(pa.array(column.kinds))
        schema.append(pa.field(column.name + KINDS_SUFFIX, pa.int8()))
    table = pa.Table.from_arrays(arrays, schema=pa.schema(schema, metadata={METADATA_KEY: _file_notes(sheet)}))
    pq.write_table(table, path)
    return ()


def _pyarrow(module: str) -> Any:
    """The module, loaded now because it belongs to an extra that may be absent."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        remedy = 'Install it: pip install "evaltools[parquet]".'
        raise ExchangeError(Fault("NO_PYARROW", "parquet", "parquet needs pyarrow", remedy)) from error


def _array(column: Column, pa: Any) -> Any:
    if column.kind == "date":
        return pa.array(pd.to_datetime(column.values).dt.date, type=pa.date32(), from_pandas=True)
    if column.kind in ("number", "option"):
        return pa.array(column.values, type=pa.float64(), from_pandas=True)
    return pa.array(column.values.astype("object"), type=pa.string(), from_pandas=True)


def _field_notes(column: Column) -> bytes:
    return canonical_json(
        {
            "label": column.label,
            "kind": column.kind,
            "measure": column.measure,
            "codes": {str(code): label for code, label in column.labels.items()},
            "missing": {str(int(kind)): label for kind, label in column.missing.items()},
            "question": column.question,
            "universe": column.universe,
            "concept": column.concept,
            "family": column.family,
            "confidentiality": column.confidentiality,
        }
    ).encode()


def _file_notes(sheet: Sheet) -> bytes:
    return canonical_json({"title": sheet.title, "origin": sheet.origin, "notes": list(sheet.notes)}).encode()
