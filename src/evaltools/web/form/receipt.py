"""The receipt of what was sent: when, by whom, its checksum, its versions and its copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from evaltools.web.form.desk import Desk
from evaltools.web.form.saying import clock
from evaltools.web.form.shell import Link


@dataclass(frozen=True, slots=True)
class Sent:
    """One version that was sent, the newest first."""

    number: int
    at: dt.datetime
    by: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class SentLine:
    """One version in words."""

    number: int
    at: str
    by: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The receipt. `is_draft`: answers have been changed since, and are not sent yet.

    reopen_path: where a post opens the response again; empty where it cannot be opened.
    """

    newest: SentLine
    earlier: tuple[SentLine, ...]
    files: tuple[Link, ...]
    base_path: str
    reopen_path: str
    closes: str
    is_draft: bool
    record: str


def receipt_page(
    desk: Desk,
    versions: Iterable[Sent],
    *,
    files: Iterable[Link],
    reopen_path: str = "",
    closes_at: dt.datetime | None = None,
    is_draft: bool = False,
) -> ReceiptPage:
    """The receipt of at least one version, in whatever order they come."""
    newest, *earlier = (
        SentLine(each.number, clock(each.at, desk.language), each.by, each.content_sha256)
        for each in sorted(versions, key=lambda one: one.number, reverse=True)
    )
    closes = clock(closes_at, desk.language) if closes_at else ""
    return ReceiptPage(newest, tuple(earlier), tuple(files), desk.base_path, reopen_path, closes, is_draft, desk.record)
