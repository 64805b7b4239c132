"""Made-up courses end as their settings say: earlier at first, and none is seen before its register opened."""

import math
from collections import Counter

import pytest

from evaltools.rehearsal.chance import Chance
from evaltools.rehearsal.drawing_courses import draw_course, has_lasted
from evaltools.rehearsal.model import Course, Draw, ItemSettings
from evaltools.rehearsal.settings import read_settings
from evaltools.schema import Field, fields, read_survey
from evaltools.schema.model import Value

PLACEMENTS = read_survey("surveys/placement_followup/1")
FIELDS = {field.name: field for field in fields(PLACEMENTS)}
OF_COURSE = ItemSettings(course="stay")


def draw(number: int, begun: str) -> Draw:
    return Draw(PLACEMENTS, {}, 0, {"start_month": begun}, Chance(7, f"unit {number}"), {}, 0)


def drawn(name: str, course: Course, number: int, begun: str, settings: ItemSettings = OF_COURSE) -> Value | None:
    return draw_course(field(name), course, settings, draw(number, begun))


def field(name: str) -> Field:
    return FIELDS[name]


def months(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7])


def test_the_share_of_each_ending_is_that_of_competing_constant_hazards() -> None:
    # Two constant hazards, 1/20 and 1/60 a month: the first to come is the quicker one in three cases of four.
    course = Course("start_month", -600, 600, {"1": 20.0, "4": 60.0}, {})
    found = Counter(drawn("end_type", course, number, "1990-01") for number in range(2000))
    assert found["1"] / 2000 == pytest.approx(0.75, abs=0.035)
    assert set(found) <= {"1", "4"}


def test_a_shape_below_one_puts_most_endings_in_the_beginning() -> None:
    course = Course("start_month", -600, 600, {"4": 24.0}, {"4": 0.6})
    ends = [drawn("end_month", course, number, "1990-01") for number in range(1500)]
    lengths = [months(str(end)) - months("1990-01") for end in ends if end]
    within_a_year = sum(length < 12 for length in lengths) / 1500
    assert within_a_year == pytest.approx(1 - math.exp(-((12 / 24) ** 0.6)), abs=0.04)


def test_a_register_holds_nothing_that_had_ended_before_it_opened() -> None:
    course = Course("start_month", -24, 11, {"1": 10.0}, {})
    ends = [drawn("end_month", course, number, "2012-01") for number in range(300)]
    assert all(str(end) >= "2016-01" for end in ends if end)
    followed = drawn("followed_from", course, 1, "2012-01", ItemSettings(course="stay", follows=True))
    assert followed == "2016-01"


def test_status_month_and_kind_of_one_course_agree() -> None:
    course = read_settings("placement_followup").courses["placement"]
    status = ItemSettings(course="placement", going="1", gone="2")
    for number in range(200):
        over = drawn("status", course, number, "2017-05", status) == "2"
        assert (drawn("end_month", course, number, "2017-05") is not None) == over
        assert (drawn("end_type", course, number, "2017-05") is not None) == over


def test_the_latest_follow_up_is_one_that_the_placement_has_lasted() -> None:
    course = Course("start_month", -24, 11, {"1": 12.0}, {})
    latest = ItemSettings(course="stay", latest=True, weights={"3": 1, "6": 1, "12": 1})
    for number in range(100):
        code = drawn("fu_latest", course, number, "2017-06", latest)
        lasted = {months_: has_lasted(course, months_, draw(number, "2017-06")) for months_ in (3, 6, 12)}
        assert isinstance(code, str) == lasted[3]
        assert not isinstance(code, str) or lasted[int(code)]
