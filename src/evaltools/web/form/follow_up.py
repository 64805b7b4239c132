"""Which records of a registration are to be followed up: what is due, what is overdue, and what is still a draft.

A questionnaire follows its records up where one of its repeats asks which follow-up it was, by the code list
`followup_times`, whose codes are months. The months count from the first required month of a record; a record whose
last month is answered has ended and is not followed up any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from evaltools.collect import Answers
from evaltools.language import Language, date, texts
from evaltools.schema import fields
from evaltools.schema.model import Field, Questionnaire
from evaltools.web.form.saying import many

FOLLOW_UPS: Final = "followup_times"

State = Literal["overdue", "soon", "later", "unknown"]
_SOON: Final = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Followed:
    """One record of a registration, as it stands."""

    record: str
    path: str
    answers: Answers
    submitted: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A record that is to be followed up. `due`: when, in words; empty where the record does not say when it began."""

    record: str
    path: str
    label: str
    due: str
    state: State
    submitted: bool


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """The records to follow up, the most urgent first, and how many there are in all."""

    follow_ups: tuple[FollowUp, ...]
    overdue: str
    total: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """The fields that tell when a record began and ended, and which follow-ups were made."""

    began: Field
    ended: Field | None
    made: tuple[Field, ...]

    @property
    def months(self) -> tuple[int, ...]:
        codelist = self.made[0].item.codelist
        return () if codelist is None else tuple(sorted(int(code) for code in codelist.codes if code.isdigit()))


def follows_up(questionnaire: Questionnaire) -> bool:
    """Whether records of this questionnaire are followed up at all."""
    return _plan(questionnaire) is not None


def follow_up_page(
    questionnaire: Questionnaire, records: Iterable[Followed], *, today: dt.date, language: Language
) -> FollowUpPage:
    """The records whose next follow-up is due or missing; those that ended or have had them all are left out."""
    plan, kept = _plan(questionnaire), tuple(records)
    found = [] if plan is None else [each for one in kept for each in _next(plan, one, today, language)]
    ordered = tuple(each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].record)))
    late = sum(each.state == "overdue" for each in ordered)
    return FollowUpPage(ordered, many(late, "overdue", language), len(kept))


@lru_cache(maxsize=64)
def _plan(questionnaire: Questionnaire) -> _Plan | None:
    every = fields(questionnaire)
    made = tuple(
        each for each in every if each.kind == "single" and each.item.codelist and each.item.codelist.name == FOLLOW_UPS
    )
    repeats = {f"{item.name}_" for item in questionnaire.items if item.kind == "repeat"}
    made = tuple(each for each in made if each.name.startswith(tuple(repeats)))
    months = [each for each in every if each.kind == "month" and not each.name.startswith(tuple(repeats))]
    began = next((each for each in months if each.ask_if is None and each.item.required), None)
    if began is None or not made:
        return None
    return _Plan(began, next((each for each in months if each.ask_if is not None), None), made)


def _next(plan: _Plan, one: Followed, today: dt.date, language: Language) -> Iterator[tuple[dt.date, FollowUp]]:
    if plan.ended is not None and isinstance(one.answers.get(plan.ended.name), str):
        return
    began = one.answers.get(plan.began.name)
    if not isinstance(began, str):
        label = texts(language).say("web.follow_up.no_month")
        yield dt.date.max, FollowUp(one.record, one.path, label, "", "unknown", one.submitted)
        return
    done = {str(one.answers.get(each.name, "")) for each in plan.made}
    last = max((int(code) for code in done if code.isdigit()), default=0)
    for months in plan.months:
        if months > last:
            due = _after(began, months)
            yield (
                due,
                FollowUp(
                    one.record, one.path, _label(plan, months, language), *_when(due, today, language), one.submitted
                ),
            )
            return


def _label(plan: _Plan, months: int, language: Language) -> str:
    codelist = plan.made[0].item.codelist
    return "" if codelist is None else codelist.category(str(months)).label.to(language)


def _after(month: str, months: int) -> dt.date:
    """The last day of the month that lies so many months after `2018-03`."""
    count = int(month[:4]) * 12 + int(month[5:7]) + months
    return dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def _when(due: dt.date, today: dt.date, language: Language) -> tuple[str, State]:
    state: State = "overdue" if due < today else "soon" if due <= today + _SOON else "later"
    return date(due, language), state
