"""Writing a finished file aside and renaming it, so that a full disk or an error leaves the earlier file whole."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from evaltools.errors import Fault, MemoError


def write_file(path: Path | str, content: bytes) -> None:
    """Put `content` at `path` in one step: all of it, or the earlier file stays as it was.

    Raises: MemoError `DOCUMENT_NOT_WRITTEN` with the system's reason.
    """
    target = Path(path)
    aside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except OSError as error:
        _remove(aside)
        problem = f"the file could not be written ({error.strerror or error})"
        remedy = "Free space, or close the program that holds the file, and build again; the earlier file is unchanged."
        raise MemoError(Fault("DOCUMENT_NOT_WRITTEN", str(target), problem, remedy)) from error


def _remove(aside: Path) -> None:
    try:
        aside.unlink(missing_ok=True)
    except OSError:
        return


def moment(iso_date: str) -> datetime:
    """The fixed point in time that stands for the document's day, so that the same document gives the same bytes.

    Raises: MemoError `DOCUMENT_DATE` when the date is not `YYYY-MM-DD`, perhaps followed by a time.

    >>> moment("2018-12-31").isoformat()
    '2018-12-31T00:00:00+00:00'
    """
    try:
        day = datetime.strptime(iso_date[:10], "%Y-%m-%d")
    except ValueError as error:
        problem = f'the document\'s date "{iso_date}" is not a date'
        raise MemoError(Fault("DOCUMENT_DATE", "iso_date", problem, "Write it as 2018-12-31.")) from error
    return day.replace(tzinfo=UTC)


def zipped_anew(archive: bytes, when: datetime) -> bytes:
    """The same zip archive with sorted-out times: every member dated `when`, in its given order."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, (max(when.year, 1980), when.month, when.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, source.read(name))
    return result.getvalue()
