"""Whole annexes from a questionnaire: its sections, its questions, and the answers to each."""

from __future__ import annotations

from evaltools.dataset import Dataset
from evaltools.estimate import Design
from evaltools.notebook.loading import plan_of_build
from evaltools.present import questions, reporting
from evaltools.present.model import TableExhibit
from evaltools.schema.model import Section


def sections(data: Dataset) -> tuple[Section, ...]:
    """The sections of the questionnaire that the data answer, in order; each has `name`, `title` and `items`.

    data : from `load`. Returns the sections as they are asked. Raises nothing.
    """
    return data.questionnaire.sections


def question_table(data: Dataset, section: Section) -> TableExhibit:
    """One section of the questionnaire as a table; see `present.questions`.

    data : from `load`. section : one of `sections(data)`. Returns a table without numbers. Raises nothing.
    """
    return questions.question_table(data.questionnaire, section)


def section_tables(design: Design, section: Section) -> tuple[tuple[str, TableExhibit], ...]:
    """The answers to all items of a section, as pairs of a name and a table; see `present.reporting`.

    design : of the data. section : one of `sections(data)`. Returns names and tables. Raises what `release` does.
    """
    return reporting.section_tables(design, section, plan=plan_of_build())
