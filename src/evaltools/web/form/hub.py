"""The hub: all sections of a response with how far they have come, who has them, and what can be done next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evaltools.schema import numbering, thresholds
from evaltools.web.form.desk import Desk, Part
from evaltools.web.form.progress import Progress, progress
from evaltools.web.form.saying import clock


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section on the hub."""

    number: str
    title: str
    path: str
    progress: Progress
    is_own: bool
    holder: str = ""
    since: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True)
class HubPage:
    """The hub of a response.

    next_path: the first own section that is not finished; empty where all are. closes: the deadline in words.
    declined, submitted: what has been said of the whole. may_submit: otherwise the leader approves and submits.
    smallest: thresholds by what is counted.
    """

    lines: tuple[SectionLine, ...]
    base_path: str
    next_path: str
    has_begun: bool
    closes: str
    is_leader: bool
    may_submit: bool
    declined: bool
    submitted: str
    record: str
    children: int
    municipalities: int

    @property
    def open_count(self) -> int:
        """Things to look at, in all sections."""
        return sum(line.progress.open for line in self.lines)

    @property
    def skips(self) -> bool:
        """Whether the numbers have gaps, because some sections are not for those who answer like this."""
        return [line.number for line in self.lines] != [str(n) for n in range(1, len(self.lines) + 1)]

    @property
    def finished(self) -> int:
        """Sections in which everything is answered and nothing is left to look at."""
        return sum(line.progress.state == "answered" for line in self.lines)


def hub_page(
    desk: Desk,
    *,
    may_submit: bool,
    closes_at: dt.datetime | None = None,
    submitted_at: dt.datetime | None = None,
    declined: bool = False,
) -> HubPage:
    """The hub of one response."""
    lines = tuple(_line(desk, section.name) for section in desk.sections)
    unfinished = [line for line in lines if line.is_own and line.progress.state != "answered"]
    return HubPage(
        lines=lines,
        base_path=desk.base_path,
        next_path=unfinished[0].path if unfinished else "",
        has_begun=any(line.progress.answered for line in lines),
        closes=clock(closes_at, desk.language) if closes_at else "",
        is_leader=desk.is_leader,
        may_submit=may_submit,
        declined=declined,
        submitted=clock(submitted_at, desk.language) if submitted_at else "",
        record=desk.record,
        children=thresholds()["children"],
        municipalities=thresholds()["municipalities"],
    )


def _line(desk: Desk, name: str) -> SectionLine:
    section = next(each for each in desk.questionnaire.sections if each.name == name)
    with_it: Part | None = next((each for each in reversed(desk.parts) if name in each.sections), None)
    return SectionLine(
        number=numbering(desk.questionnaire).sections[name],
        title=section.title.to(desk.language),
        path=f"{desk.base_path}/{name}",
        progress=progress(desk, section),
        is_own=desk.may_change(name),
        holder=with_it.holder if with_it else "",
        since=clock(with_it.since, desk.language) if with_it else "",
        opened=with_it is not None and with_it.opened_at is not None,
    )
