"""The leaders' network on the rollout itself: what helped, what stood in the way, what stays; of how many leaders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from evaltools.document.model import Block, Paragraph
from evaltools.errors import DataError, Fault
from evaltools.estimate.survey import mean, survey_design
from evaltools.language import number as in_digits
from evaltools.language import percent
from evaltools.local.blocks import heading, indicators_block, own_table, part_of, said_share, words
from evaltools.local.counting import units, whole
from evaltools.local.joint import Fact
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.present import number
from evaltools.present.tables import Entry
from evaltools.schema.model import Category, Value

LEADERS_COUNT: Final = "leaders"
"""The amount of a file of assumptions that says how many leaders the network has."""
_COUNTED: Final = (
    "r6_fixed_part", "r6_sticks_m1", "r6_sticks_m2", "r6_sticks_m3", "r6_attended", "r6_changed", "r6_pathway",
    "r6_worth",
)  # fmt: skip
_SAID: Final = ("r6_worth", "r6_fixed_part", "r6_changed")
_HELP: Final = ("help_got", "help_useful")
_LEAST: Final = 2


def population_of(local: Local, municipalities: int) -> int:
    """How many leaders there are: what the file of assumptions says, otherwise one for each municipality.

    Raises `DataError` FEWER_LEADERS_THAN_ANSWERS.
    """
    given = local.assumed.amounts.get(LEADERS_COUNT)
    count = municipalities if given is None else round(given.value)
    if count < len(local.records):
        problem = f"{len(local.records)} answered, and there are {count} leaders"
        raise DataError(Fault("FEWER_LEADERS_THAN_ANSWERS", LEADERS_COUNT, problem, "Say how many leaders there are."))
    return count


def _says(local: Local) -> list[str]:
    answered, leaders = len(local.records), local.population
    digits = {"n": in_digits(answered, 0, local.language), "leaders": in_digits(leaders, 0, local.language)}
    rate_ = percent(answered / leaders, 0, local.language)
    given = local.assumed.amounts.get(LEADERS_COUNT)
    source = given.source if given is not None else local.say("leaders.all")
    said = [local.say("leaders.basis", share=rate_, source=source, **digits)]
    return [*said, *(said_share(local, name) for name in _SAID), *_meetings(local)]


def _meetings(local: Local) -> Iterator[str]:
    """How many meetings they attended on average, with the interval for the known number of leaders."""
    attended = [count for record in local.records if (count := whole(record.values, "meetings_attended")) is not None]
    if len(attended) < _LEAST:
        return
    frame = pd.DataFrame({"meetings": attended}, dtype=float)
    found = mean(survey_design(frame, population=local.population), "meetings")
    shown = number(local.released(found, "practice"), language=local.language)
    if shown.disclosure != "hidden":
        said = {"mean": shown.shown[""], "limits": shown.shown.get("limits", shown.shown[""])}
        yield local.say("leaders.meetings", n=in_digits(len(attended), 0, local.language), **said)


def _shows(local: Local) -> list[Block]:
    return [
        indicators_block(local, _COUNTED, local.say("leaders.indicators")),
        heading(local.say("leaders.more")),
        *_help(local),
        *_hindrances(local),
        Paragraph(words(local.say("leaders.words")), "note"),
    ]


def _help(local: Local) -> Iterator[Block]:
    """Help that was received, and what of it was of most use."""
    rows: list[list[Entry]] = [
        [one.label.to(local.language), *(_chosen(local, name, one.code) for name in _HELP)]
        for one in _categories(local, "help_got")
    ]
    rows.append([local.say("column.missing"), *(_missing(local, name) for name in _HELP)])
    header = [local.say(f"column.{name}") for name in ("help", *_HELP)]
    yield own_table(local, "leaders.help", header, rows, widths=(3.0, 1.5, 1.5))


def _hindrances(local: Local) -> Iterator[Block]:
    """What stood most in the way."""
    rows: list[list[Entry]] = [
        [one.label.to(local.language), _chosen(local, "hindrances", one.code)]
        for one in _categories(local, "hindrances")
    ]
    rows.append([local.say("column.missing"), _missing(local, "hindrances")])
    header = [local.say("column.hindrance"), local.say("column.named")]
    yield own_table(local, "leaders.hindrances", header, rows, widths=(3.0, 1.5))


def _chosen(local: Local, name: str, code: str) -> str:
    """How many chose one of several answers, of those who answered."""
    known = [record for record in local.records if isinstance(record.values.get(name), tuple)]
    chose = units(record for record in known if code in _of(record.values[name]))
    return part_of(local, Fact(chose, units(known), kept="municipalities"))


def _missing(local: Local, name: str) -> str:
    """How many left a question open."""
    count = sum(not isinstance(record.values.get(name), tuple) for record in local.records)
    return in_digits(count, 0, local.language)


def _of(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _categories(local: Local, name: str) -> tuple[Category, ...]:
    codelist = local.file.questionnaire.item_by_name[name].codelist
    return codelist.categories if codelist is not None else ()


LEADERS: Final = System("leaders", "leaders_network", _COUNTED, _says, _shows, together=True, assumes=(LEADERS_COUNT,))
