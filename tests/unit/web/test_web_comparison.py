"""`/sammenligning`: the finished page of the unit stands inside the form's own frame."""

from __future__ import annotations

from evaltools.sheets import make_sheets
from evaltools.store import Submission, receive, take_snapshot
from evaltools.web.static import address
from form_server import Served


def test_before_there_is_a_page_it_is_said_so_and_no_way_leads_to_it(served: Served) -> None:
    visitor = served.come_in(served.link())
    answer = visitor.open("/sammenligning")
    assert answer.status == 200
    assert "Sammenligning" not in answer.links


def test_the_finished_page_stands_in_the_frame_of_the_form_with_one_main_heading(served: Served) -> None:
    answers: dict[str, object] = {}
    survey, wave = served.wave
    receive(served.store, Submission(survey, wave, "0101", answers), language="da", at=served.clock())
    make_sheets(served.store, take_snapshot(served.store), at=served.clock())
    page = served.come_in(served.link()).open("/sammenligning")
    assert page.status == 200
    assert page.text.count("<h1>") == page.text.count("<main") == 1
    assert f'<link rel="stylesheet" href="{address("style.css")}">' in page.text
    assert "<h1>Sammenligning</h1>" in page.text
    assert "Sammenligning" in page.links
