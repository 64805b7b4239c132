"""Who is signed in, who may end whose session, and passwords of operators."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from starlette.requests import Request

from evaltools.cli import main
from evaltools.errors import SettingsError, StoreError
from evaltools.store import (
    Store,
    add_operator,
    begin_operator,
    change_password,
    end_session,
    find_operator,
    open_sessions,
    remove_operator,
    session_named,
    verify_store,
)
from evaltools.web import doors
from evaltools.web.passwords import refuse_guessable
from evaltools.web.visit import Visit, read_visit
from form_server import Served
from form_visitor import Seen, Visitor

PASSWORD = "fire heste i regnvejr"
NEW = "grå måger over kajen 7"


def _end(visitor: Visitor, page: Seen, number: int | None) -> Seen:
    """Press the button of one of the sessions on the page, or the one for all others."""
    forms = [one for one in page.forms if one.action.endswith("/log-af")]
    return visitor.press(page, forms[-1 if number is None else number], {})


def test_the_leader_sees_who_is_signed_in_and_ends_one_session(served: Served) -> None:
    leader, colleague = served.visitor(), served.visitor(role="colleague", person="Per Bo", sections=("main",))
    page = leader.open("/besvar/kolleger")
    assert "Per Bo loggede på" in page.words
    assert _end(leader, page, 0).status == 200
    assert colleague.open("/besvar").status == 401
    assert leader.open("/besvar").status == 200


def test_one_signs_out_everywhere_else_with_one_button(served: Served) -> None:
    link = served.link()
    first, second, third = (served.come_in(link) for _ in range(3))
    _end(third, third.open("/besvar/kolleger"), None)
    assert [one.open("/besvar").status for one in (first, second, third)] == [401, 401, 200]


def test_a_colleague_sees_and_ends_the_sessions_of_their_own_link_only(served: Served) -> None:
    leader, colleague = served.visitor(), served.visitor(role="colleague", person="Per Bo", sections=("main",))
    page = colleague.open("/besvar/kolleger")
    assert "Lene Holm loggede på" not in page.words
    csrf = str(page.tree.xpath("string(//input[@name='csrf']/@value)"))
    for name in (session_named(leader.client.cookies["evaltools"]), ""):
        colleague.client.post("/besvar/kolleger/log-af", data={"csrf": csrf, "visit": name})
    assert leader.open("/besvar").status == 200


def test_no_session_of_another_municipality_is_seen_or_ended(served: Served) -> None:
    other, leader = served.visitor("0751", person="Ida Krogh"), served.visitor()
    page = leader.open("/besvar/kolleger")
    assert "Ida Krogh" not in page.words
    csrf = str(page.tree.xpath("string(//input[@name='csrf']/@value)"))
    name = session_named(other.client.cookies["evaltools"])
    assert leader.client.post("/besvar/kolleger/log-af", data={"csrf": csrf, "visit": name}).status_code == 303
    assert other.open("/besvar").status == 200


def test_the_name_of_a_session_opens_nothing(served: Served) -> None:
    served.visitor()
    for name in open_sessions(served.store, *served.wave, "0101", at=served.clock()):
        client = served.client()
        client.cookies.set("evaltools", name)
        assert client.get("/besvar").status_code == 401


def test_every_page_behind_a_link_or_a_login_has_a_button_to_leave(served: Served) -> None:
    add_operator(served.store, "Anna", PASSWORD, at=served.clock())
    visitor = served.visitor()
    for path in ("/besvar", "/besvar/main", "/besvar/tjek", "/besvar/kolleger", "/besvar/deltager-ikke"):
        assert any(one.action.endswith("/besvar/afslut") for one in visitor.open(path).forms), path
    operator = Visitor(served.client())
    operator.client.post("/status/log-ind", data={"name": "Anna", "password": PASSWORD})
    for path in ("/status", "/status/adgangskode"):
        assert any(one.action.endswith("/status/log-ud") for one in operator.open(path).forms), path


def test_coming_in_gives_a_new_cookie_and_ends_the_session_before(served: Served) -> None:
    link = served.link()
    visitor = served.come_in(link)
    before = visitor.client.cookies["evaltools"]
    visitor.client.post(link, data={"person": "Lene Holm"})
    assert visitor.client.cookies["evaltools"] != before
    stale = served.client()
    stale.cookies.set("evaltools", before)
    assert stale.get("/besvar").status_code == 401


def test_a_cookie_that_somebody_chose_for_another_opens_nothing_and_is_not_kept(served: Served) -> None:
    client = served.client()
    client.cookies.set("evaltools", "chosen-by-somebody-else")
    client.post(served.link(), data={"person": "Lene Holm"})
    client.cookies.clear()
    client.cookies.set("evaltools", "chosen-by-somebody-else")
    assert client.get("/besvar").status_code == 401


@pytest.fixture
def operator(served: Served) -> Visitor:
    add_operator(served.store, "Anna", PASSWORD, at=served.clock())
    visitor = Visitor(served.client())
    visitor.client.post("/status/log-ind", data={"name": "Anna", "password": PASSWORD})
    return visitor


def _change(visitor: Visitor, current: str, new: str, again: str | None = None) -> Seen:
    page = visitor.open("/status/adgangskode")
    filled = {"current": current, "new": new, "again": new if again is None else again}
    return visitor.press(page, page.form_with("current"), filled)


def test_a_password_is_changed_by_whoever_knows_the_current_one_and_ends_all_other_sessions(
    served: Served, operator: Visitor
) -> None:
    elsewhere = begin_operator(served.store, "Anna", PASSWORD, at=served.clock(), lasts=served.options.lasts)
    assert _change(operator, PASSWORD, NEW).url.endswith("/status")
    assert find_operator(served.store, elsewhere, at=served.clock()) is None
    assert operator.open("/status").url.endswith("/status")
    with pytest.raises(StoreError, match="LOGIN_REFUSED"):
        begin_operator(served.store, "Anna", PASSWORD, at=served.clock(), lasts=served.options.lasts)
    assert begin_operator(served.store, "Anna", NEW, at=served.clock(), lasts=served.options.lasts)


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [
        ("forkert kode her", NEW, None, "passer ikke"),
        (PASSWORD, NEW, "noget andet end det", "ikke ens"),
        (PASSWORD, "xq7 æ!pz", None, "Mindst 12 tegn"),
        (PASSWORD, "password1234", None, "let at gætte"),
    ],
)
def test_a_password_is_not_changed_to_a_bad_one_nor_without_the_current_one(
    operator: Visitor, current: str, new: str, again: str | None, told: str
) -> None:
    page = _change(operator, current, new, again)
    assert page.status == 422
    assert told in page.words
    assert page.title.startswith("Fejl:")
    assert _change(operator, PASSWORD, NEW).status == 200


def test_passwords_are_masked_and_may_be_pasted_and_filled_in_by_a_manager_at_any_length(operator: Visitor) -> None:
    for path in ("/status/adgangskode", "/status/log-ind"):
        for field in operator.open(path).tree.xpath("//input[contains(@autocomplete, 'password')]"):
            assert field.get("type") == "password"
            assert {"maxlength", "pattern", "readonly", "value"} & set(field.keys()) <= {"value"}
            assert field.get("value") in (None, "")


@pytest.mark.parametrize(
    "password", ["password1234", "qwertyuiop12", "111111111111", "annaannaanna", "kommune20182018"]
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(SettingsError, match="PASSWORD_WEAK"):
        refuse_guessable("Anna", password)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "KUN STORE BOGSTAVER HER",
        "74190283655027",
        "ø grå måger æder ål på kajen i regnvejr, mens vi venter på færgen til Anholt og Læsø igen",
        " 3 blanke gæs ",
    ],
)
def test_a_password_may_be_of_any_signs_and_is_taken_as_it_is(served: Served, password: str) -> None:
    refuse_guessable("Anna", password)
    add_operator(served.store, "Anna", password, at=served.clock())
    lasts, at = served.options.lasts, served.clock()
    assert begin_operator(served.store, "Anna", password, at=at, lasts=lasts)
    for other in (password.strip() + "x", password.swapcase() + " ", password[:72] + "y"):
        with pytest.raises(StoreError, match="LOGIN_REFUSED"):
            begin_operator(served.store, "Anna", other, at=at, lasts=lasts)


def test_an_operator_who_is_removed_is_out_at_once(served: Served, operator: Visitor) -> None:
    remove_operator(served.store, "Anna", at=served.clock())
    assert operator.open("/status").url.endswith("log-ind")
    assert verify_store(served.store) == ()
    with pytest.raises(StoreError, match="NO_SUCH_OPERATOR"):
        remove_operator(served.store, "Anna", at=served.clock())
    with pytest.raises(StoreError, match="LOGIN_REFUSED"):
        change_password(served.store, "Anna", PASSWORD, NEW, at=served.clock())


def test_the_command_refuses_a_guessable_password_and_removes_an_operator(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: list[str] = []
    ask: Callable[..., str] = lambda *_: typed[0]  # noqa: E731
    monkeypatch.setattr("getpass.getpass", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    words = ["access", "operator", "Bent", "--store", str(served.store.path)]
    typed[:] = ["password1234"]
    assert main(words) == 2
    assert "PASSWORD_WEAK" in capsys.readouterr().err
    typed[:] = [NEW]
    assert main(words) == 0
    assert begin_operator(served.store, "Bent", NEW, at=served.clock(), lasts=served.options.lasts)
    assert main([*words, "--remove"]) == 0
    with pytest.raises(StoreError, match="LOGIN_REFUSED"):
        begin_operator(served.store, "Bent", NEW, at=served.clock(), lasts=served.options.lasts)


def test_a_session_that_has_slept_is_ended_where_nobody_else_waits_for_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, loops, writers = served.visitor(), set[int](), set[int]()

    async def read(request: Request) -> Visit:
        loops.add(threading.get_ident())
        return await read_visit(request)

    def end(store: Store, cookie: str, *, at: dt.datetime) -> None:
        writers.add(threading.get_ident())
        end_session(store, cookie, at=at)

    monkeypatch.setattr(doors, "read_visit", read)
    monkeypatch.setattr(doors, "end_session", end)
    served.clock.pass_by(hours=3)
    assert visitor.open("/besvar").status == 401
    assert len(writers) == 1
    assert writers.isdisjoint(loops)
