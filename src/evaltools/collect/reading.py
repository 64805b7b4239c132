"""Raw input of any channel read into typed values, with a friendly problem for each that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from evaltools.collect.model import Reading
from evaltools.language import Language
from evaltools.schema.model import Questionnaire


def read_answers(q: Questionnaire, raw: Mapping[str, object], language: Language) -> Reading:
    """What was understood of raw input, and the problems of the rest."""
    raise NotImplementedError
