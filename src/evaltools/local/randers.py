"""Randers: network meetings, from the request to the follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from statistics import median
from typing import Final

import pandas as pd

from evaltools.collect import Answers
from evaltools.document.model import Block, Paragraph
from evaltools.estimate.curve import Curve
from evaltools.estimate.monitor import counts, run_chart
from evaltools.estimate.survey import mean, survey_design
from evaltools.language import number as in_digits
from evaltools.local.blocks import (
    NOTHING,
    drawn,
    heading,
    how_many,
    indicators_block,
    own_table,
    parts,
    put_together,
    said_share,
    words,
)
from evaltools.local.counting import elements, of_lines, units, whole
from evaltools.local.joint import Fact
from evaltools.local.moments import month_of_week, month_text
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.weeks import by_month, by_week
from evaltools.present import number
from evaltools.present.charts import run_chart_figure, run_chart_panels
from evaltools.present.tables import Entry

_COUNTED: Final = (
    "r1_held", "r1_within_four_weeks", "r1_neutral_chair", "r1_child_present", "r1_private_share", "r1_plan_written",
    "r1_safety_plan", "r1_network_actions", "r1_three_months", "r1_actions_kept", "r1_fidelity_m1", "r1_fidelity_m3",
)  # fmt: skip
_SAID: Final = ("r1_held", "r1_neutral_chair", "r1_child_present", "r1_three_months")
_LEAST_PERIODS: Final = 10
"""A run chart of fewer periods can show no signal."""
_LEAST_PAIRS: Final = 2
Week = tuple[int, int]
"""An ISO year and week."""


def _says(local: Local) -> list[str]:
    said = [said_share(local, name) for name in _SAID]
    waits = [weeks for record in local.records if (weeks := whole(record.values, "waiting_weeks")) is not None]
    if waits and local.tally("r1_within_four_weeks").base == len(waits):
        said.insert(1, local.say("randers.wait", median=in_digits(median(waits), 0, local.language), n=len(waits)))
    return said


def _shows(local: Local) -> list[Block]:
    shown: list[Block] = [indicators_block(local, _COUNTED, local.say("randers.indicators"))]
    shown += [heading(local.say("randers.more")), *_led_to(local), *_elements(local)]
    shown += [*_scales(local), *_over_time(local), *_teams(local)]
    return shown


def _over_time(local: Local) -> Iterator[Block]:
    """Meetings held: inside the municipality per ISO week and by team, for publication per month in all teams."""
    held = {record.line: week for record in local.records if (week := _week(record.values)) is not None}
    yield from (_by_week if local.internal else _by_month)(local, held)


def _by_week(local: Local, held: Mapping[int, Week]) -> Iterator[Block]:
    """All teams, then each that held a meeting, one below the other."""
    title, every = local.say("randers.chart_week"), by_week(held.values())
    if len(every) >= _LEAST_PERIODS:
        team = {record.line: record.values.get("team") for record in local.records}
        lines = {
            label: [week for line, week in held.items() if team[line] == code] for label, code in _team_names(local)
        }
        tables = {label: by_week(weeks, held.values()) for label, weeks in lines.items() if weeks}
        groups = {local.say("randers.all_teams"): every, **tables}
        charts = {label: local.released(_run_chart(local, table_)) for label, table_ in groups.items()}
        yield drawn(local, "meetings", title, partial(run_chart_panels, charts, language=local.language))


def _by_month(local: Local, held: Mapping[int, Week]) -> Iterator[Block]:
    """The months that may be told, where those are most of them."""
    months = {line: month_of_week(*week) or 0 for line, week in held.items()}
    table_, title = by_month(months.values()), local.say("randers.chart_month")
    if len(table_) < _LEAST_PERIODS:
        return
    of_month = [of_lines(line for line in months if month_text(months[line]) == at) for at in table_["at"]]
    facts = [Fact(each, of_lines(months), "count") for each in of_month]
    made = _run_chart(local, table_)
    kept = local.released(made).hidden
    told = [(place not in kept or bool(fact.secrets)) and local.may_tell(fact) for place, fact in enumerate(facts)]
    chart = local.released(made, told=told)
    if 2 * len(chart.hidden) < len(table_):
        yield drawn(local, "meetings", title, partial(run_chart_figure, chart, language=local.language))
    else:
        yield Paragraph(words(local.say("not_drawn", title=title)))


def _run_chart(local: Local, table_: pd.DataFrame) -> Curve:
    made = counts(
        table_,
        at="at",
        count="count",
        about=local.say("randers.held"),
        unit="meeting",
        confidentiality=local.kept_by("families"),
        origin=local.file.origin,
        language=local.language,
    )
    return run_chart(made)


def _team_names(local: Local) -> list[tuple[str, str]]:
    """The teams in words, and their codes."""
    codelist = local.file.questionnaire.item_by_name["team"].codelist
    return [(each.label.to(local.language), each.code) for each in (codelist.categories if codelist else ())]


def _teams(local: Local) -> Iterator[Block]:
    """Meetings held by team, of those that the team had asked for; for publication with small teams put together."""
    facts: dict[str, Fact] = {}
    for label, code in _team_names(local):
        asked = [record for record in local.records if record.values.get("team") == code]
        facts[label] = Fact(units(record for record in asked if record.values.get("held") == "1"), units(asked))
    if not local.internal:
        facts = put_together(facts, local.say("and"))
    if told := parts(local, facts):
        yield Paragraph(words(local.say("randers.teams", parts=told)))


def _week(values: Answers) -> Week | None:
    year, week = whole(values, "held_year"), whole(values, "held_week")
    if year is None or week is None or month_of_week(year, week) is None:
        return None
    return year, week


def _scales(local: Local) -> Iterator[Block]:
    """The scale before and after by role, over meetings with both, with the interval of the mean change."""
    item = local.file.questionnaire.item_by_name["scale_before"]
    rows = [line for row in item.rows if (line := _scale_line(local, row.name, row.label.to(local.language)))]
    if rows:
        columns = ("role", "before", "after", "change", "interval", "pairs", "unpaired")
        header = [local.say(f"column.{name}") for name in columns]
        yield own_table(local, "randers.scales", header, rows, widths=(1.6, 1.0, 1.0, 1.0, 1.7, 1.2, 1.4))


def _scale_line(local: Local, role: str, label: str) -> list[Entry]:
    """One role: means of the pairs, their change, how many pairs, and meetings with one of the two only."""
    names = (f"scale_before_{role}", f"scale_after_{role}")
    given = {record.line: [whole(record.values, name) for name in names] for record in local.records}
    both = {line: pair for line, pair in given.items() if None not in pair}
    if len(both) < _LEAST_PAIRS:
        return []
    frame = pd.DataFrame(list(both.values()), columns=["before", "after"], dtype=float)
    frame["change"] = frame["after"] - frame["before"]
    means = mean(survey_design(frame), ["before", "after", "change"])
    told = local.may_tell(Fact(of_lines(both), of_lines(both), "count"))
    released = local.released(means, "families", told=told)
    before, after, change = (
        number(released, label=f"{label}, {name}", language=local.language, item=name)
        for name in ("before", "after", "change")
    )
    alone = of_lines(line for line, pair in given.items() if pair.count(None) == 1)
    limits: Entry = (change, "limits") if "limits" in change.shown else NOTHING
    return [label, before, after, change, limits, (change, "n"), how_many(local, alone)]


def _elements(local: Local) -> Iterator[Block]:
    """How often each core element was there, of the meetings that were asked about it."""
    for grid in ("core_m1", "core_m3"):
        item = local.file.questionnaire.item_by_name[grid]
        facts = {row.label.to(local.language): elements(grid, local.records, row.name) for row in item.rows}
        if told := parts(local, facts):
            yield Paragraph(words(local.say(f"randers.{grid}", parts=told)))


def _led_to(local: Local) -> Iterator[Block]:
    """What the meetings led to, of those where that is known; several things may be true of one meeting."""
    codelist = local.file.questionnaire.item_by_name["led_to"].codelist
    chosen = {record.line: value for record in local.records if isinstance(value := record.values.get("led_to"), tuple)}
    known = of_lines(chosen)
    facts = {
        category.label.to(local.language): Fact(
            of_lines(line for line, value in chosen.items() if category.code in value), known
        )
        for category in (codelist.categories if codelist is not None else ())
    }
    if told := parts(local, facts):
        yield Paragraph(words(local.say("randers.led_to", parts=told)))


RANDERS: Final = System("randers", "network_meeting", _COUNTED, _says, _shows)
