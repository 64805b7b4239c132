"""The pages of this server that are no page of questions, as values; each has a template of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from markupsafe import Markup
from starlette.responses import HTMLResponse

from evaltools.collect.workbook import ChangeKind
from evaltools.store.progress import FieldworkReport
from evaltools.web.form import Link, Shell, draw


@dataclass(frozen=True, slots=True)
class Telling:
    """A page that tells something: a heading, paragraphs, and ways on."""

    heading: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A long text made of blocks. body: its markup, made by the writer of documents. place: where its files stand."""

    heading: str
    body: Markup
    place: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A page whose middle another process has made and kept in the store, as markup with a main heading of its own."""

    heading: str
    body: Markup


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Answers that were posted and could not be saved: shown, kept in the page, and posted again by its button.

    kept: every posted name and value, which the page posts again. typed: those a person wrote, with their labels.
    unit: for whom they are saved when the button is pressed; empty where somebody must come in by their link first.
    again: whether pressing it may help; after the deadline it does not.
    """

    heading: str
    paragraphs: tuple[str, ...]
    path: str
    kept: tuple[tuple[str, str], ...]
    typed: tuple[tuple[str, str], ...]
    unit: str = ""
    person: str = ""
    csrf: str = ""
    again: bool = True


@dataclass(frozen=True, slots=True)
class Entering:
    """The page of a link: whose answers it opens, and the name of the person who comes in."""

    path: str
    unit: str
    holder: str
    sections: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague: their sections, since when they have them, whether they have come, and what is missing."""

    grant: str
    holder: str
    sections: tuple[str, ...]
    since: dt.datetime
    opened_at: dt.datetime | None
    missing: int


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """Somebody who is signed in: under which name the session can be ended, and whether it is this very one."""

    name: str
    person: str
    begun_at: dt.datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Who has which part. `link` is the new link of `link_holder`, shown this once.

    choices: name and title of each section, and whether it is ticked.
    """

    colleagues: tuple[Colleague, ...]
    choices: tuple[tuple[str, str, bool], ...]
    may_hand_over: bool
    holder: str = ""
    link: str = ""
    link_holder: str = ""
    fault: str = ""
    visits: tuple[OpenVisit, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record in the list of a registration."""

    record: str
    path: str
    submitted_at: dt.datetime | None
    problems: int
    answered: int


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one unit. `fault` is said beside the field for a new id."""

    title: str
    sought: str
    followed_up: bool
    records: tuple[Record, ...]
    suggestion: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Uploading:
    """Where a workbook is fetched and handed in. `fault`: why one was refused."""

    fault: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a workbook in words: where it stood, what it says, what is kept now and by whom."""

    name: str
    record: str
    number: str
    label: str
    cell: str
    ours: str
    theirs: str
    by: str
    problem: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one kind."""

    kind: ChangeKind
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Stray:
    """Something in a workbook that belongs to no field: the cell, and what is said about it."""

    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Previewing:
    """What a workbook would change. seen: record and version that it was compared with. content: the file itself."""

    groups: tuple[Group, ...]
    strays: tuple[Stray, ...]
    unchanged: int
    seen: tuple[str, ...]
    content: str
    changes_nothing: bool


@dataclass(frozen=True, slots=True)
class Login:
    """The login of an operator."""

    fault: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Where an operator changes their password; `fault` is said beside the new one, `wrong` beside the current one."""

    fault: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The status board of one wave, with the other waves to go to."""

    report: FieldworkReport
    title: str
    waves: tuple[Link, ...]

    @staticmethod
    def named(group: str) -> str:
        """A group of the frame by its label, without the code that puts it in order.

        >>> Board.named("1: under 20.000"), Board.named("Region Nordjylland")
        ('under 20.000', 'Region Nordjylland')
        """
        code, mark, label = group.partition(": ")
        return label if mark and code.isdigit() else group


@dataclass(frozen=True, slots=True)
class Declining:
    """Whether the unit wishes not to answer; `declined` where it has said so."""

    declined: bool
    submitted: bool


SitePage = (
    Telling
    | Reading
    | Finished
    | NotSaved
    | Entering
    | Colleagues
    | Records
    | Uploading
    | Previewing
    | Login
    | NewPassword
    | Board
    | Declining
)

TEMPLATES: Final[Mapping[type[SitePage], str]] = MappingProxyType(
    {
        Telling: "telling.html",
        Reading: "reading.html",
        Finished: "finished.html",
        NotSaved: "not_saved.html",
        Entering: "entering.html",
        Colleagues: "colleagues.html",
        Records: "records.html",
        Uploading: "uploading.html",
        Previewing: "previewing.html",
        Login: "login.html",
        NewPassword: "new_password.html",
        Board: "board.html",
        Declining: "declining.html",
    }
)


def shown(page: SitePage, shell: Shell, *, status: int = 200) -> HTMLResponse:
    """The page as an answer."""
    return HTMLResponse(draw(TEMPLATES[type(page)], page, shell), status)
