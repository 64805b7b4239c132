"""Finished pages: bytes that another process has made for a unit, kept until newer ones come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from evaltools.language import Language
from evaltools.store.handle import Store, reading, write
from evaltools.store.model import Page
from evaltools.store.moments import moment, moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import PAGES

_KEY = ("survey", "wave", "unit", "kind", "language")
_MADE_AT = Prepared(select(PAGES.c.made_at).where(*(PAGES.c[name] == bindparam(f"of_{name}") for name in _KEY)))


def save_pages(store: Store, pages: Iterable[Page], *, expected: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Keep pages, each in place of the one of the same wave, unit, kind and language; all of them or none.

    expected : kind of a page of no unit -> the basis it must still have, "" for one that is not there yet. Where
    another process has kept a newer one in between, nothing is kept. Returns whether the pages were kept.
    """
    new = tuple(pages)
    waves = {(page.survey, page.wave) for page in new}

    def work(connection: Connection) -> bool:
        kinds = [(*wave, kind, basis) for wave in sorted(waves) for kind, basis in expected.items()]
        if any(_basis(connection, survey, wave, kind) != basis for survey, wave, kind, basis in kinds):
            return False
        for page in new:
            connection.execute(delete(PAGES).where(_here(page.survey, page.wave, page.unit, page.kind, page.language)))
            connection.execute(insert(PAGES).values(_row(page)))
        return True

    return write(store, work)


def _basis(connection: Connection, survey: str, wave: str, kind: str) -> str:
    """The basis of a page of no unit; "" where there is none. Such pages hold no words and stand under Danish."""
    row = connection.execute(select(PAGES.c.basis_sha256).where(_here(survey, wave, "", kind, "da"))).one_or_none()
    return row.basis_sha256 if row else ""


def find_page(store: Store, survey: str, wave: str, unit: str, kind: str, language: Language) -> Page | None:
    """The newest page of a unit (by its code), or None."""
    with reading(store) as connection:
        row = connection.execute(select(PAGES).where(_here(survey, wave, unit, kind, language))).one_or_none()
    return None if row is None else Page(**{**row._mapping, "made_at": moment(row.made_at)})


def has_page(store: Store, survey: str, wave: str, unit: str, kind: str, language: Language) -> bool:
    """Whether there is such a page, without reading it."""
    key = dict(zip(_KEY, (survey, wave, unit, kind, language), strict=True))
    with reading(store) as connection:
        return bool(_MADE_AT.rows(connection, {f"of_{name}": value for name, value in key.items()}))


def remove_pages(connection: Connection, survey: str, wave: str, unit: str) -> None:
    """Take the pages of a unit away: they hold its answers."""
    of_unit = (PAGES.c.survey == survey) & (PAGES.c.wave == wave) & (PAGES.c.unit == unit)
    connection.execute(delete(PAGES).where(of_unit))


def _here(survey: str, wave: str, unit: str, kind: str, language: Language) -> ColumnElement[bool]:
    columns = PAGES.c
    of_unit = (columns.survey == survey) & (columns.wave == wave) & (columns.unit == unit)
    return of_unit & (columns.kind == kind) & (columns.language == language)


def _row(page: Page) -> dict[str, object]:
    return {
        "survey": page.survey,
        "wave": page.wave,
        "unit": page.unit,
        "kind": page.kind,
        "language": page.language,
        "content_type": page.content_type,
        "content": page.content,
        "made_at": moment_text(page.made_at),
        "basis_sha256": page.basis_sha256,
    }
