"""Every page of the form in every state that it has, made from values: for tests that draw and look at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from evaltools.collect import Answers, Difference, read_answers
from evaltools.language import Language
from evaltools.schema import Questionnaire, read_survey
from evaltools.schema.model import ExamplePath
from evaltools.store import Conflict
from evaltools.web.form import (
    Contact,
    Desk,
    Followed,
    Keeping,
    Link,
    Page,
    Part,
    Post,
    Sent,
    check_page,
    conflict_page,
    follow_up_page,
    hub_page,
    privacy_page,
    receipt_page,
    render,
    section_page,
)
from every_kind import every_kind
from page_values import SURVEYS, a_desk, a_shell, municipal, posted, section_of

WHEN = dt.datetime(2018, 11, 5, 14, 5, tzinfo=dt.UTC)
LATER = dt.datetime(2018, 12, 1, 23, 59, tzinfo=dt.UTC)
SHA = "3f1c0d7e5b9a8c6d4e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d"
REFERENCES = {"placed_register": 104.0, "children_register": 5000.0, "project_register": 1.0}
WRONG = {"f2_foster": "200", "a4_caseworkers": "3000", "f8_network_year": "9"}


@cache
def gallery(language: Language) -> Mapping[str, str]:
    """The HTML of each page and state by name, in one language."""
    shell = a_shell(language)
    return MappingProxyType({name: render(make(), shell) for name, make in _pages(language)})


def _pages(language: Language) -> Iterator[tuple[str, Callable[[], Page]]]:
    yield from _municipal_pages(language)
    yield from _pages_of_every_kind(language)
    yield from _pages_around(language)


def _filled(q: Questionnaire, path: ExamplePath, language: Language, more: Mapping[str, object] | None = None) -> Desk:
    """A desk with the answers of an example respondent, who has answered before and of whom register figures exist."""
    answers = {name: str(value) for name, value in path.answers.items()}
    last: Answers = {"f1_placed": 90, "b1_stage_m1": "3", "b2_start_m1": 2012, "c1_why_m1": ("1", "4")}
    return a_desk({**answers, **(more or {})}, q=q, language=language, references=REFERENCES, last=last)


def _municipal_pages(language: Language) -> Iterator[tuple[str, Callable[[], Page]]]:
    q = municipal()
    for path in q.paths:
        desk = _filled(q, path, language)
        for section in desk.sections:
            yield f"{path.name}-{section.name}", lambda desk=desk, section=section: section_page(desk, section)  # type: ignore[misc]
    wrong = _filled(q, q.paths[-1], language, WRONG)
    figures = section_of(q, "figures")
    yield "figures-mistakes", lambda: section_page(wrong, figures, post=posted(WRONG, "figures", q=q))
    unread = {"f1_placed": "ca. 40", "f1_placed__as_shown": "no", "f2_foster": "-", "base_version": "7"}
    reading = read_answers(q, unread, language)
    desk = replace(wrong, problems=(*reading.problems, *wrong.problems))
    yield "figures-unreadable", lambda: section_page(desk, figures, post=posted(unread, "figures", q=q))
    yield "investment", lambda: _investment(language)


def _investment(language: Language) -> Page:
    q = read_survey(SURVEYS / "investment" / "1")
    section = next(each for each in q.sections if any(item.name == "placed_network" for item in each.items))
    return section_page(a_desk({"placed": "20", "placed_network": "4"}, q=q, language=language), section)


def _pages_of_every_kind(language: Language) -> Iterator[tuple[str, Callable[[], Page]]]:
    q = every_kind()
    use, figures = q.sections
    full = {
        "place": "0101", "stage_m1": "3", "stage_m2": {"missing": "dont_know"}, "cases_m1": {"missing": "cannot_be_counted"},
        "why": ["2", "9"], "why_9_text": "Fordi", "start": "2012", "asked_month": "2017-03", "held_date": "2017-03-31",
        "leader_mail": "leder@kommune.dk", "words": "Ring 22 34 56 78", "placed": "12", "network": "4", "posts": "2,5" if language == "da" else "2.5",
        "meetings": "3", "meetings_of": "5", "families_1_children": "2", "families_2_children": "1",
    }  # fmt: skip
    desk = a_desk(full, language=language, references={"placed_register": 30.0})
    yield "use-empty", lambda: section_page(a_desk(language=language), use)
    yield "use-full", lambda: section_page(desk, use)
    yield "use-required", lambda: section_page(a_desk(language=language), use, post=posted({"place": ""}))
    opened = frozenset({"economy"})
    yield "use-opened", lambda: section_page(desk, use, post=posted({"why": ["2"], "place": "0101"}), new=opened)
    yield "figures-full", lambda: section_page(desk, figures)
    added = posted({"families__turns": "2", "add": "families"}, "figures")
    yield "figures-added", lambda: section_page(desk, figures, post=added)
    yield "figures-locked", lambda: section_page(replace(desk, own=("use",), parts=_parts()), figures)
    yield "use-shared", lambda: section_page(replace(desk, parts=_parts("use")), use)


def _parts(*sections: str) -> tuple[Part, ...]:
    return (Part("g1", "Bo Sørensen", sections or ("figures",), WHEN),)


def _pages_around(language: Language) -> Iterator[tuple[str, Callable[[], Page]]]:
    q = municipal()
    user = _filled(q, q.paths[-1], language, WRONG)
    parts = (
        Part("g1", "Bo Sørensen", ("figures", "flows"), WHEN),
        Part("g2", "Aïcha Østergård-Christoffersen", ("reasons",), WHEN, WHEN),
    )
    yield "hub-new", lambda: hub_page(a_desk(q=q, language=language), may_submit=True, closes_at=LATER)
    yield "hub-begun", lambda: hub_page(replace(user, parts=parts), may_submit=True, closes_at=LATER)
    colleague = replace(user, parts=parts, own=("figures",), is_leader=False, person="Bo Sørensen")
    yield "hub-colleague", lambda: hub_page(colleague, may_submit=False)
    yield "hub-sent", lambda: hub_page(user, may_submit=True, submitted_at=WHEN)
    yield "hub-declined", lambda: hub_page(user, may_submit=True, declined=True)
    yield "hub-record", lambda: hub_page(replace(user, record="17-a"), may_submit=True)
    yield "check", lambda: check_page(user, may_submit=True)
    yield "check-refused", lambda: check_page(user, may_submit=True, refused=True)
    yield "check-leader", lambda: check_page(colleague, may_submit=False)
    yield "check-sent", lambda: check_page(a_desk(q=q, language=language), may_submit=True, submitted=True)
    versions = (Sent(7, WHEN, "Lene Olsen", SHA), Sent(41, LATER, "", SHA[::-1]))
    files = (Link("PDF", "/kvittering/pdf"), Link("JSON", "/kvittering/json"), Link("Excel", "/kvittering/xlsx"))
    yield "receipt", lambda: receipt_page(user, versions[:1], files=files, reopen_path="/kvittering", closes_at=LATER)
    yield "receipt-draft", lambda: receipt_page(user, versions, files=files, is_draft=True)
    yield "conflict", lambda: _conflict(user)
    yield (
        "follow-up",
        lambda: follow_up_page(followed_survey(), records_to_follow(), today=WHEN.date(), language=language),
    )
    yield "follow-up-none", lambda: follow_up_page(followed_survey(), (), today=WHEN.date(), language=language)
    keeping = Keeping(
        q.titled(language),
        "Socialstyrelsen",
        Contact("Undersøgelsen", "skema@example.org"),
        LATER.date(),
        "Serviceloven § 82",
        True,
    )
    yield "privacy", lambda: privacy_page(keeping, language)
    yield "privacy-own", lambda: privacy_page(replace(keeping, own="Første.\n\nAndet."), language)


def _conflict(desk: Desk) -> Page:
    differences = (
        Difference("f1_placed", 12, 14),
        Difference("f2_foster", 3, 4),
        Difference("h2_support", None, ("1",)),
    )
    conflict = Conflict(differences, 9, "Bo Sørensen", WHEN)
    raw = posted({"f1_placed": "12", "f2_foster": "3"}, "figures", q=desk.questionnaire).raw
    return conflict_page(desk, conflict, path="/besvar/figures", post=Post(raw=raw))


@cache
def followed_survey() -> Questionnaire:
    return read_survey(SURVEYS / "placement_followup" / "1")


def records_to_follow() -> tuple[Followed, ...]:
    """Records that began at different times; the last has ended."""
    given: dict[str, Answers] = {
        "17-a": {"start_month": "2018-03"},
        "18-b": {"start_month": "2018-08", "fu_1_at": "3"},
        "19": {"start_month": "2018-09"},
        "20": {},
        "21": {"start_month": "2017-01", "end_month": "2018-02", "status": "2"},
    }
    return tuple(Followed(name, f"/besvar/post/{name}", answers, name == "19") for name, answers in given.items())
