"""`evaltools status WAVE --store FILE`: who has answered, how skewed the answers so far are, and whom to call next."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

from evaltools.cli.waves import Wave, add_wave, wave_named
from evaltools.collect import Answers
from evaltools.language import percent
from evaltools.schema.scope import named_around
from evaltools.store import (
    Contact,
    Reminder,
    Store,
    background,
    contacts,
    open_store,
    questionnaire_of,
    records,
    reminders,
    unit_statuses,
)
from evaltools.store.progress import Call, FieldworkReport, Rate, SectionProgress, fieldwork_report, section_progress

_SHOWN_CALLS: Final = 10

_WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "begun_silent": "has begun and fallen silent",
        "begun": "is at work",
        "opened": "has opened the link and saved nothing",
        "never_opened": "has never opened the link",
    }
)


@dataclass(frozen=True, slots=True)
class _Found:
    """All that is told about a wave."""

    wave: Wave
    report: FieldworkReport
    sections: Sequence[SectionProgress]
    reminders: Sequence[Reminder]
    people: Mapping[str, Contact]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_wave(parser)
    parser.add_argument("--calls", type=int, default=_SHOWN_CALLS, metavar="N", help="how many to call are shown")


def run(options: argparse.Namespace) -> int:
    """Read the store, and tell; it changes nothing."""
    with open_store(options.store) as store:
        found = _read(store, wave_named(options.wave), dt.datetime.now(dt.UTC))
    if options.json:
        print(json.dumps(_data(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, options.calls)))
    return 0


def _read(store: Store, wave: Wave, now: dt.datetime) -> _Found:
    statuses = unit_statuses(store, *wave)
    begun = [one.unit.code for one in statuses if one.disposition in ("partial", "submitted")]
    return _Found(
        wave=wave,
        report=fieldwork_report(statuses, at=now),
        sections=section_progress(questionnaire_of(store, *wave), _answers(store, wave, begun)),
        reminders=reminders(store, *wave),
        people=contacts(store, *wave),
    )


def _answers(store: Store, wave: Wave, units: Iterable[str]) -> Iterator[Answers]:
    """The answers of every response of these units, with what routing may ask about from outside."""
    for code in units:
        around = background(store, *wave, code)
        outside = named_around(around.references, around.last)
        yield from ({**response.answers, **outside} for response in records(store, *wave, code))


def _data(found: _Found) -> dict[str, Any]:
    report = found.report
    return {
        "wave": "/".join(found.wave),
        **asdict(report.stages),
        "response_rate": report.rate.share,
        "by": {name: [_rate_data(rate) for rate in rates] for name, rates in report.rates.items()},
        "representativity": None if report.balance is None else asdict(report.balance),
        "sections": [asdict(each) for each in found.sections],
        "calls": [_call_data(call, found.people) for call in report.calls],
        "reminders": [asdict(each) | {"at": each.at.isoformat()} for each in found.reminders],
    }


def _rate_data(rate: Rate) -> dict[str, Any]:
    return asdict(rate) | {"share": rate.share}


def _call_data(call: Call, people: Mapping[str, Contact]) -> dict[str, Any]:
    unit = call.status.unit
    about = {"unit": unit.code, "name": unit.name, "why": call.why, "gain": call.gain, "silent_days": call.silent_days}
    return about | {"contact": asdict(people.get(unit.code, Contact()))}


def _lines(found: _Found, calls: int) -> Iterator[str]:
    stages, report = found.report.stages, found.report
    yield f"{'/'.join(found.wave)}: {_share(report.rate)} have submitted"
    yield (
        f"  opened {stages.opened}, begun {stages.begun}, handed over {stages.handed_over}, "
        f"submitted {stages.submitted}, declined {stages.declined}, of {stages.asked}"
    )
    for name, rates in report.rates.items():
        yield f"  by {name}"
        yield from (f"    {rate.group:<28}  {_share(rate)}" for rate in rates)
    yield from _balance_lines(report)
    yield "  answered of the fields asked, in responses begun"
    yield from (f"    {one.section:<28}  {one.answered} of {one.asked}" for one in found.sections)
    yield from _call_lines(report.calls[:calls], found.people)
    yield from _reminder_lines(found.reminders)


def _share(rate: Rate) -> str:
    return f"{rate.submitted} of {rate.asked} ({percent(rate.share, 0, 'en')})"


def _balance_lines(report: FieldworkReport) -> Iterator[str]:
    if report.balance is None:
        return
    found = report.balance
    columns = " and ".join(found.columns)
    yield f"  representativity over {columns}: R = {found.indicator:.2f} (1 is even; {found.lowest:.2f} most skewed)"
    if found.behind is not None:
        yield f"    most behind: {found.behind.column} {found.behind.group}"


def _call_lines(calls: Sequence[Call], people: Mapping[str, Contact]) -> Iterator[str]:
    if calls:
        yield "  whom to call next"
    for call in calls:
        unit, contact = call.status.unit, people.get(call.status.unit.code, Contact())
        silent = f" for {call.silent_days} days" if call.why == "begun_silent" else ""
        told = ", ".join(each for each in (contact.name, contact.phone, contact.email) if each)
        yield f"    {unit.code} {unit.name}: {_WHY[call.why]}{silent}; R {call.gain:+.3f}; {told or 'no contact'}"


def _reminder_lines(noted: Sequence[Reminder]) -> Iterator[str]:
    lost = [one for one in noted if one.outcome not in ("sent", "written")]
    if lost:
        yield "  letters that did not go out, or may not have; `evaltools remind --repeat UNIT` sends one again"
    for one in lost:
        yield f"    {one.unit} {one.kind}, {one.at:%Y-%m-%d %H:%M}: {one.outcome or 'begun, and nothing more is known'}"
