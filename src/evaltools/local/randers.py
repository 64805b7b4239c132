"""Randers: network meetings, from the request to the follow-up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Final

import pandas as pd

from evaltools.collect import Answers
from evaltools.document.model import Block, Paragraph
from evaltools.estimate.monitor import counts, run_chart
from evaltools.estimate.survey import mean, survey_design
from evaltools.language import number as in_digits
from evaltools.local.blocks import counted, drawn, few, heading, indicators_block, own_table, said_share, words
from evaltools.local.counting import whole
from evaltools.local.moments import month_of_week
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.weeks import by_month, by_week
from evaltools.present import number
from evaltools.present.charts import run_chart_figure
from evaltools.present.tables import Entry

_COUNTED: Final = (
    "r1_held", "r1_within_four_weeks", "r1_neutral_chair", "r1_child_present", "r1_private_share", "r1_plan_written",
    "r1_safety_plan", "r1_network_actions", "r1_three_months", "r1_actions_kept", "r1_fidelity_m1", "r1_fidelity_m3",
)  # fmt: skip
_SAID: Final = ("r1_held", "r1_neutral_chair", "r1_child_present", "r1_three_months")
_ANSWERED: Final = ("1", "2")
_LEAST_PERIODS: Final = 10
"""A run chart of fewer periods can show no signal."""
_LEAST_PAIRS: Final = 2


def _says(local: Local) -> list[str]:
    waits = [weeks for record in local.records if (weeks := whole(record.values, "waiting_weeks")) is not None]
    said = [said_share(local, name) for name in _SAID]
    if waits:
        said.insert(1, local.say("randers.wait", median=in_digits(median(waits), 0, local.language), n=len(waits)))
    return said


def _shows(local: Local) -> list[Block]:
    shown: list[Block] = [indicators_block(local, _COUNTED, local.say("randers.indicators"))]
    shown += [heading(local.say("randers.more")), *_scales(local), *_run_chart(local), *_teams(local)]
    shown += [*_elements(local), *_led_to(local)]
    return shown


def _run_chart(local: Local) -> Iterator[Block]:
    """Meetings held: inside the municipality per ISO week, for publication per month, where counts are larger."""
    weeks = [week for record in local.records if (week := _week(record.values)) is not None]
    table_ = by_week(weeks) if local.internal else by_month(filter(None, (month_of_week(*week) for week in weeks)))
    if len(table_) < _LEAST_PERIODS:
        return
    made = counts(
        table_,
        at="at",
        count="count",
        about=local.say("randers.held"),
        confidentiality=local.kept_by("families"),
        origin=local.file.origin,
        language=local.language,
    )
    title = local.say("randers.chart_week" if local.internal else "randers.chart_month")
    chart = partial(run_chart_figure, local.released(run_chart(made)), language=local.language)
    yield drawn(local, "meetings", title, chart)


def _teams(local: Local) -> Iterator[Block]:
    """Meetings held by team, of those that the team had asked for."""
    codelist = local.file.questionnaire.item_by_name["team"].codelist
    parts = []
    for category in codelist.categories if codelist is not None else ():
        held = [each.values.get("held") == "1" for each in local.records if each.values.get("team") == category.code]
        if held:
            parts.append(counted(local, category.label.to(local.language), held, "meeting"))
    if parts:
        yield Paragraph(words(local.say("randers.teams", parts="; ".join(parts))))


def _week(values: Answers) -> tuple[int, int] | None:
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
    both = [tuple(whole(record.values, name) for name in names) for record in local.records]
    pairs = [pair for pair in both if None not in pair]
    alone = sum(pair.count(None) == 1 for pair in both)
    if len(pairs) < _LEAST_PAIRS:
        return []
    frame = pd.DataFrame(pairs, columns=["before", "after"], dtype=float)
    frame["change"] = frame["after"] - frame["before"]
    means = mean(survey_design(frame), ["before", "after", "change"])
    released = local.released(means, "families")
    before, after, change = (
        number(released, label=f"{label}, {name}", language=local.language, item=name)
        for name in ("before", "after", "change")
    )
    return [label, before, after, change, (change, "limits"), (change, "n"), few(local, alone)]


def _elements(local: Local) -> Iterator[Block]:
    """How often each core element was there, of the meetings that were asked about it."""
    for item_name in ("core_m1", "core_m3"):
        item = local.file.questionnaire.item_by_name[item_name]
        answers = {}
        for row in item.rows:
            asked = [each.values.get(f"{item_name}_{row.name}") for each in local.records]
            if yes := [answer == "1" for answer in asked if answer in _ANSWERED]:
                answers[row.label.to(local.language)] = yes
        if answers:
            parts = "; ".join(counted(local, label, yes, "meeting") for label, yes in answers.items())
            yield Paragraph(words(local.say(f"randers.{item_name}", parts=parts)))


def _led_to(local: Local) -> Iterator[Block]:
    """What the meetings led to, of those where that is known; several things may be true of one meeting."""
    codelist = local.file.questionnaire.item_by_name["led_to"].codelist
    known = [value for record in local.records if isinstance(value := record.values.get("led_to"), tuple)]
    if codelist is not None and known:
        parts = "; ".join(
            counted(local, category.label.to(local.language), [category.code in value for value in known], "meeting")
            for category in codelist.categories
        )
        yield Paragraph(words(local.say("randers.led_to", parts=parts)))


RANDERS: Final = System("randers", "network_meeting", _COUNTED, _says, _shows)
