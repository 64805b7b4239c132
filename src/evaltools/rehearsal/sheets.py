"""One made-up sheet of answers per unit or record, before it is sent in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaltools.collect import Answers, value_to_json
from evaltools.rehearsal.answering import Respondent, answer
from evaltools.rehearsal.chance import Chance
from evaltools.rehearsal.model import SurveySettings
from evaltools.rehearsal.settings import read_texts
from evaltools.rehearsal.turnout import keepers, moment_of, turnout
from evaltools.schema.model import Questionnaire
from evaltools.store import Disposition, Submission, Unit

_STAYS_A_DRAFT = 0.05


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one unit (or record), how far it comes with them, and when."""

    unit: str
    record: str
    actor: str
    disposition: Disposition
    answers: Answers
    at: dt.datetime
    draft_at: dt.datetime | None = None

    def arrivals(self, questionnaire: Questionnaire) -> Iterator[tuple[Submission, dt.datetime]]:
        """What is sent in: perhaps a draft of the first half, then the whole."""
        if self.disposition == "partial":
            yield self._submission(questionnaire, self._first_part(), submit=False), self.at
        if self.disposition == "submitted":
            if self.draft_at is not None:
                yield self._submission(questionnaire, self._first_part(), submit=False), self.draft_at
            yield self._submission(questionnaire, self.answers, submit=True), self.at

    def _first_part(self) -> Answers:
        names = list(self.answers)
        return {name: self.answers[name] for name in names[: 1 + len(names) // 2]}

    def _submission(self, questionnaire: Questionnaire, answers: Answers, *, submit: bool) -> Submission:
        return Submission(
            survey=questionnaire.survey,
            wave=questionnaire.wave,
            unit=self.unit,
            answers={name: value_to_json(value) for name, value in answers.items()},
            record=self.record,
            actor=self.actor,
            channel="form",
            base_version=0,
            submit=submit,
        )


def unit_sheets(
    questionnaire: Questionnaire,
    settings: SurveySettings,
    units: Sequence[Unit],
    wave: int,
    seed: int,
    last: Mapping[str, Answers],
) -> Iterator[Sheet]:
    """One sheet per unit that does anything at all. wave : 0 for the first; last : answers of the wave before."""
    texts = read_texts()
    turns = turnout(questionnaire, settings, units, wave, seed)
    for unit in units:
        turn = turns[unit.code]
        if turn.disposition == "no_answer":
            continue
        answers: Answers = {}
        if turn.disposition in ("submitted", "partial"):
            chance = Chance(seed, unit.code, questionnaire.wave, settings.panel)
            respondent = Respondent(unit.frame, chance, wave, last.get(unit.code, {}))
            answers = answer(questionnaire, settings, respondent, texts)
        draft_at = turn.draft_at if turn.drafts_first else None
        actor = texts["actor"].format(unit=unit.name)
        yield Sheet(unit.code, "", actor, turn.disposition, answers, turn.at, draft_at)


def record_sheets(
    questionnaire: Questionnaire, settings: SurveySettings, units: Sequence[Unit], seed: int
) -> Iterator[Sheet]:
    """The records of the units that keep this register."""
    texts = read_texts()
    records = keepers(settings, questionnaire.survey, units, seed)
    for unit in units:
        for number in range(1, records.get(unit.code, 0) + 1):
            record = f"r{number:03d}"
            chance = Chance(seed, unit.code, f"{questionnaire.id} {record}", settings.likeness)
            answers = answer(questionnaire, settings, Respondent(unit.frame, chance, number - 1, {}), texts)
            is_draft = chance.even("stays a draft") < _STAYS_A_DRAFT
            at = moment_of(questionnaire, chance.even("arrival"))
            actor = texts["actor"].format(unit=unit.name)
            yield Sheet(unit.code, record, actor, "partial" if is_draft else "submitted", answers, at)
