"""What stands around a questionnaire, and a response that was submitted: what copies are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evaltools.collect.model import Answers


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What readers of a questionnaire must know besides its questions, in the language of the copy.

    made_on : the day of the copy. closes_on : the last day for answers, as a reader reads it. contact : whom to ask.
    privacy : the notice to those whose data are kept; paragraphs with blank lines between them.
    """

    made_on: dt.date
    closes_on: str = ""
    contact: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A response as it was submitted. `at` stands in the time zone that readers live in."""

    unit: str
    unit_name: str
    record: str
    version: int
    at: dt.datetime
    by: str
    channel: str
    content_sha256: str
    answers: Answers
