"""What others have changed while somebody had a page open: what the page tells of it, and what it goes by from then on.

A browser keeps what it shows until it gets a new page. As long as it shows an answer that somebody else has changed,
its next save must not pass for a change back; that is what `Basis.older` is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evaltools.collect import Difference, Problem
from evaltools.language import listed, texts
from evaltools.schema import Section, tied_fields
from evaltools.store import Saved
from evaltools.web.form.basis import Basis
from evaltools.web.form.desk import Desk, section_fields
from evaltools.web.form.posted import Post, Raw, reason_names
from evaltools.web.form.posted_names import AS_SHOWN_SUFFIX, MISSING_SUFFIX, SHOWN
from evaltools.web.form.saying import clock, label_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of the page that somebody else has changed, and whose answer the page shows now."""

    target: str
    label: str
    by: str
    at: str


def on_page(desk: Desk, section: Section, others: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that stand on the page of a section: its fields, and the reasons beside them."""
    own = section_fields(desk.questionnaire, section.name)
    names = {one.name for one in own} | reason_names(desk.questionnaire, own)
    return tuple(one for one in others if one.field in names)


def still_shown(desk: Desk, section: Section, post: Post, saved: Saved) -> Basis:
    """What a page goes by that stays in the browser as it is.

    A field of another section that a sum ties to one of the page counts as shown: the sum was written with it in mind.
    """
    ties = tied_fields(desk.questionnaire)
    tied = {name for one in section_fields(desk.questionnaire, section.name) for name in ties.get(one.name, ())}
    stale = {one.field for one in on_page(desk, section, saved.others)}
    stale |= {one.field for one in saved.others if one.field in tied}
    return Basis(saved.version, {name: post.basis.of(name) for name in stale})


@dataclass(frozen=True, slots=True)
class ShownAgain:
    """A page that is shown again: what was posted, as far as it is shown, and the answers of others that it shows."""

    post: Post
    basis: Basis
    changed: tuple[Changed, ...]


def shown_again(desk: Desk, section: Section, post: Post, saved: Saved, lost: Iterable[Problem]) -> ShownAgain:
    """The page shows what others have written in place of what was posted and never touched.

    lost: what could not be read. It stays in the page to be mended, and then meets what the others have written.
    """
    unread = {one.field for one in lost}
    found = on_page(desk, section, saved.others)
    taken = tuple(one for one in found if one.field not in unread)
    raw = _without(post.raw, (one.field for one in taken))
    older = {one.field: post.basis.of(one.field) for one in found if one.field in unread}
    return ShownAgain(replace(post, raw=raw), Basis(saved.version, older), tuple(_changed(desk, one) for one in taken))


def _without(raw: Raw, names: Iterable[str]) -> Raw:
    gone = {name + end for name in names for end in ("", MISSING_SUFFIX, AS_SHOWN_SUFFIX)}
    left = {name: values for name, values in raw.items() if name not in gone}
    return left | {SHOWN: tuple(name for name in raw.get(SHOWN, ()) if name not in gone)}


def sentence(desk: Desk, others: Iterable[Difference]) -> str:
    """One sentence about fields that the page still shows as they were; empty where there are none."""
    found = tuple(others)
    if not found:
        return ""
    names = listed(list(dict.fromkeys(one.by for one in found)), desk.language)
    labels = "; ".join(dict.fromkeys(label_of(desk, one.field) for one in found))
    return texts(desk.language).say("web.script.meanwhile", by=names, labels=labels)


def _changed(desk: Desk, one: Difference) -> Changed:
    at = "" if one.at is None else clock(one.at, desk.language)
    return Changed(one.field, label_of(desk, one.field), one.by, at)
