"""After a purge nothing that a person wrote of themselves or others is found in any byte; the rest stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.errors import StoreError
from evaltools.language import Text
from evaltools.store import (
    Contact,
    Fieldwork,
    NewGrant,
    Page,
    Store,
    Submission,
    add_operator,
    begin_operator,
    begin_session,
    change_fieldwork,
    contacts,
    dispositions,
    erase_person,
    fieldwork_of,
    find_grant,
    find_operator,
    find_page,
    find_session,
    grants,
    make_grant,
    note_read,
    open_store,
    read_snapshot,
    reads,
    receive,
    replace_grant,
    save_pages,
    set_contacts,
    take_snapshot,
    verify_store,
    write_snapshot,
)
from evaltools.store.keeping.backup import back_up
from evaltools.store.keeping.copies import copies_from_before, remove_copies
from evaltools.store.keeping.note import verify_backup
from evaltools.store.keeping.purging import due_for_purge, purge
from evaltools.store.keeping.restore import restore
from tiny_survey import LATER, WHEN, sent, tiny_store

RETAINED = dt.datetime(2023, 2, 5, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WAVE = ("tiny", "2018")

CANARIES = {
    "text": "KANARIE-bemærkning",
    "text replaced since": "KANARIE-gammel",
    "mail": "kanarie.mail@example.dk",
    "reason": "KANARIE-begrundelse",
    "reason of a contact": "KANARIE-anden-begrundelse",
    "draft": "KANARIE-kladde",
    "person": "Kanarie Forfatter",
    "session": "Kanarie Besøgende",
    "holder": "Kanarie Kollega",
    "former holder": "Kanarie Forgænger",
    "maker": "Kanarie Udsteder",
    "contact": "Kanarie Leder",
    "contact mail": "kanarie.leder@example.dk",
    "contact phone": "+45 22 33 44 99",
    "mailbox": "Kanarie Postkasse",
    "mailbox mail": "kanarie.post@example.dk",
    "privacy": "Kanarie Dataansvarlig",
    "page": "KANARIE-side",
    "reader": "Kanarie Læser",
    "operator": "Kanarie Operatør",
    "token": "Kanarie System",
}


def said(name: str) -> str:
    return CANARIES[name]


def plant(store: Store) -> dict[str, str]:
    """Write a canary wherever a person can write; the secrets that came out."""
    change_fieldwork(
        store,
        *WAVE,
        Fieldwork(
            keep_until=RETAINED.date(),
            contact=Contact(said("mailbox"), said("mailbox mail"), said("contact phone")),
            privacy=Text(said("privacy"), said("privacy")),
        ),
        at=WHEN,
        actor=said("maker"),
    )
    contact = Contact(said("contact"), said("contact mail"), said("contact phone"))
    set_contacts(store, *WAVE, {"0101": contact, "0751": contact}, at=WHEN, actor=said("maker"))
    add_operator(store, said("operator"), "fire ord som kun jeg kender", at=WHEN)
    login = begin_operator(store, said("operator"), "fire ord som kun jeg kender", at=WHEN, lasts=HOUR * 10**5)
    grant, _ = make_grant(
        store, NewGrant(*WAVE, "0101", "leader", said("former holder"), made_by=said("maker")), at=WHEN
    )
    _, token = replace_grant(store, grant.id, at=WHEN, by=said("maker"), holder=said("holder"))
    make_grant(store, NewGrant(*WAVE, "", "system", said("token"), made_by=said("maker")), at=WHEN)
    _, cookie = begin_session(store, token, said("session"), at=WHEN, lasts=HOUR * 10**5)
    receive(store, sent({"remark": said("text replaced since")}, actor=said("person"), submit=False), at=WHEN)
    answers = {"stage": "1", "placed": 1200, "cases": 3, "remark": f"{said('text')} 22 34 56 78", "mail": said("mail")}
    reasons = {"many_placed__reason": said("reason"), "contact_in_remark__reason": said("reason of a contact")}
    receive(store, sent(answers | reasons, actor=said("person")), at=LATER)
    receive(
        store,
        sent({"placed": 7, "remark": said("draft")}, "0751", submit=False, channel="workbook", base_version=0),
        at=LATER,
    )
    save_pages(store, [Page(*WAVE, "0101", "comparison", "da", "text/html", said("page").encode(), WHEN, "0" * 64)])
    note_read(store, *WAVE, at=LATER, actor=said("reader"), what="export")
    return {"token": token, "cookie": cookie, "login": login}


def found_in(*paths: Path) -> set[str]:
    content = b"".join(path.read_bytes() for path in paths)
    spellings = {name: (text, json.dumps(text)[1:-1]) for name, text in CANARIES.items()}
    return {name for name, texts in spellings.items() if any(text.encode() in content for text in texts)}


def everything(store: Store) -> list[Path]:
    return sorted(store.path.parent.glob("answers.db*"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path) as opened:
        yield opened


def test_no_byte_of_what_people_wrote_is_left_in_the_file_its_journals_or_a_later_backup(store: Store) -> None:
    secrets = plant(store)
    assert found_in(*everything(store)) == set(CANARIES)
    before = take_snapshot(store).waves[0]
    found = purge(store, *WAVE, at=RETAINED)
    assert (found.values, found.contacts, found.links, found.sessions, found.pages, found.logins) == (6, 3, 2, 1, 1, 1)
    assert found_in(*everything(store)) == set()
    assert verify_store(store) == ()
    backup, _ = back_up(store, store.path.parent / "backups", at=RETAINED)
    store.close()
    assert found_in(*everything(store), backup.path) == set()
    with open_store(store.path) as again:
        after = take_snapshot(again).waves[0]
        kept = {name: value for name, value in before.responses[0].answers.items() if isinstance(value, (int, str))}
        words = {"remark", "mail", "many_placed__reason", "contact_in_remark__reason"}
        assert after.responses[0].answers == {name: value for name, value in kept.items() if name not in words}
        assert [one.disposition for one in after.responses] == [one.disposition for one in before.responses]
        assert find_grant(again, secrets["token"], at=LATER) is None
        assert find_session(again, secrets["cookie"], at=LATER) is None
        assert find_operator(again, secrets["login"], at=LATER) is None
        assert find_page(again, *WAVE, "0101", "comparison", "da") is None
        assert contacts(again, *WAVE) == {}
        assert {(one.holder, one.made_by) for one in grants(again, *WAVE)} == {("", "")}
        assert [(one.by, one.what) for one in reads(again, *WAVE)] == [("", "export")]


def test_a_purged_wave_takes_in_no_more_and_a_second_purge_finds_nothing(store: Store) -> None:
    plant(store)
    purge(store, *WAVE, at=RETAINED)
    with pytest.raises(StoreError) as caught:
        receive(store, sent({"placed": 8}, "0825", channel="form", base_version=0, submit=False), at=RETAINED)
    assert caught.value.code == "WAVE_CLOSED"
    again = purge(store, *WAVE, at=RETAINED + HOUR)
    assert (again.values, again.links, again.contacts, again.names) == (0, 0, 0, 0)
    assert verify_store(store) == ()


def test_a_wave_is_not_purged_before_its_date_unless_one_insists(store: Store) -> None:
    plant(store)
    with pytest.raises(StoreError) as caught:
        purge(store, *WAVE, at=RETAINED - HOUR)
    assert caught.value.code == "NOT_YET_DUE"
    assert "2023-02-05" in str(caught.value)
    assert (due_for_purge(store, RETAINED - HOUR), due_for_purge(store, RETAINED)) == ((), ("tiny/2018",))
    assert purge(store, *WAVE, at=LATER, early=True).values == 6
    assert due_for_purge(store, RETAINED) == ()


def test_a_trial_says_the_same_and_changes_nothing(store: Store) -> None:
    plant(store)
    before = take_snapshot(store)
    tried = purge(store, *WAVE, at=RETAINED, dry_run=True)
    assert take_snapshot(store) == before
    assert found_in(*everything(store)) == set(CANARIES)
    assert purge(store, *WAVE, at=RETAINED) == tried


def test_who_takes_part_in_another_wave_and_who_can_log_in_stay_until_the_last_purge(tmp_path: Path) -> None:
    with tiny_store(tmp_path, "tiny/2015", "tiny/2018") as store:
        secrets = plant(store)
        other = Submission("tiny", "2015", "0101", {"placed": 3}, actor=said("person"), submit=False)
        receive(store, other, at=LATER)
        purge(store, *WAVE, at=RETAINED)
        assert found_in(*everything(store)) == {"person", "operator"}
        assert find_operator(store, secrets["login"], at=LATER) == said("operator")
        purge(store, "tiny", "2015", at=RETAINED)
        assert found_in(*everything(store)) == set()
        assert verify_store(store) == ()


def test_the_words_of_other_waves_are_untouched(tmp_path: Path) -> None:
    with tiny_store(tmp_path, "tiny/2018", "visits/1") as store:
        receive(store, Submission("visits", "1", "0101", {"words": "Alt vel"}, record="a", submit=False), at=WHEN)
        plant(store)
        before = take_snapshot(store).waves[1]
        purge(store, *WAVE, at=RETAINED)
        assert take_snapshot(store).waves[1] == before


def test_answers_given_again_after_an_erased_record_are_purged_too(tmp_path: Path) -> None:
    with tiny_store(tmp_path, "visits/1") as store:
        for words in ("KANARIE-bemærkning", "KANARIE-kladde"):
            receive(store, Submission("visits", "1", "0101", {"people": 4, "words": words}, record="a"), at=WHEN)
        assert purge(store, "visits", "1", at=RETAINED).values == 2
        assert found_in(*everything(store)) == set()
        (kept,) = take_snapshot(store).waves[0].responses
        assert (kept.answers, kept.disposition) == ({"people": 4}, "submitted")
        assert verify_store(store) == ()


def test_the_response_rate_is_the_same_before_and_after(store: Store) -> None:
    plant(store)
    before = dispositions(store, *WAVE)
    purge(store, *WAVE, at=RETAINED)
    assert dispositions(store, *WAVE) == before


def test_while_somebody_reads_the_purge_says_so_and_the_next_one_clears_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evaltools.store import handle

    monkeypatch.setattr(handle, "PRAGMAS", tuple(one.replace("30000", "50") for one in handle.PRAGMAS))
    with tiny_store(tmp_path) as store:
        plant(store)
        with store.engine.connect() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM events").all()
            with pytest.raises(StoreError) as caught:
                purge(store, *WAVE, at=RETAINED)
            assert caught.value.code == "ERASED_NOT_CLEARED"
            assert verify_store(store) == ()
        purge(store, *WAVE, at=RETAINED)
        assert found_in(*everything(store)) == set()


def test_copies_from_before_the_purge_are_found_and_deleted_and_the_new_backup_stays(
    store: Store, tmp_path: Path
) -> None:
    plant(store)
    folder = tmp_path / "backups"
    old, _ = back_up(store, folder, at=LATER)
    (folder / ".answers.db.1234.part").write_bytes(old.path.read_bytes())
    (folder / "unreadable.db").write_bytes(b"x" * 1000)
    with tiny_store(tmp_path / "b", anew=True) as other:
        theirs, _ = back_up(other, folder, at=LATER)
    store.close()
    replaced = restore(old.path, store.path, at=LATER).replaced
    assert replaced is not None
    with open_store(store.path) as again:
        purge(again, *WAVE, at=RETAINED)
        new, _ = back_up(again, folder, at=RETAINED)
        copies = copies_from_before(again, *WAVE, folder)
        names = {path.name for path in copies}
        assert names == {old.path.name, ".answers.db.1234.part", "unreadable.db", replaced.name}
        remove_copies(copies)
        assert copies_from_before(again, *WAVE, folder) == ()
    assert verify_backup(new.path) == verify_backup(theirs.path) == ()
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "b" not in path.relative_to(tmp_path).parts[:1]]
    assert found_in(*files) == set()


def test_bringing_back_a_backup_from_before_a_purge_is_told_and_refused(store: Store, tmp_path: Path) -> None:
    plant(store)
    old, _ = back_up(store, tmp_path / "backups", at=LATER)
    purge(store, *WAVE, at=RETAINED)
    store.close()
    with pytest.raises(StoreError) as caught:
        restore(old.path, store.path, at=RETAINED)
    assert caught.value.code == "RESTORE_LOSES_ANSWERS"
    assert "what it erased would come back" in str(caught.value)


def test_a_snapshot_taken_after_a_purge_holds_no_words(store: Store, tmp_path: Path) -> None:
    plant(store)
    purge(store, *WAVE, at=RETAINED)
    write_snapshot(take_snapshot(store), tmp_path / "s.json")
    assert found_in(tmp_path / "s.json") == set()
    assert read_snapshot(tmp_path / "s.json") == take_snapshot(store)


@pytest.mark.parametrize(
    "who", ["person", "session", "holder", "contact", "contact mail", "mailbox", "mailbox mail", "operator", "reader"]
)
def test_one_person_is_erased_wherever_the_store_knows_them(store: Store, who: str) -> None:
    secrets = plant(store)
    erase_person(store, said(who), at=LATER)
    assert who not in found_in(*everything(store))
    assert verify_store(store) == ()
    if who == "holder":
        assert find_grant(store, secrets["token"], at=LATER) is None
    if who == "session":
        assert find_session(store, secrets["cookie"], at=LATER) is None
    if who == "operator":
        assert find_operator(store, secrets["login"], at=LATER) is None
    if who == "mailbox":
        assert fieldwork_of(store, *WAVE).contact == Contact()


def test_the_verb_purges_backs_up_and_tells_of_copies(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(store)
    folder = str(tmp_path / "backups")
    old, _ = back_up(store, folder, at=LATER)
    verb = ["purge", "tiny/2018", "--store", str(store.path)]
    assert main([*verb, "--at", "2999-01-01"]) == 2
    assert "DATE_NOT_COME" in capsys.readouterr().err
    assert main([*verb, "--at", "2018-03-01"]) == 2
    assert "NOT_YET_DUE" in capsys.readouterr().err
    assert main([*verb, "--at", "2999-01-01", "--dry-run"]) == 0
    assert "6 values, " in capsys.readouterr().out
    assert main([*verb, "--backups", folder]) == 0
    told = capsys.readouterr().out
    assert f"still holds them: {old.path}" in told
    assert main([*verb, "--backups", folder, "--delete-copies", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["values"], report["copies"], report["deleted"]) == (0, [str(old.path)], True)
    assert not old.path.exists()
