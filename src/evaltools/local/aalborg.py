"""Aalborg: placements, how they hold and how the children do, with the network's share of new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pandas as pd

from evaltools.collect import Answers
from evaltools.document.model import Block, Paragraph
from evaltools.estimate.curve import Curve
from evaltools.estimate.durations import breakdown_rate, cumulative_incidence, kaplan_meier
from evaltools.estimate.monitor import counts, p_chart, p_prime_chart
from evaltools.estimate.result import Estimate, Row
from evaltools.language import number as in_digits
from evaltools.local.blocks import counted, drawn, few, heading, indicators_block, own_table, said_share, words
from evaltools.local.moments import month_number
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import BREAKDOWN, NETWORK, last_month, placements
from evaltools.local.weeks import quarter_of, year_of
from evaltools.present import Number, Released, number
from evaltools.present.charts import control_chart, step_chart
from evaltools.present.tables import Entry
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value

_COUNTED: Final = (
    "r3_network_new", "r3_network_stock", "r3_considered", "r3_preventive", "r3_less_intrusive", "r3_breakdown_network",
    "r3_breakdown", "r3_thriving", "r3_safety_met", "r3_support", "r3_not_followed_up",
)  # fmt: skip
_SAID: Final = ("r3_network_new", "r3_breakdown_network")
_WELL: Final = ("4", "5")
_DUE: Final = (3, 6, 12, 24, 36)
_TURNS: Final = range(1, 6)
_LEAST_PERIODS: Final = 3
_ONE_YEAR: Final = 12.0


def _says(local: Local) -> list[str]:
    return [said_share(local, _SAID[0]), *_rates(local), *_lasting(local), said_share(local, "r3_thriving")]


def _rates(local: Local) -> Iterator[str]:
    """Breakdowns per 100 placement-years: of all placements, and of network and other ones where that may be told."""
    found = placements(local)
    if found is None:
        return
    everybody = local.released(breakdown_rate(found, ending=BREAKDOWN))
    yield _rate(local, number(everybody, language=local.language), _rows(everybody)[0], "all")
    split = local.released(breakdown_rate(found, ending=BREAKDOWN, by="network"))
    if split.hidden:
        yield local.say("aalborg.hidden")
        return
    for row in _rows(split):
        name = row.coordinate("network")
        yield _rate(local, number(split, language=local.language, network=name), row, name)


def _rows(released: Released) -> tuple[Row, ...]:
    assert isinstance(released.result, Estimate)
    return released.result.rows


def _rate(local: Local, shown: Number, row: Row, key: str) -> str:
    if shown.disclosure == "hidden":
        return local.say("aalborg.hidden")
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
    point = curve.result.points[places[0]] if places and places[0] not in curve.hidden else None
    if point is not None and point.y is not None:
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

    Those are quarters inside the municipality; for publication years, where quarters would mostly be hidden.
    """
    title = local.say("aalborg.chart")
    for period in (quarter_of, year_of):
        made = _shares_by(local, period)
        if len(made) < _LEAST_PERIODS:
            continue
        said = counts(
            made, at="at", count="network", base="began", about=local.say("aalborg.network_share"), unit="placement",
            confidentiality=local.kept_by("children"), origin=local.file.origin, language=local.language,
        )  # fmt: skip
        chart = local.released(p_chart(said))
        if 2 * len(chart.hidden) < len(made):
            wider = in_digits(p_prime_chart(said).extra["sigma_z"], 2, local.language)
            note = local.say("aalborg.p_prime", times=wider)
            yield drawn(local, "share", title, partial(control_chart, chart, note=note, language=local.language))
            return
    yield Paragraph(words(local.say("not_drawn", title=title)))


def _shares_by(local: Local, period: Callable[[str], str]) -> pd.DataFrame:
    """Placements that began, and those of them in the network, by period; columns `at`, `network`, `began`."""
    began, network = Counter[str](), Counter[str]()
    for record in local.records:
        start, kind = record.values.get("start_month"), record.values.get("placement_type")
        if isinstance(start, str) and start == record.values.get("followed_from") and isinstance(kind, str):
            began[period(start)] += 1
            network[period(start)] += kind in NETWORK
    return pd.DataFrame([(at, network[at], began[at]) for at in sorted(began)], columns=["at", "network", "began"])


def _endings(local: Local) -> Iterator[Block]:
    """How placements end, with the ways competing, and those seen only from later on counted from then."""
    found = placements(local)
    if found is not None:
        curve = partial(step_chart, local.released(cumulative_incidence(found)), language=local.language)
        yield drawn(local, "endings", local.say("aalborg.endings"), curve)


def _followups(local: Local) -> Iterator[Block]:
    """For each follow-up: how many placements lasted so long, how many were followed up, and who thrives."""
    end = month_number(last_month(local))
    rows: list[list[Entry]] = []
    for due in _DUE:
        lasted = [record.values for record in local.records if _lasted(record.values, end) >= due]
        found = [_thriving(values, due) for values in lasted]
        made = [each for each in found if each is not None]
        known = [each in _WELL for each in made if isinstance(each, str)]
        label = local.say("aalborg.after", months=due)
        well = counted(local, "", known, "placement").strip() if known else "–"
        missing = few(local, len(lasted) - len(made))
        rows.append([label, in_digits(len(lasted), 0, local.language), few(local, len(made)), missing, well])
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
    """Where the children of placements in progress live."""
    codelist = local.file.questionnaire.item_by_name["placement_type"].codelist
    going = [record.values.get("placement_type") for record in local.records if record.values.get("status") == "1"]
    known = [kind for kind in going if isinstance(kind, str)]
    if codelist is not None and known:
        parts = "; ".join(
            counted(local, category.label.to(local.language), [kind == category.code for kind in known], "placement")
            for category in codelist.categories
        )
        yield Paragraph(words(local.say("aalborg.mix", parts=parts)))


AALBORG: Final = System("aalborg", "placement_followup", _COUNTED, _says, _shows)
