"""Read one wave of a survey: `read_survey` gives it complete and checked, or says everything that is wrong."""

from __future__ import annotations

from pathlib import Path

from evaltools.errors import SchemaError
from evaltools.schema.expand import expand
from evaltools.schema.model import Questionnaire
from evaltools.schema.resolve import resolve


def read_survey(path: str | Path) -> Questionnaire:
    """The questionnaire in a folder (its `questionnaire.yaml`) or file.

    :raises SchemaError: with all faults found, each with file, line and remedy
    """
    resolved = resolve(expand(Path(path)))
    if resolved.faults:
        raise SchemaError(*resolved.faults)
    return resolved.questionnaire
