"""Which records are to be followed up, and when."""

from __future__ import annotations

from evaltools.web.form import follow_up_page, follows_up
from page_gallery import WHEN, followed_survey, records_to_follow
from page_values import municipal


def test_only_a_survey_that_asks_for_follow_ups_has_them() -> None:
    assert follows_up(followed_survey())
    assert not follows_up(municipal())


def test_what_is_missing_comes_first_and_what_has_ended_not_at_all() -> None:
    page = follow_up_page(followed_survey(), records_to_follow(), today=WHEN.date(), language="da")
    told = [(each.record, each.label, each.due, each.state) for each in page.follow_ups]
    assert told == [
        ("17-a", "3 måneder", "30. juni 2018", "overdue"),
        ("19", "3 måneder", "31. december 2018", "later"),
        ("18-b", "6 måneder", "28. februar 2019", "later"),
        ("20", "Det fremgår endnu ikke, hvornår forløbet begyndte.", "", "unknown"),
    ]
    assert (page.overdue, page.total) == ("Én opfølgning mangler.", 5)


def test_a_record_with_every_follow_up_is_done() -> None:
    done = {"start_month": "2010-01", "fu_1_at": "36"}
    record = records_to_follow()[0]
    page = follow_up_page(
        followed_survey(), [type(record)("1", "/besvar/post/1", done, True)], today=WHEN.date(), language="da"
    )
    assert page.follow_ups == ()
