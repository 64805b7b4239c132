"""A questionnaire with every kind of item, for tests of what happens to an answer."""

from functools import cache
from pathlib import Path

from evaltools.schema import Questionnaire, read_survey

ROOT = Path(__file__).parent / "unit" / "collect" / "data"


@cache
def every_kind() -> Questionnaire:
    return read_survey(ROOT / "surveys" / "every_kind" / "2018")
