"""The population as a file: one line per unit, with the frame columns that tables and maps break down by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, StoreError
from evaltools.schema import read_units_table
from evaltools.store.model import Unit

FRAME_NAMES: Final[Mapping[str, str]] = {
    "region": "region",
    "kommunegruppe": "group",
    "stoerrelse_2014": "size",
    "landsdel": "landsdel",
    "forkortelse": "label",
    "tile_row": "tile_row",
    "tile_col": "tile_col",
}
"""What the columns of the Danish municipalities are called in a frame. Other columns keep their name."""

_NOT_FRAME: Final = frozenset(
    {"code", "name", "da", "en", "flags", "aliases", "kommunekode", "navn", "navn_fuldt", "regionskode"}
)
_CODE_COLUMNS: Final = ("code", "kommunekode")
_NAME_COLUMNS: Final = ("name", "navn", "da")


def read_units(path: Path | str) -> tuple[Unit, ...]:
    """The units of a population in the order of a CSV file.

    The columns `code` and `name` (or `kommunekode` and `navn`, or the `da` of a code list) are needed, `aliases`
    holds other spellings separated by `|`, and every other column belongs to the frame. The municipalities' columns
    become `region`, `group`, `size`, `landsdel`, `label`, `tile_row` and `tile_col`.
    Raises: `StoreError` UNITS_COLUMN_MISSING; `SchemaError` where the file cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "schools.csv"
    ...     _ = file.write_text("code,name,district")
    ...     read_units(file)
    ()
    """
    place = Path(path)
    return tuple(_unit(place, row) for row in read_units_table(place))


def _unit(place: Path, row: Mapping[str, str]) -> Unit:
    code, name = _first(place, row, _CODE_COLUMNS), _first(place, row, _NAME_COLUMNS)
    frame = {FRAME_NAMES.get(column, column): value for column, value in row.items() if column not in _NOT_FRAME}
    return Unit(code, name, frame, tuple(dict.fromkeys(_aliases(row, code, name))))


def _first(place: Path, row: Mapping[str, str], columns: tuple[str, ...]) -> str:
    for column in columns:
        if row.get(column):
            return row[column]
    problem = f"a line has no `{columns[0]}`"
    raise StoreError(Fault("UNITS_COLUMN_MISSING", str(place), problem, f"Add the column `{columns[0]}`."))


def _aliases(row: Mapping[str, str], code: str, name: str) -> Iterator[str]:
    spellings = [*row.get("aliases", "").split("|"), row.get("navn_fuldt", ""), row.get("en", "")]
    for spelling in spellings:
        if spelling.strip() and spelling.strip() not in (code, name):
            yield spelling.strip()
