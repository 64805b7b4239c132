"""Cookies, tokens of forms, and whether a post comes from our own pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from evaltools.web.security.cookies import Cookies
from evaltools.web.security.csrf import form_token, is_form_token
from evaltools.web.security.origin import is_from_here


@given(st.text(), st.text())
def test_a_token_is_good_for_its_own_session_only(one: str, other: str) -> None:
    token = form_token("session " + one)
    assert is_form_token(token, "session " + one)
    assert is_form_token(token, "session " + other) is (one == other)


@given(st.text())
def test_no_other_text_is_a_token(text: str) -> None:
    assert not is_form_token(text, "session")
    assert not is_form_token(text, "")


def test_a_token_has_other_characters_on_each_page() -> None:
    assert len({form_token("session") for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"origin": "http://h:8000"}, True),
        ({"origin": "https://H:8000"}, True),
        ({"origin": "null"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://h:8000", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://h:8000", "sec-fetch-site": "same-site"}, False),
        ({"origin": "http://h:8001"}, False),
        ({"origin": "http://evil"}, False),
        ({"origin": "http://[bad"}, False),
    ],
)
def test_a_post_from_another_site_is_known_by_what_the_browser_says(headers: dict[str, str], expected: bool) -> None:
    assert is_from_here({"host": "h:8000"} | headers) is expected


@pytest.mark.parametrize(
    ("behind_tls", "expected"),
    [
        (True, "__Host-evaltools=v; HttpOnly; Max-Age=60; Path=/; SameSite=lax; Secure"),
        (False, "evaltools=v; HttpOnly; Max-Age=60; Path=/; SameSite=lax"),
    ],
)
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(behind_tls: bool, expected: str) -> None:
    response = Response()
    Cookies(behind_tls).give(response, "answering", "v", seconds=60)
    assert response.headers["set-cookie"] == expected
