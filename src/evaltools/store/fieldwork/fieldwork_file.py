"""`fieldwork.yaml` beside a questionnaire: how the wave is run, as its author writes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evaltools.errors import Fault, SchemaError
from evaltools.language import Text
from evaltools.schema.reading import Document, read_document
from evaltools.schema.scalars import Shape, WholeNumber
from evaltools.schema.shape import shape
from evaltools.schema.source import TextSource
from evaltools.store.model import Contact, Fieldwork

FILE: Final = "fieldwork.yaml"


def _date(value: Any) -> Any:
    return _read(value, dt.date.fromisoformat, "is not a date", "Write it as 2027-12-31.")


def _moment(value: Any) -> Any:
    found = _read(value, dt.datetime.fromisoformat, "is not a point in time", "Write it as 2027-03-01T23:59+01:00.")
    if isinstance(found, dt.datetime) and found.tzinfo is None:
        raise _wrong("NO_TIME_ZONE", str(value), "has no time zone", "Write it as 2027-03-01T23:59+01:00.")
    return found


def _address(value: Any) -> Any:
    """Only addresses of pages: what else an address can begin with runs code, or opens files."""
    if isinstance(value, str) and value and not value.startswith(("https://", "http://")):
        raise _wrong("NOT_AN_ADDRESS", value, "is not the address of a page", "Begin it with https://.")
    return value


def _read(value: Any, read: Any, problem: str, remedy: str) -> Any:
    try:
        return read(value) if isinstance(value, str) else value
    except ValueError:
        raise _wrong("NOT_A_DATE", str(value), problem, remedy) from None


def _wrong(code: str, value: str, problem: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{problem}", {"problem": f'"{value}" {problem}', "remedy": remedy})


class ContactSource(Shape):
    """The mailbox of those who ask: that of an office, not of a person."""

    name: str = ""
    email: str = ""
    phone: str = ""


class FieldworkSource(Shape):
    """The file `fieldwork.yaml`. One of `keep_years` (counted from the opening) and `keep_until` is needed."""

    keep_years: WholeNumber | None = Field(default=None, ge=0, le=50)
    keep_until: Annotated[dt.date, BeforeValidator(_date)] | None = None
    closes: Annotated[dt.datetime, BeforeValidator(_moment)] | None = None
    mode: Literal["answers", "statistics"] = "answers"
    legal_basis: str = ""
    approval: Literal["anyone", "leader"] = "anyone"
    contact: ContactSource = Field(default_factory=ContactSource)
    was_url: Annotated[str, BeforeValidator(_address)] = ""
    privacy: TextSource = Field(default_factory=TextSource)
    base_url: Annotated[str, BeforeValidator(_address)] = ""
    link_days: WholeNumber = Field(default=180, ge=1, le=3650)
    link_uses: Literal["many", "once"] = "many"


def read_fieldwork(path: Path | str, opened_on: dt.date) -> Fieldwork:
    """How a wave is run, from the `fieldwork.yaml` in its folder.

    Parameters: path - the folder of the wave, or the file itself. opened_on - the day from which `keep_years` is
    counted: that of the opening.
    Returns: the settings.
    Raises: `SchemaError` NO_SUCH_FILE, RETENTION_TWICE, RETENTION_MISSING, or the faults of the file, each with its
    line.
    """
    place = Path(path)
    file = place / FILE if place.is_dir() else place
    document = read_document(file, file.as_posix())
    source = shape(FieldworkSource, document)
    return Fieldwork(
        keep_until=_keep_until(source, document, opened_on),
        closes_at=source.closes,
        mode=source.mode,
        legal_basis=source.legal_basis,
        approval=source.approval,
        contact=Contact(source.contact.name, source.contact.email, source.contact.phone),
        was_url=source.was_url,
        privacy=Text(source.privacy.da, source.privacy.en),
        base_url=source.base_url,
        link_days=source.link_days,
        link_uses=source.link_uses,
    )


def _keep_until(source: FieldworkSource, document: Document, opened_on: dt.date) -> dt.date:
    if source.keep_until is not None and source.keep_years is not None:
        where = document.where(("keep_until",))
        problem = "`keep_years` and `keep_until` are both given"
        raise SchemaError(Fault("RETENTION_TWICE", where, problem, "Keep one of them."))
    if source.keep_until is not None:
        return source.keep_until
    if source.keep_years is None:
        problem = "nothing says until when the answers may be kept"
        raise SchemaError(Fault("RETENTION_MISSING", document.where(()), problem, "Write e.g. keep_years: 5."))
    try:
        return opened_on.replace(year=opened_on.year + source.keep_years)
    except ValueError:  # the 29th of February
        return opened_on.replace(year=opened_on.year + source.keep_years, day=28)
