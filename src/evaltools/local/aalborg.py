"""Aalborg: placements, how they hold and how the children do, with the network's share of new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import pandas as pd

from evaltools.collect import Answers
from evaltools.document.model import Block, Paragraph
from evaltools.estimate.curve import Curve
from evaltools.estimate.durations import breakdown_rate, kaplan_meier
from evaltools.estimate.monitor import counts, p_chart, p_prime_chart
from evaltools.estimate.result import Estimate, Row
from evaltools.language import number as in_digits
from evaltools.local.blocks import (
    drawn,
    heading,
    how_many,
    indicators_block,
    own_table,
    part_of,
    parts,
    said_share,
    steps_drawn,
    words,
)
from evaltools.local.counting import units
from evaltools.local.curves import events, may_tell_steps
from evaltools.local.joint import Fact
from evaltools.local.model import LocalRecord
from evaltools.local.moments import month_number
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import BREAKDOWN, NETWORK, breakdown_or_not, ended, ending_of, last_month, placements
from evaltools.local.weeks import quarter_of, year_of
from evaltools.present import Number, Released, number
from evaltools.present.charts import control_chart
from evaltools.present.tables import Entry
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value

_COUNTED: Final = (
    "r3_network_new", "r3_network_stock", "r3_considered", "r3_preventive", "r3_less_intrusive", "r3_breakdown_network",
    "r3_breakdown", "r3_thriving", "r3_safety_met", "r3_support", "r3_not_followed_up",
)  # fmt: skip
_WELL: Final = ("4", "5")
_DUE: Final = (3, 6, 12, 24, 36)
_TURNS: Final = range(1, 6)
_LEAST_PERIODS: Final = 3
_KINDS: Final = {
    "network": NETWORK, "foster": ("3", "4", "5", "6"), "institution": ("7",), "own": ("8", "9"),
}  # fmt: skip
"""Kinds of places of care in groups, for publication."""
_ONE_YEAR: Final = 12.0


def _says(local: Local) -> list[str]:
    return [said_share(local, "r3_network_new"), *_rates(local), *_lasting(local), said_share(local, "r3_thriving")]


def _rates(local: Local) -> Iterator[str]:
    """Breakdowns per 100 placement-years: of all placements, and of network and other ones where that may be told."""
    found = placements(local)
    if found is None or BREAKDOWN not in found.kinds:
        return
    everybody = local.released(breakdown_rate(found, ending=BREAKDOWN), told=local.may_tell(events(found, BREAKDOWN)))
    yield _rate(local, number(everybody, language=local.language), _rows(everybody)[0], "all")
    split = breakdown_rate(found, ending=BREAKDOWN, by="network")
    names = [row.coordinate("network") for row in split.rows]
    told = local.may_tell_all(events(found, BREAKDOWN, column="network", group=name) for name in names)
    shown = local.released(split, told=told)
    if shown.hidden:
        yield local.say("aalborg.hidden")
        return
    for row, name in zip(_rows(shown), names, strict=True):
        yield _rate(local, number(shown, language=local.language, network=name), row, name)


def _rows(released: Released) -> tuple[Row, ...]:
    assert isinstance(released.result, Estimate)
    return released.result.rows


def _rate(local: Local, shown: Number, row: Row, key: str) -> str:
    if shown.disclosure == "hidden":
        return local.say(f"aalborg.rate.hidden_{key}")
    said = {form: shown.shown.get(form, "") for form in ("bare", "limits", "count")}
    return local.say(f"aalborg.rate.{key}", years=in_digits(row.base, 0, local.language), **said)


def _lasting(local: Local) -> Iterator[str]:
    """The share still in progress after a year, of all placements."""
    found = placements(local)
    if found is None:
        return
    curve = local.released(kaplan_meier(found, at=[_ONE_YEAR]))
    assert isinstance(curve.result, Curve)
    places = [place for place, point in enumerate(curve.result.points) if point.x == _ONE_YEAR]
    if not places or places[0] in curve.hidden or not may_tell_steps(local, found, curve, only=_ONE_YEAR):
        return
    point = curve.result.points[places[0]]
    if point.y is not None:
        limits = [in_digits(100 * limit, 0, local.language) for limit in (point.low, point.high) if limit is not None]
        share = in_digits(100 * point.y, 0, local.language)
        yield local.say("aalborg.one_year", percent=share, limits="–".join(limits))


def _shows(local: Local) -> list[Block]:
    return [
        indicators_block(local, _COUNTED, local.say("aalborg.indicators")),
        *_followups(local),
        heading(local.say("aalborg.more")),
        *_over_time(local),
        *_endings(local),
        *_mix(local),
    ]


def _over_time(local: Local) -> Iterator[Block]:
    """The network's share of the placements that began, with limits of chance, in the shortest periods to be told.

    Those are quarters inside the municipality; for publication years, where quarters would be hidden; and where years
    would be too, only how many placements began in each of them.
    """
    title = local.say("aalborg.chart")
    began = _began(local)
    for period in (quarter_of, year_of):
        made = _shares_by(began, period)
        if len(made) >= _LEAST_PERIODS and local.may_tell_all(made.values()):
            chart, note = _share_chart(local, made)
            figure = partial(control_chart, chart, note=note, language=local.language)
            yield drawn(local, "share", title, figure)
            return
    by_year = {year: how_many(local, fact.among) for year, fact in _shares_by(began, year_of).items()}
    listed = ", ".join(local.say("aalborg.began_in", year=year, count=count) for year, count in by_year.items())
    yield Paragraph(words(local.say("aalborg.began", parts=listed)))


def _share_chart(local: Local, made: Mapping[str, Fact]) -> tuple[Released, str]:
    """The chart of shares by period, and how wide its limits are if the share itself varies."""
    rows = [(at, len(fact.counted), len(fact.among)) for at, fact in sorted(made.items())]
    said = counts(
        pd.DataFrame(rows, columns=["at", "network", "began"]), at="at", count="network", base="began",
        about=local.say("aalborg.network_share"), unit="placement", confidentiality=local.kept_by("children"),
        origin=local.file.origin, language=local.language,
    )  # fmt: skip
    wider = p_prime_chart(said).extra.get("sigma_z")  # where none or all are in the network nothing varies
    times = "" if wider is None else local.say("aalborg.p_prime", times=in_digits(wider, 2, local.language))
    return local.released(p_chart(said)), times


def _began(local: Local) -> list[LocalRecord]:
    """Placements that were followed from their beginning, and whose kind is known."""
    return [
        record
        for record in local.records
        if isinstance(start := record.values.get("start_month"), str)
        and start == record.values.get("followed_from")
        and isinstance(record.values.get("placement_type"), str)
    ]


def _shares_by(began: list[LocalRecord], period: Callable[[str], str]) -> dict[str, Fact]:
    """Those of some placements that are in the network, by the period in which they began."""
    among: dict[str, list[LocalRecord]] = {}
    for record in began:
        among.setdefault(period(str(record.values["start_month"])), []).append(record)
    return {at: Fact(units(filter(_in_network, here)), units(here)) for at, here in sorted(among.items())}


def _in_network(record: LocalRecord) -> bool:
    return record.values.get("placement_type") in NETWORK


def _endings(local: Local) -> Iterator[Block]:
    """How placements end, with the ways competing, and those seen only from later on counted from then.

    In three ways, or for publication in the largest number of ways in which the curves can be read at several times.
    """
    title = local.say("aalborg.endings")
    for kinds in (ending_of, breakdown_or_not, ended):
        found = placements(local, kinds)
        figure = None if found is None else steps_drawn(local, "endings", title, found)
        if figure is not None:
            yield figure
            return
    yield Paragraph(words(local.say("not_drawn", title=title)))


def _followups(local: Local) -> Iterator[Block]:
    """For each follow-up: how many placements lasted so long, how many were followed up, and who thrives."""
    end = month_number(last_month(local))
    rows: list[list[Entry]] = []
    for due in _DUE:
        lasted = [record for record in local.records if _lasted(record.values, end) >= due]
        found = {record.line: _thriving(record.values, due) for record in lasted}
        made = [record for record in lasted if found[record.line] is not None]
        known = [record for record in made if isinstance(found[record.line], str)]
        well = Fact(units(record for record in known if found[record.line] in _WELL), units(known))
        missing = units(lasted) - units(made)
        rows.append([
            local.say("aalborg.after", months=due),
            *(how_many(local, each) for each in (units(lasted), units(made), missing)),
            part_of(local, well),
        ])  # fmt: skip
    header = [local.say(f"column.{name}") for name in ("followup", "due", "made", "not_made", "well")]
    yield own_table(local, "aalborg.followups", header, rows)


def _lasted(values: Answers, end: int | None) -> int:
    """How many months a placement lasted as far as the register knows; -1 where its beginning is not known."""
    start, stop = month_number(values.get("start_month")), month_number(values.get("end_month"))
    last = stop if stop is not None else end
    return -1 if start is None or last is None else last - start


def _thriving(values: Answers, due: int) -> Value | None:
    """The caseworker's rating at a follow-up; a kind of missing where it was made without one, None where not made."""
    for turn in _TURNS:
        if values.get(f"fu_{turn}_at") == str(due):
            return values.get(f"fu_{turn}_thrive", Missing.NOT_ANSWERED)
    return None


def _mix(local: Local) -> Iterator[Block]:
    """Where the children of placements in progress live: by kind of place, or for publication by groups of kinds."""
    codelist = local.file.questionnaire.item_by_name["placement_type"].codelist
    going = [record for record in local.records if record.values.get("status") == "1"]
    known = [record for record in going if isinstance(record.values.get("placement_type"), str)]
    if codelist is None or not known:
        return
    kinds: dict[str, tuple[str, ...]] = {
        category.label.to(local.language): (category.code,) for category in codelist.categories
    }
    if not local.internal:
        kinds = {local.say(f"aalborg.kind.{name}"): codes for name, codes in _KINDS.items()}
    facts = {
        label: Fact(units(record for record in known if record.values["placement_type"] in codes), units(known))
        for label, codes in kinds.items()
    }
    yield Paragraph(words(local.say("aalborg.mix", parts=parts(local, facts))))


AALBORG: Final = System("aalborg", "placement_followup", _COUNTED, _says, _shows)
