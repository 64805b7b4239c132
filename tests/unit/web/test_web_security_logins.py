"""The login of operators under attack: guessing, keeping somebody out, sessions left behind."""

from __future__ import annotations

import datetime as dt
import threading

import httpx
import pytest

from evaltools.store import add_operator, find_operator
from evaltools.web.security.logins import new_logins
from form_server import Served
from form_visitor import Visitor

PASSWORD = "fire heste i regnvejr"


@pytest.fixture
def operated(served: Served) -> Served:
    add_operator(served.store, "Anna", PASSWORD, at=served.clock())
    return served


def _try(client: httpx.Client, password: str, name: str = "Anna") -> int:
    return client.post("/status/log-ind", data={"name": name, "password": password}).status_code


def _logged_in(served: Served, address: str = "127.0.0.1") -> Visitor:
    visitor = Visitor(served.client(address))
    assert _try(visitor.client, PASSWORD) == 303
    return visitor


def test_one_address_may_guess_ten_times_in_a_quarter(operated: Served) -> None:
    client = operated.client("10.0.0.1")
    assert [_try(client, f"forkert {n}") for n in range(11)] == [401] * 10 + [429]
    assert _try(client, PASSWORD) == 429
    operated.clock.pass_by(minutes=16)
    assert _try(client, PASSWORD) == 303


def test_whoever_guesses_at_a_name_does_not_keep_its_owner_out() -> None:
    logins = new_logins(10, lambda: 0.0)
    assert logins.attempt("Anna", "10.0.0.1", lambda: "in") == "in"
    for guess in range(100):
        logins.attempt("Anna", f"10.1.0.{guess}", lambda: "")
    for address in ("10.2.0.1", "10.2.0.2"):
        assert logins.attempt("Anna", address, lambda: "in") is None
    assert logins.attempt("Anna", "10.0.0.1", lambda: "in") == "in"


def test_a_try_counts_before_its_password_is_looked_at() -> None:
    logins, looked, wait = new_logins(2, lambda: 0.0), threading.Semaphore(0), threading.Event()

    def slow() -> str:
        looked.release()
        wait.wait(5)
        raise ValueError

    def tried() -> None:
        with pytest.raises(ValueError, match=r"^$"):
            logins.attempt("Anna", "10.0.0.1", slow)

    threads = [threading.Thread(target=tried) for _ in range(2)]
    for each in threads:
        each.start()
        assert looked.acquire(timeout=5)
    wait.set()
    assert logins.attempt("Anna", "10.0.0.1", slow) is None
    for each in threads:
        each.join()


def test_no_more_than_two_passwords_are_looked_at_together() -> None:
    logins = new_logins(10, lambda: 0.0)

    def third() -> str:
        given = logins.attempt("c", "10.0.0.3", lambda: "third")
        return "waits" if given is None else given

    def second() -> str:
        return str(logins.attempt("b", "10.0.0.2", third))

    assert logins.attempt("a", "10.0.0.1", second) == "waits"


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(operated: Served) -> None:
    client = operated.client()
    pages = [
        client.post("/status/log-ind", data={"name": name, "password": "forkert kode her"}).text.replace(name, "NAVN")
        for name in ("Anna", "Bent")
    ]
    assert pages[0] == pages[1]


def test_a_login_gives_a_new_session_and_ends_the_one_before(operated: Served) -> None:
    visitor = _logged_in(operated)
    first = visitor.client.cookies["evaltools-operator"]
    assert _try(visitor.client, PASSWORD) == 303
    second = visitor.client.cookies["evaltools-operator"]
    assert first != second
    assert find_operator(operated.store, first, at=operated.clock()) is None


def test_logging_out_ends_the_session_on_the_server_and_clears_what_the_browser_kept(operated: Served) -> None:
    visitor = _logged_in(operated)
    cookie = visitor.client.cookies["evaltools-operator"]
    page = visitor.open("/status")
    form = next(one for one in page.forms if one.action.endswith("log-ud"))
    left = visitor.client.post(form.action, data=dict(form.posted({})))
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert find_operator(operated.store, cookie, at=operated.clock()) is None
    assert visitor.open("/status").url.endswith("log-ind")


def test_the_board_is_shown_to_nobody_without_a_login(operated: Served) -> None:
    for client in (operated.client(), operated.visitor().client):
        for path in ("/status", "/status/tiny/2018"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/status/log-ind")


def test_an_operator_who_was_idle_stays_out_when_the_server_starts_again(operated: Served) -> None:
    visitor = _logged_in(operated)
    cookie = visitor.client.cookies["evaltools-operator"]
    operated.clock.pass_by(hours=2.1)
    assert visitor.open("/status").url.endswith("log-ind")
    assert find_operator(operated.store, cookie, at=operated.clock() - dt.timedelta(hours=1)) is None


def test_a_post_to_the_board_needs_the_token_of_its_page(operated: Served) -> None:
    visitor = _logged_in(operated)
    assert visitor.client.post("/status/log-ud", data={"csrf": "x"}).status_code == 403
    assert visitor.open("/status").status == 200


def test_nobody_can_log_in_where_no_operator_was_made(served: Served) -> None:
    for name in ("admin", "root", "operator", ""):
        assert _try(served.client(), "password", name) == 401
