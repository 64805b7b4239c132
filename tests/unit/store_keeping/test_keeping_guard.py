"""No name that comes into a store may be a CPR number, whoever brings it and by whichever door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.store import (
    Contact,
    NewGrant,
    Refused,
    Saved,
    Store,
    Submission,
    add_operator,
    begin_session,
    change_fieldwork,
    make_grant,
    note_read,
    open_store,
    open_wave,
    receive,
    reopen,
    set_contacts,
    verify_store,
)
from tiny_survey import FIELDWORK, LATER, UNITS, WHEN, sent, tiny, tiny_store, write_tiny

WAVE = ("tiny", "2018")
NUMBER = "010203-1234"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path, "tiny/2018", "visits/1") as opened:
        yield opened


def come_in(store: Store, person: str) -> object:
    _, token = make_grant(store, NewGrant(*WAVE, "0101", "leader", "Ida"), at=WHEN)
    return begin_session(store, token, person, at=WHEN, lasts=LATER - WHEN)


DOORS: dict[str, Callable[[Store, str], object]] = {
    "who answers": lambda store, text: receive(store, sent({"placed": 1}, actor=text, submit=False), at=WHEN),
    "record": lambda store, text: receive(
        store, Submission("visits", "1", "0101", {"people": 1}, record=text, submit=False), at=WHEN
    ),
    "contact name": lambda store, text: set_contacts(store, *WAVE, {"0101": Contact(text)}, at=WHEN),
    "contact mail": lambda store, text: set_contacts(store, *WAVE, {"0101": Contact("", text)}, at=WHEN),
    "contact phone": lambda store, text: set_contacts(store, *WAVE, {"0101": Contact("", "", text)}, at=WHEN),
    "mailbox": lambda store, text: change_fieldwork(store, *WAVE, replace(FIELDWORK, contact=Contact(text)), at=WHEN),
    "colleague": lambda store, text: make_grant(store, NewGrant(*WAVE, "0101", "colleague", text), at=WHEN),
    "maker": lambda store, text: make_grant(store, NewGrant(*WAVE, "0101", "leader", "Bo", made_by=text), at=WHEN),
    "person at a link": come_in,
    "operator": lambda store, text: add_operator(store, text, "fire ord som kun jeg kender", at=WHEN),
    "reader": lambda store, text: note_read(store, *WAVE, at=WHEN, actor=text, what="export"),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_cpr_number_is_refused_at_every_door_and_leaves_nothing(store: Store, door: str) -> None:
    with pytest.raises(StoreError) as caught:
        DOORS[door](store, f"nr. {NUMBER}")
    assert caught.value.code == "CPR_IN_NAME"
    assert NUMBER not in str(caught.value)
    assert verify_store(store) == ()
    content = b"".join(path.read_bytes() for path in store.path.parent.glob("answers.db*"))
    assert NUMBER.encode() not in content


@pytest.mark.parametrize("field", ["stage", "placed", "remark", "mail", "many_placed__reason"])
def test_an_answer_or_reason_with_a_cpr_number_is_not_kept_even_in_a_draft(store: Store, field: str) -> None:
    answers = {"placed": 1200, "stage": "0"} | {field: NUMBER}
    assert isinstance(receive(store, sent(answers), at=WHEN), Refused)
    assert isinstance(receive(store, sent(answers, submit=False), at=WHEN), Saved)
    content = b"".join(path.read_bytes() for path in store.path.parent.glob("answers.db*"))
    assert NUMBER.encode() not in content


def test_a_reopened_answer_names_nobody_by_a_number(store: Store) -> None:
    receive(store, sent({"stage": "1", "placed": 7, "cases": 2}), at=WHEN)
    with pytest.raises(StoreError) as caught:
        reopen(store, *WAVE, "0101", at=LATER, actor=NUMBER, channel="form")
    assert caught.value.code == "CPR_IN_NAME"


def test_a_register_of_children_is_opened_only_with_a_legal_basis(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    file = tmp_path / "surveys" / "visits" / "1" / "questionnaire.yaml"
    file.write_text(file.read_text("utf-8").replace("max: 40,", "max: 40, confidentiality: children,"), "utf-8")
    register = tiny(tmp_path, "visits/1")
    with open_store(tmp_path / "a.db", create=True) as store:
        with pytest.raises(StoreError) as caught:
            open_wave(store, register, UNITS, origin="collected", at=WHEN, fieldwork=FIELDWORK)
        assert caught.value.code == "LEGAL_BASIS_MISSING"
        with pytest.raises(StoreError) as caught:
            receive(store, Submission("visits", "1", "0101", {"people": 1}, record="a", submit=False), at=WHEN)
        assert caught.value.code == "NO_SUCH_WAVE"
        allowed = replace(FIELDWORK, legal_basis="databeskyttelsesloven § 10", mode="statistics")
        open_wave(store, register, UNITS, origin="collected", at=WHEN, fieldwork=allowed)
        opened = Submission("visits", "1", "0101", {"people": 1}, record="a", submit=False)
        assert isinstance(receive(store, opened, at=WHEN), Saved)
