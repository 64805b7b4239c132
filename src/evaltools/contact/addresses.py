"""Reads whom to write to in each unit: name, mail address and phone, from the operator's list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from evaltools.collect.personal import EMAIL
from evaltools.contact.tables import Line, read_table
from evaltools.errors import ContactError, Fault, StoreError
from evaltools.store import Contact, Population, Unit, population_of

COLUMNS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "code": ("kommunekode", "code", "unit", "kode"),
        "name": ("kontakt", "kontaktperson", "contact", "name", "navn"),
        "email": ("email", "e-mail", "mail", "mailadresse"),
        "phone": ("phone", "telefon", "tlf", "tlf."),
    }
)
"""What the columns may be called. Only the phone may be without one."""

_SPREADSHEET_NUMBER: Final = re.compile(r"(\d+)[.,]0+")
_MOST_NAMED: Final = 12


def read_contacts(path: Path | str, units: Sequence[Unit]) -> Mapping[str, Contact]:
    r"""The contact of every unit, by unit code, from a CSV file with a line for each.

    A leading zero that a spreadsheet has taken is put back. A mail address may be empty: that unit is told by letter.
    Everything wrong is told at once, with its line.
    Raises: `ContactError` TABLE_NOT_READ, TABLE_LINE, CONTACT_COLUMN, CONTACT_UNIT, CONTACT_TWICE, CONTACT_ADDRESS,
    CONTACT_NAME, CONTACT_LACKING.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "contacts.csv"
    ...     _ = file.write_text("kode;kontakt;mail\n825;Ida;ida@kommune.dk\n")
    ...     read_contacts(file, [Unit("0825", "Læsø", {})])["0825"].email
    'ida@kommune.dk'
    """
    place = Path(path)
    lines = tuple(read_table(place, COLUMNS))
    population = population_of(units)
    faults: list[Fault] = [*_lacking_columns(place, lines)]
    found: dict[str, Contact] = {}
    for line in lines if not faults else ():
        code = _code(line, population, faults)
        if code in found:
            problem = f"{population.units[code].name} stands in the file twice"
            faults.append(Fault("CONTACT_TWICE", line.where, problem, "Keep one line per unit."))
        faults.extend(_wrong(line))
        if code:
            found[code] = Contact(_one_line(line.cells["name"]), line.cells["email"], line.cells["phone"])
    lacking = [unit.name for unit in units if unit.code not in found]
    if lacking and (found or not faults):
        faults.append(_lacking(place, lacking))
    if faults:
        raise ContactError(*faults)
    return found


def _lacking_columns(path: Path, lines: Sequence[Line]) -> Iterator[Fault]:
    for name in ("code", "name", "email"):
        if not any(line.cells[name] for line in lines):
            problem = f"no line has anything in a column for the {name}"
            remedy = f"Call the column one of: {', '.join(COLUMNS[name])}."
            yield Fault("CONTACT_COLUMN", str(path), problem, remedy)


def _code(line: Line, population: Population, faults: list[Fault]) -> str:
    given = _SPREADSHEET_NUMBER.fullmatch(line.cells["code"])
    try:
        return population.code(given[1] if given else line.cells["code"], line.where)
    except StoreError as error:
        faults.extend(Fault("CONTACT_UNIT", line.where, fault.problem, fault.remedy) for fault in error.faults)
        return ""


def _wrong(line: Line) -> Iterator[Fault]:
    email, name = line.cells["email"], line.cells["name"]
    if email and not is_mail_address(email):
        remedy = "Write one address with the letters a to z, such as navn@kommune.dk, or leave the cell empty."
        yield Fault("CONTACT_ADDRESS", line.where, f'"{email}" is not a mail address', remedy)
    if EMAIL.search(name):
        yield Fault("CONTACT_NAME", line.where, f'the name holds an address: "{name}"', "See the order of the columns.")


def is_mail_address(text: str) -> bool:
    """Whether this is one mail address in the letters that every mail server takes.

    >>> is_mail_address("ida@kommune.dk"), is_mail_address("søren@kommune.dk")
    (True, False)
    """
    return EMAIL.fullmatch(text) is not None and text.isascii() and text.isprintable() and text.count("@") == 1


def _lacking(path: Path, names: Sequence[str]) -> Fault:
    shown = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    remedy = "Add a line for each; the address may be empty."
    return Fault("CONTACT_LACKING", str(path), f"{len(names)} units have no line: {shown}", remedy)


def _one_line(name: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in name).split())
