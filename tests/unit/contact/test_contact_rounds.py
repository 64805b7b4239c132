"""Rounds of letters: nobody gets the same letter twice, whatever happens, and nobody who has answered gets one."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

import pytest

from evaltools.contact import (
    Delivered,
    MailServer,
    Maker,
    Wanted,
    did_not_arrive,
    invite,
    keep_contacts,
    plan_round,
    read_links,
    send_letters,
    write_letters,
)
from evaltools.errors import ContactError
from evaltools.store import (
    Contact,
    Store,
    change_fieldwork,
    decline,
    fieldwork_of,
    grants,
    note_reminder,
    open_store,
    receive,
    reminders,
    revoke_grant,
)
from mail_server import MailServerOfTests, mail_server
from tiny_survey import WHEN, sent, tiny_store

WAVE = ("tiny", "2018")
OPERATOR = Maker("operator", WHEN)
LATER = WHEN + dt.timedelta(days=10)
PEOPLE = {
    "0101": Contact("Ida", "ida@kbh.dk"),
    "0751": Contact("Bo", "bo@aarhus.dk"),
    "0825": Contact("Per", "per@laesoe.dk"),
}
FIRST = Wanted("first", mailed=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path) as opened:
        keep_contacts(opened, WAVE, PEOPLE, OPERATOR)
        invite(opened, WAVE, tmp_path / "links.csv", OPERATOR)
        yield opened


@pytest.fixture
def mail() -> Iterator[MailServerOfTests]:
    with mail_server() as server:
        yield server


def clock() -> dt.datetime:
    return LATER


def send(store: Store, mail: MailServerOfTests, wanted: Wanted = FIRST) -> list[Delivered]:
    due = plan_round(store, WAVE, wanted, at=LATER).due
    return list(send_letters(store, WAVE, due, server_of(mail), clock))


def server_of(mail: MailServerOfTests) -> MailServer:
    return MailServer("127.0.0.1", mail.server_address[1], Address("Os", "os", "s.dk"), security="none")


def outcomes(store: Store) -> list[tuple[str, str, str]]:
    return [(one.unit, one.kind, one.outcome) for one in reminders(store, *WAVE)]


def test_whoever_has_submitted_or_declined_gets_no_letter(store: Store, mail: MailServerOfTests) -> None:
    receive(store, sent({"stage": "0", "placed": 1, "network": 0}), at=WHEN)
    decline(store, *WAVE, "0751", at=WHEN)
    planned = plan_round(store, WAVE, FIRST, at=LATER)
    assert [(one.unit.code, one.why) for one in planned.left_out] == [("0101", "submitted"), ("0751", "declined")]
    assert [each.outcome for each in send(store, mail)] == ["sent"]
    assert mail.recipients() == ["per@laesoe.dk"]
    named = replace(FIRST, repeat=frozenset({"0101", "0751"}))
    assert plan_round(store, WAVE, named, at=LATER).due == ()


def test_whoever_answers_while_letters_go_out_is_left_in_peace(
    store: Store, mail: MailServerOfTests, tmp_path: Path
) -> None:
    due = plan_round(store, WAVE, FIRST, at=LATER).due
    letters = send_letters(store, WAVE, due, server_of(mail), clock)
    assert next(letters).outcome == "sent"
    receive(store, sent({"stage": "0", "placed": 1, "network": 0}, "0751"), at=LATER)
    assert [each.outcome for each in letters] == ["answered", "sent"]
    decline(store, *WAVE, "0825", at=LATER)
    done = write_letters(store, WAVE, due, tmp_path / "letters.csv", clock)
    assert [each.outcome for each in done] == ["elsewhere", "answered", "answered"]
    assert len((tmp_path / "letters.csv").read_text("utf-8-sig").splitlines()) == 1


def test_a_second_run_of_a_kind_sends_nothing_and_another_kind_goes_out(store: Store, mail: MailServerOfTests) -> None:
    assert len(send(store, mail)) == 3
    assert send(store, mail) == []
    assert [one.why for one in plan_round(store, WAVE, FIRST, at=LATER).left_out] == ["noted"] * 3
    assert len(send(store, mail, replace(FIRST, kind="second"))) == 3
    assert len(mail.received) == 6


def test_planning_a_round_notes_nothing(store: Store) -> None:
    assert len(plan_round(store, WAVE, FIRST, at=LATER).due) == 3
    assert reminders(store, *WAVE) == ()


def test_a_recipient_who_is_refused_stops_nobody_else_and_is_repeated_on_purpose_only(
    store: Store, mail: MailServerOfTests
) -> None:
    mail.answers["bo@aarhus.dk"] = "550 no such user"
    assert [(each.outcome, each.said) for each in send(store, mail)][1] == ("refused", "550 no such user")
    assert send(store, mail) == []
    assert did_not_arrive(store, WAVE, "first") == {"0751"}
    mail.answers.clear()
    again = replace(FIRST, repeat=did_not_arrive(store, WAVE, "first"))
    assert [each.outcome for each in send(store, mail, again)] == ["sent"]
    assert outcomes(store)[-1] == ("0751", "first.2", "sent")
    assert did_not_arrive(store, WAVE, "first") == frozenset()
    assert mail.recipients() == ["ida@kbh.dk", "per@laesoe.dk", "bo@aarhus.dk"]


@pytest.mark.parametrize(("when", "outcome"), [("RCPT", "not_sent"), ("DATA", "unknown"), ("LETTER", "unknown")])
def test_a_line_cut_in_the_middle_costs_one_letter_and_the_next_goes_out_on_a_new_line(
    store: Store, mail: MailServerOfTests, when: str, outcome: str
) -> None:
    mail.hang_up["bo@aarhus.dk"] = when
    assert [each.outcome for each in send(store, mail)] == ["sent", outcome, "sent"]
    assert mail.lines == 2
    assert send(store, mail) == []
    assert did_not_arrive(store, WAVE, "first") == ({"0751"} if outcome == "not_sent" else frozenset())


def test_a_server_that_goes_away_leaves_the_rest_to_be_sent_later(store: Store, tmp_path: Path) -> None:
    with mail_server() as first:
        server = server_of(first)
        letters = send_letters(store, WAVE, plan_round(store, WAVE, FIRST, at=LATER).due, server, clock)
        assert next(letters).outcome == "sent"
        first.hang_up["ida@kbh.dk"] = "NOOP"
        first.shutdown()
        first.server_close()
        with pytest.raises(ContactError) as caught:
            next(letters)
        assert caught.value.code == "MAIL_SERVER"
    assert outcomes(store) == [("0101", "first", "sent")]
    with mail_server() as second:
        assert [each.outcome for each in send(store, second)] == ["sent", "sent"]
        assert second.recipients() == ["bo@aarhus.dk", "per@laesoe.dk"]


def test_a_program_stopped_between_note_and_letter_never_sends_it_by_itself_again(
    store: Store, mail: MailServerOfTests
) -> None:
    assert note_reminder(store, *WAVE, "0751", "first", at=LATER)
    assert [each.due.letter.recipient.unit.code for each in send(store, mail)] == ["0101", "0825"]
    assert ("0751", "first", "") in outcomes(store)
    assert did_not_arrive(store, WAVE, "first") == frozenset()
    assert [each.outcome for each in send(store, mail, replace(FIRST, repeat=frozenset({"0751"})))] == ["sent"]


def test_an_address_that_is_none_costs_nobody_else_a_letter(store: Store, mail: MailServerOfTests) -> None:
    keep_contacts(store, WAVE, {"0101": Contact("Ida", "not an address")}, OPERATOR)
    assert plan_round(store, WAVE, FIRST, at=LATER).left_out[0].why == "no_address"
    assert [each.outcome for each in send(store, mail)] == ["sent", "sent"]


def test_two_runs_at_once_send_each_letter_once(store: Store, mail: MailServerOfTests) -> None:
    due = plan_round(store, WAVE, FIRST, at=LATER).due
    done: list[list[Delivered]] = []
    start = threading.Barrier(4)

    def one_run() -> None:
        with open_store(store.path) as own:
            start.wait()
            done.append(list(send_letters(own, WAVE, due, server_of(mail), clock)))

    runs = [threading.Thread(target=one_run) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sorted(mail.recipients()) == ["bo@aarhus.dk", "ida@kbh.dk", "per@laesoe.dk"]
    assert sorted(each.outcome for run in done for each in run) == ["elsewhere"] * 9 + ["sent"] * 3


def test_letters_for_mail_merge_are_noted_too_and_no_cell_runs_as_a_formula(store: Store, tmp_path: Path) -> None:
    keep_contacts(store, WAVE, {"0101": Contact("=HYPERLINK(1)", "")}, OPERATOR)
    wanted = Wanted("invitation", mailed=False, urls=read_links(tmp_path / "links.csv", store, WAVE, at=LATER))
    done = write_letters(store, WAVE, plan_round(store, WAVE, wanted, at=LATER).due, tmp_path / "letters.csv", clock)
    assert [each.outcome for each in done] == ["written"] * 3
    content = (tmp_path / "letters.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfkommunekode;unit;name;email;phone;subject;body;url\r\n")
    assert b";'=HYPERLINK(1);" in content
    assert plan_round(store, WAVE, wanted, at=LATER).due == ()
    assert [outcome for _, _, outcome in outcomes(store)] == ["written"] * 3


def test_a_unit_without_address_or_working_link_is_left_out_with_the_reason(store: Store) -> None:
    keep_contacts(store, WAVE, {"0101": Contact("Ida", "")}, OPERATOR)
    revoke_grant(store, grants(store, *WAVE, "0751")[0].id, at=WHEN, by="operator")
    left = plan_round(store, WAVE, FIRST, at=LATER).left_out
    assert [(one.unit.code, one.why) for one in left] == [("0101", "no_address"), ("0751", "no_link")]
    by_letter = plan_round(store, WAVE, replace(FIRST, mailed=False), at=LATER)
    assert [due.letter.recipient.unit.code for due in by_letter.due] == ["0101", "0825"]
    invitation = plan_round(store, WAVE, Wanted("invitation", mailed=True), at=LATER)
    assert {one.why for one in invitation.left_out} == {"no_address", "no_link"}
    assert invitation.due == ()


def test_after_the_wave_has_closed_nobody_is_written_to(store: Store) -> None:
    closed = replace(fieldwork_of(store, *WAVE), closes_at=LATER)
    change_fieldwork(store, *WAVE, closed, at=WHEN)
    assert len(plan_round(store, WAVE, FIRST, at=LATER - dt.timedelta(seconds=1)).due) == 3
    with pytest.raises(ContactError) as caught:
        plan_round(store, WAVE, FIRST, at=LATER)
    assert caught.value.code == "ROUND_TOO_LATE"
