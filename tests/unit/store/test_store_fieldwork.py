"""How a wave is run: settings, contacts, statuses, reminders, closing, reopening, pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from evaltools.errors import SchemaError, StoreError
from evaltools.language import Text
from evaltools.schema import new_survey, read_survey
from evaltools.store import (
    Contact,
    Fieldwork,
    NewGrant,
    Page,
    Saved,
    Store,
    begin_session,
    change_fieldwork,
    contacts,
    current,
    decline,
    fieldwork_of,
    find_page,
    make_grant,
    note_reminder,
    open_store,
    open_wave,
    read_fieldwork,
    receive,
    records,
    reopen,
    save_pages,
    set_contacts,
    unit_statuses,
    verify_store,
    versions,
)
from tiny_survey import FIELDWORK, LATER, UNITS, WHEN, sent, tiny, tiny_store, write_tiny

GOOD = {"stage": "1", "placed": 120, "network": 14, "cases": 9}
DAY = dt.timedelta(days=1)
SURVEYS = Path(__file__).parents[3] / "surveys"


def code_of(action: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(StoreError) as caught:
        action(*arguments, **more)
    assert caught.value.faults[0].remedy
    return caught.value.code


def test_the_settings_of_a_wave_come_back_as_they_were_given(store: Store) -> None:
    given = Fieldwork(
        keep_until=dt.date(2030, 1, 1), closes_at=LATER, mode="statistics", legal_basis="§ 10", approval="leader",
        contact=Contact("A", "a@example.dk", "12"), was_url="https://example.dk/was", privacy=Text("p", "q"),
        base_url="https://example.dk", link_days=30, link_uses="once", publisher=Text("Styrelsen", "The agency"),
    )  # fmt: skip
    change_fieldwork(store, "tiny", "2018", given, at=LATER)
    assert fieldwork_of(store, "tiny", "2018") == given
    assert contacts(store, "tiny", "2018") == {}
    assert fieldwork_of(store, "tiny", "2015") == FIELDWORK


def test_collected_answers_need_a_day_until_which_they_are_kept(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    with open_store(tmp_path / "a.db", create=True) as store:
        assert code_of(open_wave, store, tiny(tmp_path), UNITS, origin="collected", at=WHEN) == "RETENTION_MISSING"
        open_wave(store, tiny(tmp_path), UNITS, origin="rehearsal", at=WHEN)
        assert fieldwork_of(store, "tiny", "2018").keep_until == dt.date.max


@pytest.mark.parametrize(
    "wave", ["respite/1", "foster_interview/1", "network_meeting/1", "placement_followup/1", "investment/1"]
)
def test_a_register_of_cases_is_refused_without_a_legal_basis(tmp_path: Path, wave: str) -> None:
    questionnaire = read_survey(SURVEYS / wave)
    with open_store(tmp_path / "a.db", create=True) as store:
        opening: dict[str, Any] = {"origin": "collected", "at": WHEN}
        assert code_of(open_wave, store, questionnaire, UNITS, **opening, fieldwork=FIELDWORK) == "LEGAL_BASIS_MISSING"
        shipped = read_fieldwork(SURVEYS / wave, WHEN.date())
        open_wave(store, questionnaire, UNITS, **opening, fieldwork=shipped)
        survey, number = wave.split("/")
        assert fieldwork_of(store, survey, number).legal_basis.startswith("Databeskyttelsesloven § 10")
        assert code_of(change_fieldwork, store, survey, number, FIELDWORK, at=LATER) == "LEGAL_BASIS_MISSING"


@pytest.mark.parametrize(
    "file", sorted(SURVEYS.glob("*/*/questionnaire.yaml")), ids=lambda file: file.parent.parent.name
)
def test_every_shipped_wave_says_how_long_it_is_kept_and_whom_to_ask(file: Path) -> None:
    fieldwork = read_fieldwork(file.parent, dt.date(2024, 2, 29))
    assert fieldwork.keep_until == dt.date(2029, 2, 28)
    assert fieldwork.contact.email.partition("@")[2].endswith("example.dk")


def test_a_new_wave_begins_with_settings_that_can_be_read(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    file = new_survey(tmp_path / "surveys" / "fresh" / "1", year=2027)
    assert read_fieldwork(file.parent, WHEN.date()).keep_until == dt.date(2023, 2, 5)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("mode: answers\n", {(1, "RETENTION_MISSING")}),
        ("keep_years: 5\nkeep_until: 2027-12-31\n", {(2, "RETENTION_TWICE")}),
        ("keep_until: 2027-02-30\ncloses: tomorrow\n", {(1, "NOT_A_DATE"), (2, "NOT_A_DATE")}),
        ("keep_years: 5\ncloses: 2027-03-01T12:00\n", {(2, "NO_TIME_ZONE")}),
        (
            "keep_years: 5\nwas_url: javascript:alert(1)\nbase_url: ftp://x\n",
            {(2, "NOT_AN_ADDRESS"), (3, "NOT_AN_ADDRESS")},
        ),
        ("keep_years: five\nmode: some\n", {(1, "NOT_A_WHOLE_NUMBER"), (2, "UNKNOWN_WORD")}),
        ("keep_years: 5\nkeep: 1\ncontact:\n  mail: x\n", {(2, "UNKNOWN_KEY"), (4, "UNKNOWN_KEY")}),
        ("keep_years: 500\nlink_days: 0\n", {(1, "OUT_OF_RANGE"), (2, "OUT_OF_RANGE")}),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(
    tmp_path: Path, text: str, faults: set[tuple[int, str]]
) -> None:
    (tmp_path / "fieldwork.yaml").write_text(text, "utf-8")
    with pytest.raises(SchemaError) as caught:
        read_fieldwork(tmp_path, WHEN.date())
    assert {(int(fault.where.rpartition(":")[2]), fault.code) for fault in caught.value.faults} == faults


def test_contacts_are_kept_by_unit_and_replaced_one_by_one(store: Store) -> None:
    set_contacts(store, "tiny", "2018", {"Kbh.": Contact("Ida", "ida@kk.dk"), "751": Contact("Bo")}, at=WHEN)
    set_contacts(store, "tiny", "2018", {"Aarhus": Contact("Eva", "eva@aarhus.dk", "12345678")}, at=LATER)
    found = contacts(store, "tiny", "2018")
    assert found == {"0101": Contact("Ida", "ida@kk.dk"), "0751": Contact("Eva", "eva@aarhus.dk", "12345678")}
    assert code_of(set_contacts, store, "tiny", "2018", {"Aahus": Contact()}, at=LATER) == "UNKNOWN_UNIT"
    assert code_of(contacts, store, "tiny", "2081") == "NO_SUCH_WAVE"
    assert verify_store(store) == ()


def test_a_reminder_is_noted_once_per_unit_and_kind(store: Store) -> None:
    assert note_reminder(store, "tiny", "2018", "0101", "reminder-1", at=WHEN)
    assert not note_reminder(store, "tiny", "2018", "København", "reminder-1", at=LATER)
    assert note_reminder(store, "tiny", "2018", "0101", "reminder-2", at=LATER)
    assert note_reminder(store, "tiny", "2018", "0751", "reminder-1", at=LATER)
    status = unit_statuses(store, "tiny", "2018")[0]
    assert status.reminded == (("reminder-1", WHEN), ("reminder-2", LATER))
    assert unit_statuses(store, "tiny", "2015")[0].reminded == ()


def test_the_status_of_a_unit_tells_how_far_it_has_come(store: Store) -> None:
    grant = NewGrant("tiny", "2018", "0101", "leader", "Ida")
    _, token = make_grant(store, grant, at=WHEN)
    for holder in ("Bo", "Bo", "Eva"):
        make_grant(store, NewGrant("tiny", "2018", "0101", "colleague", holder, ("main",)), at=WHEN)
    begin_session(store, token, "Ida", at=WHEN + DAY, lasts=DAY)
    receive(store, sent({"placed": 5}, submit=False), at=WHEN + 2 * DAY)
    receive(store, sent(GOOD), at=WHEN + 3 * DAY)
    first, second, _ = unit_statuses(store, "tiny", "2018")
    assert first.unit == UNITS[0]
    assert (first.opened_at, first.begun_at) == (WHEN + DAY, WHEN + 2 * DAY)
    assert (first.changed_at, first.submitted_at) == (WHEN + 3 * DAY, WHEN + 3 * DAY)
    assert (first.disposition, first.colleagues) == ("submitted", 2)
    assert (second.disposition, second.opened_at, second.colleagues) == ("no_answer", None, 0)


def closing(store: Store, at: dt.datetime) -> None:
    change_fieldwork(store, "tiny", "2018", Fieldwork(keep_until=FIELDWORK.keep_until, closes_at=at), at=WHEN)


@pytest.mark.parametrize("channel", ["form", "workbook", "api"])
def test_a_closed_wave_takes_in_files_of_the_operator_only(store: Store, channel: str) -> None:
    closing(store, LATER)
    late = sent(GOOD, channel=channel, base_version=0)
    assert code_of(receive, store, late, at=LATER) == "WAVE_CLOSED"
    assert code_of(decline, store, "tiny", "2018", "0751", at=LATER, channel=channel) == "WAVE_CLOSED"
    assert isinstance(receive(store, late, at=LATER - dt.timedelta(seconds=1)), Saved)
    assert code_of(reopen, store, "tiny", "2018", "0101", at=LATER, channel=channel) == "WAVE_CLOSED"
    assert isinstance(receive(store, sent({**GOOD, "cases": 8}), at=LATER), Saved)
    reopen(store, "tiny", "2018", "0101", at=LATER)
    assert current(store, "tiny", "2018", "0101").response.disposition == "partial"


def test_a_sender_from_form_workbook_or_api_says_what_it_has_seen(store: Store) -> None:
    for channel in ("form", "workbook", "api"):
        assert code_of(receive, store, sent(GOOD, channel=channel), at=WHEN) == "BASE_VERSION_MISSING"


def test_a_reopened_response_is_a_draft_and_every_submitted_version_stays_readable(store: Store) -> None:
    first = receive(store, sent(GOOD, actor="Ida"), at=WHEN)
    assert isinstance(first, Saved)
    version = reopen(store, "tiny", "2018", "0101", at=LATER, actor="Anna")
    assert reopen(store, "tiny", "2018", "0101", at=LATER + DAY, actor="Anna") == version
    now = current(store, "tiny", "2018", "0101")
    assert (now.response.disposition, now.response.version) == ("partial", version)
    change = {"placed": 121, "network": ""}
    second = receive(store, sent(change, actor="Bo", channel="form", base_version=version), at=LATER)
    assert isinstance(second, Saved)
    old, new = versions(store, "tiny", "2018", "0101")
    assert (old.number, old.at, old.by, old.content_sha256) == (first.version, WHEN, "Ida", first.content_sha256)
    assert (new.number, new.at, new.by, new.content_sha256) == (second.version, LATER, "Bo", second.content_sha256)
    assert dict(old.answers) == {"stage": "1", "placed": 120, "network": 14, "cases": 9}
    assert new.answers == current(store, "tiny", "2018", "0101").response.answers
    assert verify_store(store) == ()


def test_the_same_submission_after_reopening_counts_as_submitted_again(store: Store) -> None:
    receive(store, sent(GOOD), at=WHEN)
    version = reopen(store, "tiny", "2018", "0101", at=LATER)
    again = receive(store, sent(GOOD, channel="form", base_version=version), at=LATER)
    assert isinstance(again, Saved)
    assert receive(store, sent(GOOD, channel="form", base_version=version), at=LATER + DAY) == again
    assert len(versions(store, "tiny", "2018", "0101")) == 2


def test_nothing_cannot_be_opened_again(store: Store) -> None:
    assert code_of(reopen, store, "tiny", "2018", "0101", at=WHEN) == "NOTHING_TO_REOPEN"


def test_a_response_tells_who_wrote_each_field_and_when(store: Store) -> None:
    assert current(store, "tiny", "2018", "0101").response.version == 0
    first = receive(store, sent({"placed": 5, "network": 2}, actor="Ida", submit=False), at=WHEN)
    assert isinstance(first, Saved)
    receive(store, sent({"placed": 6}, actor="Bo", submit=False), at=LATER)
    now = current(store, "tiny", "2018", "0101")
    assert {field: (one.by, one.at) for field, one in now.by_field.items()} == {
        "placed": ("Bo", LATER),
        "network": ("Ida", WHEN),
    }
    assert now.by_field["network"].version <= first.version
    assert now.response.answers == {"placed": 6, "network": 2}


def test_the_records_of_a_unit_are_listed_in_order(store: Store) -> None:
    for record in ("r2", "r1"):
        answers = {"people": 3}
        visit = sent(answers, survey="visits", wave="1", record=record, channel="form", base_version=0)
        receive(store, visit, at=WHEN)
    assert [one.record for one in records(store, "visits", "1", "København")] == ["r1", "r2"]
    assert records(store, "visits", "1", "0751") == ()
    assert current(store, "visits", "1", "0101", "r1").response.answers == {"people": 3}
    assert code_of(current, store, "visits", "1", "0101") == "RECORD_MISSING"
    assert code_of(versions, store, "tiny", "2018", "0101", "r1") == "RECORD_NOT_USED"


def test_a_page_is_found_until_a_newer_one_takes_its_place(store: Store) -> None:
    page = Page("tiny", "2018", "0101", "comparison", "da", "text/html", b"<p>1", WHEN, "a" * 64)
    newer = Page("tiny", "2018", "0101", "comparison", "da", "text/html", b"<p>2", LATER, "b" * 64)
    save_pages(store, [page])
    assert find_page(store, "tiny", "2018", "0101", "comparison", "da") == page
    save_pages(store, [newer])
    assert find_page(store, "tiny", "2018", "0101", "comparison", "da") == newer
    assert find_page(store, "tiny", "2018", "0101", "comparison", "en") is None


def test_settings_may_be_given_when_a_wave_is_opened_again(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as store:
        longer = Fieldwork(keep_until=dt.date(2031, 1, 1))
        open_wave(store, tiny(tmp_path), UNITS, origin="collected", at=LATER, fieldwork=longer)
        assert fieldwork_of(store, "tiny", "2018") == longer
        open_wave(store, tiny(tmp_path), UNITS, origin="collected", at=LATER)
        assert fieldwork_of(store, "tiny", "2018") == longer
