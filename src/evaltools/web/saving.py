"""What happens when a page is posted: what is sent to the store, and where the person goes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaltools.collect import Problem, unexplained
from evaltools.schema import Section, fields
from evaltools.schema.model import REASON_SUFFIX
from evaltools.store import Conflict, Current, Refused, Saved, Session, Store, Submission, receive
from evaltools.web.form import Desk, Post
from evaltools.web.form.basis import read_basis
from evaltools.web.form.desk import section_fields
from evaltools.web.form.posted_names import SHOWN

Next = Literal["mend", "again", "on", "stay"]
"""`mend`: the page is shown again with what is wrong. `again`: it is shown again with what has been opened or added.
`on`: the next section. `stay`: the same page, fetched anew."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, on which questionnaire, and when."""

    store: Store
    session: Session
    schema_sha256: str
    at: dt.datetime


def keep_draft(sender: Sender, desk: Desk, post: Post) -> Saved | Conflict:
    """Keep the answers of a posted page as a draft: everything that can be read, unless somebody else was first.

    Raises: `StoreError` WAVE_CLOSED, WRONG_SCHEMA, DISK_FULL and the like: then nothing was kept.
    """
    outcome = _send(sender, desk, post, submit=False)
    assert not isinstance(outcome, Refused)  # a draft is never refused
    return outcome


def desk_after(desk: Desk, saved: Saved) -> Desk:
    """The response as it stood right after it was saved."""
    return replace(desk, answers=saved.answers, version=saved.version, problems=saved.checked)


def read_check(desk: Desk, form: Mapping[str, Sequence[str]]) -> Post:
    """The reasons that were written on the page before sending, as far as this person may write them."""
    sections = {one.name: one.item.section for one in fields(desk.questionnaire)}
    at = {rule.name: rule.at for rule in desk.questionnaire.rules}
    reasons: dict[str, object] = {}
    for problem in desk.problems:
        name = problem.code + REASON_SUFFIX
        section = sections.get(at.get(problem.code, problem.field), "")
        if problem.level == "explain" and name in form and desk.may_change(section):
            reasons[name] = "\n".join(form[name])
    return Post(reasons, form, basis=read_basis((*form.get("base_version", ()), "")[0]))


def submit(sender: Sender, desk: Desk, post: Post) -> Saved | Refused | Conflict:
    """Submit the response as it stands, with the reasons that were written on the page before sending."""
    return _send(sender, desk, post, submit=True)


def _send(sender: Sender, desk: Desk, post: Post, *, submit: bool) -> Saved | Refused | Conflict:
    grant = sender.session.grant
    submission = Submission(
        survey=grant.survey,
        wave=grant.wave,
        unit=grant.unit,
        answers=post.answers,
        record=desk.record,
        actor=sender.session.person,
        channel="form",
        base_version=post.basis.version,
        seen_at=post.basis.older,
        submit=submit,
        schema_sha256=sender.schema_sha256,
    )
    return receive(sender.store, submission, at=sender.at, language=desk.language)


def not_kept(saved: Saved, post: Post) -> tuple[Problem, ...]:
    """Why something in the page could not be kept: the problems of reading it, which the kept answers do not have."""
    known = set(saved.checked)
    return (*post.problems, *(one for one in saved.problems if one.level == "stop" and one not in known))


def opened_fields(before: Desk, after: Desk, section: Section, post: Post) -> frozenset[str]:
    """The fields of the section that these answers opened and that did not stand in the page yet."""
    stood = {*post.raw, *post.raw.get(SHOWN, ())}
    own = {one.name for one in section_fields(after.questionnaire, section.name) if one.kind != "computed"}
    return frozenset((after.asking.asked - before.asking.asked) & own - stood)


def next_step(post: Post, lost: tuple[Problem, ...], opened: frozenset[str], after: Desk, section: Section) -> Next:
    """Where a person goes after a save.

    Nobody is held back by a true answer: what cannot be read is shown again, a doubt or a mistake is shown when
    `next` is pressed, and `later` goes on with it as it is; only submission asks that all of it is settled.
    """
    if lost:
        return "mend"
    if post.action == "later":
        return "on"
    if post.action != "next":
        return "again" if post.raw.get("add") else "stay"
    if unsettled(after, section):
        return "mend"
    return "again" if opened else "on"


def unsettled(desk: Desk, section: Section) -> tuple[Problem, ...]:
    """The mistakes, and the doubts without a reason, beside fields of a section."""
    own = {one.name for one in section_fields(desk.questionnaire, section.name)}
    open_doubts = set(unexplained(desk.problems, desk.answers))
    return tuple(one for one in desk.problems if one.field in own and (one.level == "stop" or one in open_doubts))


def section_after(desk: Desk, section: Section) -> Section | None:
    """The next section that this person may change; None after the last."""
    names = [one.name for one in desk.questionnaire.sections]
    place = names.index(section.name)
    later = (one for one in desk.sections if names.index(one.name) > place and desk.may_change(one.name))
    return next(later, None)


def has_unseen(post: Post, standing: Current) -> bool:
    """Whether answers have changed since the page was made, other than to what is posted: a second click is no news."""
    answers = standing.response.answers
    later = (name for name, one in standing.by_field.items() if one.version > post.basis.of(name))
    return any(name not in post.answers or answers.get(name) != post.answers[name] for name in later)
