"""How far the questions are answered, section by section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evaltools.collect import Answers, complete
from evaltools.schema import Missing, Questionnaire, fields


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """Fields answered of the fields asked in one section, over all responses begun. An answer may be "don't know"."""

    section: str
    answered: int
    asked: int

    @property
    def share(self) -> float:
        """Answered of asked, 0-1; 0 where nobody was asked."""
        return self.answered / self.asked if self.asked else 0.0


def section_progress(questionnaire: Questionnaire, responses: Iterable[Answers]) -> tuple[SectionProgress, ...]:
    """For each section, how many of the fields asked have an answer; computed fields do not count.

    responses : the answers of each response that was begun, by field name.
    """
    section_of = {field.name: field.item.section for field in fields(questionnaire) if field.kind != "computed"}
    asked = dict.fromkeys((section.name for section in questionnaire.sections), 0)
    answered = dict(asked)
    for answers in responses:
        for name, value in complete(questionnaire, answers).items():
            if name in section_of and value != Missing.NOT_ASKED:
                asked[section_of[name]] += 1
                answered[section_of[name]] += value != Missing.NOT_ANSWERED
    return tuple(SectionProgress(name, answered[name], count) for name, count in asked.items())
