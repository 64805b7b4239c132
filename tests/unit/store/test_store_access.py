"""Links, sessions and operators: who comes in, and who does not any more."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from evaltools.errors import StoreError
from evaltools.store import (
    Grant,
    NewGrant,
    Store,
    add_operator,
    begin_operator,
    begin_session,
    change_fieldwork,
    end_operator,
    end_session,
    erase_person,
    fieldwork_of,
    find_grant,
    find_operator,
    find_session,
    grants,
    make_grant,
    replace_grant,
    revoke_grant,
    verify_store,
)
from evaltools.store.handle import reading
from evaltools.store.tables import OPERATORS
from tiny_survey import LATER, WHEN

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PASSWORD = "fire heste i regnvejr"


def wanted(**changed: Any) -> NewGrant:
    about: dict[str, Any] = {"survey": "tiny", "wave": "2018", "unit": "København", "role": "leader", "holder": "Ida"}
    return NewGrant(**{**about, "expires_at": WHEN + 30 * DAY, "made_by": "Anna", **changed})


def let_in(store: Store, **changed: Any) -> tuple[Grant, str]:
    return make_grant(store, wanted(**changed), at=WHEN)


def code_of(action: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(StoreError) as caught:
        action(*arguments, **more)
    assert caught.value.faults[0].remedy
    return caught.value.code


def test_a_link_is_found_by_its_token_and_the_token_itself_is_nowhere_in_the_store(store: Store) -> None:
    grant, token = let_in(store)
    assert (grant.unit, grant.holder, grant.made_by) == ("0101", "Ida", "Anna")
    assert grant.scopes == ("read", "draft", "submit")
    assert len(token) >= 43
    assert find_grant(store, token, at=LATER) == grant
    assert find_grant(store, token[:-1], at=LATER) is None
    store.close()
    assert all(token.encode() not in file.read_bytes() for file in store.path.parent.glob("answers.db*"))


def test_looking_at_a_link_changes_nothing(store: Store) -> None:
    _, token = let_in(store)
    with reading(store) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM journal").scalar()
    find_grant(store, token, at=LATER)
    with reading(store) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar() == before
    assert grants(store, "tiny", "2018", "0101")[0].opened_at is None


def test_a_link_is_exchanged_for_a_session_that_names_the_person(store: Store) -> None:
    grant, token = let_in(store)
    session, cookie = begin_session(store, token, "Ida Holm", at=LATER, lasts=HOUR)
    assert (session.person, session.ends_at) == ("Ida Holm", LATER + HOUR)
    assert session.grant.opened_at == LATER
    assert find_session(store, cookie, at=LATER) == session
    assert find_session(store, token, at=LATER) is None
    assert find_session(store, cookie, at=LATER + HOUR) is None
    end_session(store, cookie, at=LATER)
    assert find_session(store, cookie, at=LATER) is None
    assert find_grant(store, token, at=LATER) is not None
    assert grants(store, "tiny", "2018", "0101")[0].id == grant.id
    assert verify_store(store) == ()


def test_a_link_may_be_exchanged_again_unless_the_wave_says_once(store: Store) -> None:
    _, token = let_in(store)
    begin_session(store, token, "Ida", at=WHEN, lasts=HOUR)
    begin_session(store, token, "Ida", at=LATER, lasts=HOUR)
    settings = fieldwork_of(store, "tiny", "2018")
    once = type(settings)(keep_until=settings.keep_until, link_uses="once")
    change_fieldwork(store, "tiny", "2018", once, at=LATER)
    assert code_of(begin_session, store, token, "Ida", at=LATER, lasts=HOUR) == "LINK_USED"


def test_a_revoked_link_ends_its_sessions_at_once_and_a_second_time_changes_nothing(store: Store) -> None:
    grant, token = let_in(store)
    _, cookie = begin_session(store, token, "Ida", at=WHEN, lasts=DAY)
    revoke_grant(store, grant.id, at=LATER, by="Anna")
    revoke_grant(store, grant.id, at=LATER + DAY, by="Anna")
    assert grants(store, "tiny", "2018")[0].revoked_at == LATER
    assert find_grant(store, token, at=LATER) is None
    assert find_session(store, cookie, at=LATER) is None
    assert code_of(begin_session, store, token, "Ida", at=LATER, lasts=HOUR) == "LINK_NOT_VALID"
    assert verify_store(store) == ()


def test_a_lost_link_is_replaced_for_the_same_person_or_a_new_leader(store: Store) -> None:
    grant, lost = let_in(store)
    _, cookie = begin_session(store, lost, "Ida", at=WHEN, lasts=DAY)
    again, token = replace_grant(store, grant.id, at=LATER, by="Anna", holder="Bo")
    assert (again.holder, again.unit, again.expires_at) == ("Bo", "0101", LATER + 30 * DAY)
    assert find_session(store, cookie, at=LATER) is None
    assert find_grant(store, lost, at=LATER) is None
    assert find_grant(store, token, at=LATER) == again
    assert code_of(replace_grant, store, "none", at=LATER, by="Anna") == "NO_SUCH_GRANT"


def test_an_expired_link_lets_nobody_in_and_no_session_outlives_it(store: Store) -> None:
    _, token = let_in(store, expires_at=WHEN + HOUR)
    session, cookie = begin_session(store, token, "Ida", at=WHEN, lasts=DAY)
    assert session.ends_at == WHEN + HOUR
    assert find_grant(store, token, at=WHEN + HOUR) is None
    assert find_session(store, cookie, at=WHEN + HOUR) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"unit": "Kobenhagen"}, "UNKNOWN_UNIT"),
        ({"wave": "2019"}, "NO_SUCH_WAVE"),
        ({"role": "colleague", "sections": ("mian",)}, "UNKNOWN_SECTION"),
        ({"unit": ""}, "GRANT_WITHOUT_UNIT"),
    ],
)
def test_a_grant_names_a_place_that_is_there(store: Store, changed: dict[str, Any], code: str) -> None:
    assert code_of(let_in, store, **changed) == code
    assert grants(store, "tiny", "2018") == ()


def test_a_colleague_gets_own_sections_and_a_system_the_scopes_it_is_given(store: Store) -> None:
    colleague, _ = let_in(store, role="colleague", sections=("main",))
    assert (colleague.sections, colleague.scopes) == (("main",), ("read", "draft"))
    system, token = let_in(store, role="system", unit="", scopes=("draft", "status"), expires_at=None)
    assert (system.unit, system.scopes, system.expires_at) == ("", ("read", "draft", "status"), None)
    assert find_grant(store, token, at=WHEN + 1000 * DAY) == system
    assert grants(store, "tiny", "2018", "0101") == (colleague,)


def test_an_erased_person_is_named_by_no_grant_and_comes_in_no_more(store: Store) -> None:
    _, token = let_in(store)
    _, cookie = begin_session(store, token, "Ida", at=WHEN, lasts=DAY)
    erase_person(store, "Ida", at=LATER)
    assert find_session(store, cookie, at=LATER) is None
    (grant,) = grants(store, "tiny", "2018")
    assert (grant.holder, grant.revoked_at) == ("", LATER)
    assert verify_store(store) == ()


def test_an_operator_comes_in_by_name_and_password_only(store: Store) -> None:
    add_operator(store, "Anna", PASSWORD, at=WHEN)
    cookie = begin_operator(store, "Anna", PASSWORD, at=WHEN, lasts=HOUR)
    assert find_operator(store, cookie, at=WHEN) == "Anna"
    assert find_operator(store, cookie, at=WHEN + HOUR) is None
    assert code_of(begin_operator, store, "Anna", PASSWORD + "!", at=WHEN, lasts=HOUR) == "LOGIN_REFUSED"
    assert code_of(begin_operator, store, "Bo", PASSWORD, at=WHEN, lasts=HOUR) == "LOGIN_REFUSED"
    end_operator(store, cookie)
    assert find_operator(store, cookie, at=WHEN) is None
    store.close()
    assert all(PASSWORD.encode() not in file.read_bytes() for file in store.path.parent.glob("answers.db*"))


def test_a_password_costs_whoever_guesses_as_much_as_owasp_advises(store: Store) -> None:
    add_operator(store, "Anna", PASSWORD, at=WHEN)
    with reading(store) as connection:
        salt, kept = connection.execute(select(OPERATORS.c.salt, OPERATORS.c.password_scrypt)).one()
    dear = hashlib.scrypt(PASSWORD.encode(), salt=bytes.fromhex(salt), n=2**15, r=8, p=3, maxmem=2**26)
    assert kept == dear.hex()


def test_a_new_password_ends_the_sessions_under_the_old_one(store: Store) -> None:
    add_operator(store, "Anna", PASSWORD, at=WHEN)
    cookie = begin_operator(store, "Anna", PASSWORD, at=WHEN, lasts=DAY)
    add_operator(store, "Anna", PASSWORD.upper(), at=LATER)
    assert find_operator(store, cookie, at=LATER) is None
    assert code_of(begin_operator, store, "Anna", PASSWORD, at=LATER, lasts=DAY) == "LOGIN_REFUSED"


@pytest.mark.parametrize(
    ("name", "password", "code"), [("Anna", "kort", "PASSWORD_SHORT"), (" ", PASSWORD, "NAME_MISSING")]
)
def test_an_operator_has_a_name_and_a_long_password(store: Store, name: str, password: str, code: str) -> None:
    assert code_of(add_operator, store, name, password, at=WHEN) == code


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants SET revoked_at = NULL WHERE revoked_at IS NOT NULL",
        'UPDATE grants SET scopes = \'["read","draft","submit","status"]\'',
        "UPDATE grants SET token_sha256 = 'of mine'",
        "DELETE FROM grants",
    ],
)
def test_a_grant_that_was_changed_by_hand_is_noticed(store: Store, statement: str) -> None:
    grant, _ = let_in(store)
    revoke_grant(store, grant.id, at=LATER, by="Anna")
    assert verify_store(store) == ()
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert [fault.code for fault in verify_store(store)] == ["GRANT_CHANGED"]
