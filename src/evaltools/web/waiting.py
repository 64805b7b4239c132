"""Files that another process makes: given when they are there, until then a page with a link to ask again."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from evaltools.language import texts
from evaltools.web.form import Link
from evaltools.web.making import Job
from evaltools.web.seats import bare_shell
from evaltools.web.shown import Telling, shown
from evaltools.web.visit import Visit


def file_answer(visit: Visit, key: str, job: Job, kind: tuple[str, str]) -> Response:
    """The file of a job as an attachment; 202 while it is being made, 503 when it could not be.

    key: names the content, so that the same file is made once. kind: its media type and its name.
    """
    made = visit.site.workshop.ask(key, job)
    say = texts(visit.language).say
    if isinstance(made, bytes):
        return attachment(made, kind)
    if made == "failed":
        page = Telling(say("site.making.failed.heading"), (say("site.making.failed.message"),))
        return shown(page, bare_shell(visit), status=503)
    again = Link(say("site.making.again"), visit.path)
    page = Telling(say("site.making.heading"), (say("site.making.message"),), (again,))
    return shown(page, bare_shell(visit), status=202)


def attachment(content: bytes, kind: tuple[str, str]) -> Response:
    """Bytes as a file to keep, under a name."""
    media_type, name = kind
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
