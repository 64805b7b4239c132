"""How far the questions are answered, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaltools.collect import Answers
from evaltools.schema import Asking, Questionnaire, answered_of, ask, fields


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """Fields answered of the fields asked in one section, over all responses begun."""

    section: str
    answered: int
    asked: int

    @property
    def share(self) -> float:
        """Answered of asked, 0-1; 0 where nobody was asked."""
        return self.answered / self.asked if self.asked else 0.0


def section_progress(questionnaire: Questionnaire, responses: Iterable[Answers]) -> tuple[SectionProgress, ...]:
    """For each section, how many of the fields that wait for an answer have one (`evaltools.schema.answered_of`).

    responses : the answers of each response that was begun, by field name; also `ref_...` and `last_...`.
    """
    askings = [ask(questionnaire, answers) for answers in responses]
    return tuple(_of_section(section.name, questionnaire, askings) for section in questionnaire.sections)


def _of_section(section: str, questionnaire: Questionnaire, askings: Sequence[Asking]) -> SectionProgress:
    own = [field for field in fields(questionnaire) if field.item.section == section]
    counts = [answered_of(own, asking) for asking in askings]
    return SectionProgress(section, sum(answered for answered, _ in counts), sum(asked for _, asked in counts))
