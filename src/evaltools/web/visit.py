"""One request, read: who asks, in which language, what was posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from evaltools.language import Language
from evaltools.language.text import LANGUAGES
from evaltools.store import Session
from evaltools.web.security.bodies import LARGEST_WORKBOOK
from evaltools.web.site import Site

Posted = Mapping[str, tuple[str, ...]]
"""Every value of every field of a posted form, in order."""

_MOST_FIELDS: Final = 5000
_PLAIN_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was posted."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `cookie` and `session` belong to somebody who answers, `operator` to somebody who runs the wave.

    noted: what the log may tell of it; `who` is the only word in it, found out on the way.
    """

    site: Site
    at: dt.datetime
    method: str
    address: str
    language: Language
    chosen_language: bool
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookie: str = ""
    session: Session | None = None
    operator_cookie: str = ""
    operator: str = ""
    form: Posted = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)

    def posted(self, name: str) -> str:
        """The last value of a field of the form; empty where it was not posted."""
        return self.form.get(name, ("",))[-1]

    @property
    def wants_json(self) -> bool:
        """Whether the script of the page asks, and not the browser for its person."""
        return self.headers.get("x-autosave") == "1"

    @property
    def here(self) -> Session:
        """The session, on pages that nobody sees without one."""
        assert self.session is not None
        return self.session


async def read_visit(request: Request) -> Visit:
    """Read a request; who asks is looked up later (`evaltools.web.doors`), where it may take time."""
    site: Site = request.app.state.site
    chosen = request.query_params.get("lang", "")
    kept = request.cookies.get(site.cookies.name("language"), "")
    language = next((one for one in (chosen, kept) if one in LANGUAGES), "da")
    form, files = await _form(request) if request.method == "POST" else ({}, {})
    return Visit(
        site=site,
        at=site.clock(),
        method=request.method,
        address=request.client.host if request.client else "",
        language=cast(Language, language),
        chosen_language=chosen in LANGUAGES and chosen != kept,
        path=request.scope["path"],
        parameters=cast(Mapping[str, str], request.path_params),
        query=dict(request.query_params),
        headers=request.headers,
        cookie=request.cookies.get(site.cookies.name("answering"), ""),
        operator_cookie=request.cookies.get(site.cookies.name("operator"), ""),
        form=form,
        files=files,
    )


async def _form(request: Request) -> tuple[Posted, Mapping[str, Upload]]:
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() == _PLAIN_FORM:
        return _plain_form(await request.body()), {}
    posted: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    async with request.form(max_files=2, max_fields=_MOST_FIELDS, max_part_size=LARGEST_WORKBOOK) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[_clean(name)] = Upload(_clean(value.filename or ""), await value.read())
            else:
                posted[_clean(name)] = (*posted.get(_clean(name), ()), _clean(value))
    return posted, files


def _plain_form(body: bytes) -> Posted:
    """The fields of a form without files. `HTTPException` 400 where there are more than any page of ours has."""
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    posted: dict[str, list[str]] = {}
    for name, value in pairs:
        posted.setdefault(_clean(name), []).append(_clean(value))
    return {name: tuple(values) for name, values in posted.items()}


def _clean(text: str) -> str:
    """The text without halves of characters, which no database and no page can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
