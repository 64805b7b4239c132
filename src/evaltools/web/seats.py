"""A person before a response: what they see and may change, and what stands around it on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from evaltools.language import Language, texts
from evaltools.store import (
    Background,
    Current,
    Fieldwork,
    OpenWave,
    at_once,
    background,
    current,
    fieldwork_of,
    grants,
    has_page,
)
from evaltools.web.desks import desk, parts_of
from evaltools.web.form import Contact, Desk, Link, Shell
from evaltools.web.form.saying import clock
from evaltools.web.security.csrf import form_token
from evaltools.web.visit import Visit

COMPARISON = "comparison"
"""The kind of the finished page that shows a unit's answers beside those of others."""


@dataclass(frozen=True)
class Seat:
    """What was read for one page of somebody who answers."""

    desk: Desk
    around: Background
    standing: Current
    fieldwork: Fieldwork

    @property
    def may_submit(self) -> bool:
        """Whether this person may submit: the leader always, others unless the wave wants the leader to approve."""
        return self.desk.is_leader or self.fieldwork.approval == "anyone"


def take_seat(visit: Visit, record: str = "") -> Seat:
    """The response of the session, or one of its records.

    Raises: `HTTPException` 404 for a record where there are none, and the other way round.
    """
    grant = visit.here.grant
    with at_once(visit.site.store) as store:
        around = background(store, grant.survey, grant.wave, grant.unit, record)
        if around.wave.questionnaire.many_records != bool(record):
            raise HTTPException(404)
        standing = current(store, grant.survey, grant.wave, grant.unit, record)
        parts = parts_of(grants(store, grant.survey, grant.wave, grant.unit))
        fieldwork = fieldwork_of(store, grant.survey, grant.wave)
    return Seat(desk(around, standing, visit.here, visit.language, parts), around, standing, fieldwork)


def unit_background(visit: Visit) -> Background:
    """What surrounds the answers of the session's unit, whether it has one response or many records."""
    grant = visit.here.grant
    return background(visit.site.store, grant.survey, grant.wave, grant.unit)


def shell_of(visit: Visit, around: Background, fieldwork: Fieldwork) -> Shell:
    """The surroundings of a page of somebody who answers."""
    shell = wave_shell(visit, around.wave, fieldwork)
    return Shell(
        language=shell.language,
        path=shell.path,
        title=shell.title,
        unit=around.unit.name,
        person=visit.here.person,
        csrf=form_token(visit.cookie),
        links=tuple(_links(visit)),
        leave_path="/besvar/afslut",
        contact=shell.contact,
        was_url=shell.was_url,
        publisher=shell.publisher,
        mark=shell.mark,
        over=shell.over,
    )


def wave_shell(visit: Visit, wave: OpenWave, fieldwork: Fieldwork) -> Shell:
    """The surroundings of a page about a wave that anybody may see."""
    contact = fieldwork.contact
    return Shell(
        language=visit.language,
        path=path_again(visit),
        title=wave.questionnaire.titled(visit.language),
        contact=Contact(contact.name, contact.email, contact.phone),
        was_url=fieldwork.was_url or "/was",
        publisher=fieldwork.publisher.to(visit.language),
        mark=_mark(wave, visit.language),
        over=_over(visit, fieldwork),
    )


def bare_shell(visit: Visit) -> Shell:
    """The surroundings of a page that asks the store for nothing, such as one that says that the disk is full."""
    title = texts(visit.language).say("site.name")
    return Shell(visit.language, path_again(visit), title)


def operator_shell(visit: Visit, wave: OpenWave) -> Shell:
    """The surroundings of a page for those who run a wave."""
    return Shell(
        language=visit.language,
        path=path_again(visit),
        title=wave.questionnaire.titled(visit.language),
        person=visit.operator,
        csrf=form_token(visit.operator_cookie),
        leave_path="/status/log-ud",
        mark=_mark(wave, visit.language),
    )


def path_again(visit: Visit) -> str:
    """The address of the page for its link to the other language, without what is not plain in its query."""
    if visit.method != "GET":
        return visit.path
    query = "&".join(f"{name}={value}" for name, value in visit.query.items() if name != "lang" and value.isalnum())
    return f"{visit.path}?{query}" if query else visit.path


def _links(visit: Visit) -> Iterator[Link]:
    say, grant = texts(visit.language).say, visit.here.grant
    paths = {"hub": "/besvar", "colleagues": "/besvar/kolleger", "workbook": "/besvar/regneark"}
    if has_page(visit.site.store, grant.survey, grant.wave, grant.unit, COMPARISON, visit.language):
        paths["comparison"] = "/sammenligning"
    for name, path in paths.items():
        yield Link(say(f"site.ways.{name}"), path, current=path == visit.path)


def _mark(wave: OpenWave, language: Language) -> str:
    return texts(language).say("present.rehearsal.mark") if wave.origin == "rehearsal" else ""


def _over(visit: Visit, fieldwork: Fieldwork) -> str:
    closes_at = fieldwork.closes_at
    if closes_at is None or visit.at < closes_at:
        return ""
    return texts(visit.language).say("site.over", at=clock(closes_at, visit.language))
