"""Who answers, how far they come and when: units of a survey, and keepers of a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.rehearsal.chance import Chance, even, share_of
from evaltools.rehearsal.drivers import predict
from evaltools.rehearsal.model import SurveySettings
from evaltools.schema.model import Questionnaire
from evaltools.store import Disposition, Unit

NONRESPONSE: Final = (0.20, 0.35)
"""The least and the largest share of units that do not submit."""

_PARTIAL: Final = 0.30
_REFUSED: Final = 0.45
_DAYS_OPEN: Final = 45
_MAKES_A_DRAFT: Final = 0.2


@dataclass(frozen=True, slots=True)
class Turn:
    """What one unit does in one wave: how far it comes, whether it saves a draft first, and when."""

    disposition: Disposition
    drafts_first: bool
    draft_at: dt.datetime
    at: dt.datetime


def turnout(
    questionnaire: Questionnaire, settings: SurveySettings, units: Sequence[Unit], wave: int, seed: int
) -> Mapping[str, Turn]:
    """What each unit does, by code. The share that does not submit lies within `NONRESPONSE`.

    A turnout outside of it is drawn again, which hardly changes how region and size tell on response.
    """
    for attempt in range(100):
        found = {
            unit.code: _turn(
                questionnaire,
                settings,
                unit,
                wave,
                Chance(seed, unit.code, questionnaire.wave, settings.panel),
                attempt,
            )
            for unit in units
        }
        absent = sum(turn.disposition != "submitted" for turn in found.values()) / len(found)
        if NONRESPONSE[0] <= absent <= NONRESPONSE[1]:
            break
    return found


def _turn(
    questionnaire: Questionnaire, settings: SurveySettings, unit: Unit, wave: int, chance: Chance, attempt: int
) -> Turn:
    submits = chance.tied("response", attempt) < share_of(predict(settings.response, unit.frame, wave, {}))
    instead = chance.even("instead of an answer")
    otherwise: Disposition = "partial" if instead < _PARTIAL else "refused" if instead < _REFUSED else "no_answer"
    at = moment_of(questionnaire, chance.even("arrival"))
    draft_at = at - dt.timedelta(hours=2 + 60 * chance.even("draft time"))
    return Turn("submitted" if submits else otherwise, chance.even("drafts first") < _MAKES_A_DRAFT, draft_at, at)


def moment_of(questionnaire: Questionnaire, share: float) -> dt.datetime:
    """A working moment in the weeks after 1 February of the year of answering; early ones are more common."""
    opened = dt.datetime(questionnaire.answer_year, 2, 4, 8, tzinfo=dt.UTC)
    minutes = int(share**1.3 * _DAYS_OPEN * 8 * 60)
    return opened + dt.timedelta(days=minutes // 480, minutes=minutes % 480)


def keepers(settings: SurveySettings, survey: str, units: Sequence[Unit], seed: int) -> Mapping[str, int]:
    """Which units keep a register, and how many records each."""
    least, most = settings.records
    chosen = sorted(units, key=lambda unit: even(seed, survey, "keeps a register", unit.code))[: settings.units]
    return {
        unit.code: least + int(even(seed, survey, "records", unit.code) * (most - least + 1))
        for unit in sorted(chosen, key=lambda unit: unit.code)
    }
