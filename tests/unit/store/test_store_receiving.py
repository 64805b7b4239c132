import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest

from evaltools.collect import Difference
from evaltools.errors import StoreError
from evaltools.store import (
    Conflict,
    NotReceived,
    Refused,
    Saved,
    Store,
    Submission,
    decline,
    dispositions,
    receive,
    receive_all,
    take_snapshot,
    verify_store,
)
from evaltools.store.handle import reading
from evaltools.store.model import Response
from tiny_survey import LATER, WHEN, sent

GOOD = {"stage": "1", "placed": 120, "network": 14, "cases": 9}


def response(store: Store, unit: str = "0101", wave: str = "2018", record: str = "") -> Response:
    (found,) = (
        one
        for part in take_snapshot(store).waves
        if part.wave == wave
        for one in part.responses
        if (one.unit, one.record) == (unit, record)
    )
    return found


def events(store: Store) -> list[tuple[str, str]]:
    with reading(store) as connection:
        rows = connection.exec_driver_sql("SELECT kind, field FROM events ORDER BY unit, seq").all()
    return [(row.kind, row.field) for row in rows]


def test_a_submission_without_problems_is_kept_whole(store: Store) -> None:
    saved = receive(store, sent(GOOD), at=WHEN)
    assert isinstance(saved, Saved)
    kept = response(store)
    assert kept.answers == {"stage": "1", "placed": 120, "network": 14, "cases": 9}
    assert (kept.disposition, kept.submitted_at, kept.version) == ("submitted", WHEN, saved.version)
    assert events(store) == [("answer", name) for name in GOOD] + [("submit", "")]
    assert verify_store(store) == ()


def test_the_same_content_twice_is_one_set_of_events_and_the_same_receipt(store: Store) -> None:
    first = receive(store, sent(GOOD), at=WHEN)
    before = events(store)
    again = receive(store, sent(GOOD), at=LATER)
    assert again == first
    assert events(store) == before


def test_a_draft_keeps_everything_that_can_be_read_and_says_what_cannot(store: Store) -> None:
    saved = receive(store, sent({"placed": 10, "network": 14, "cases": "mange"}, submit=False), at=WHEN)
    assert isinstance(saved, Saved)
    assert response(store).answers == {"placed": 10, "network": 14}
    assert response(store).disposition == "partial"
    assert {problem.field for problem in saved.problems if problem.level == "stop"} >= {"network", "cases"}


def test_a_submission_with_a_problem_that_stops_changes_nothing(store: Store) -> None:
    outcome = receive(store, sent({**GOOD, "network": 200}), at=WHEN)
    assert isinstance(outcome, Refused)
    assert [problem.code for problem in outcome.problems] == ["network_within_placed"]
    assert events(store) == []
    assert dispositions(store, "tiny", "2018")["0101"] == "no_answer"


def test_an_unreadable_value_stops_a_submission(store: Store) -> None:
    outcome = receive(store, sent({**GOOD, "placed": "ca. fyrre"}), at=WHEN)
    assert isinstance(outcome, Refused)
    assert events(store) == []


def test_a_doubt_passes_only_with_a_reason(store: Store) -> None:
    doubtful = {**GOOD, "placed": 1200}
    assert isinstance(receive(store, sent(doubtful), at=WHEN), Refused)
    explained = {**doubtful, "many_placed__reason": "Vi er en stor kommune"}
    saved = receive(store, sent(explained), at=WHEN)
    assert isinstance(saved, Saved)
    assert response(store).answers["many_placed__reason"] == "Vi er en stor kommune"


def test_problems_come_in_the_language_that_was_asked_for(store: Store) -> None:
    outcome = receive(store, sent({**GOOD, "network": 200}), at=WHEN, language="en")
    assert isinstance(outcome, Refused)
    assert outcome.problems[0].message == "The number cannot be larger"


def test_what_a_unit_answered_last_time_takes_part_in_the_checks(store: Store) -> None:
    receive(store, sent({**GOOD, "placed": 20}, wave="2015"), at=WHEN)
    outcome = receive(store, sent(GOOD), at=WHEN)
    assert isinstance(outcome, Refused)
    assert [problem.code for problem in outcome.problems] == ["placed_as_last"]


@pytest.mark.parametrize("spelling", ["0751", "751", "Aarhus", "aarhus kommune", "Århus", " ÅRHUS "])
def test_a_unit_is_known_by_code_name_and_known_spellings(store: Store, spelling: str) -> None:
    receive(store, sent(GOOD, spelling), at=WHEN)
    assert dispositions(store, "tiny", "2018")["0751"] == "submitted"


@pytest.mark.parametrize(
    ("changed", "code", "remedy"),
    [
        ({"unit": "Aahus"}, "UNKNOWN_UNIT", 'Did you mean "Aarhus"?'),
        ({"unit": "0999"}, "UNKNOWN_UNIT", ""),
        ({"wave": "2081"}, "NO_SUCH_WAVE", 'Did you mean "tiny/2018"?'),
        ({"record": "a1"}, "RECORD_NOT_USED", "Leave `record` out."),
        ({"survey": "visits", "wave": "1"}, "RECORD_MISSING", "Give each record an id"),
        ({"schema_sha256": "0" * 64}, "WRONG_SCHEMA", "Fetch the questionnaire again"),
    ],
)
def test_what_names_no_place_in_the_store_is_refused_with_the_remedy(
    store: Store, changed: dict[str, str], code: str, remedy: str
) -> None:
    submission = sent({"stage": "1"}, **changed)
    with pytest.raises(StoreError) as caught:
        receive(store, submission, at=WHEN)
    assert caught.value.code == code
    assert remedy in caught.value.faults[0].remedy
    assert events(store) == []


def test_a_time_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        receive(store, sent(GOOD), at=dt.datetime(2018, 2, 5, 9))
    assert caught.value.code == "NO_TIME_ZONE"


def draft(
    store: Store, answers: Mapping[str, object], actor: str, base: int, at: dt.datetime = WHEN
) -> Saved | Conflict:
    page = sent(answers, actor=actor, channel="form", base_version=base, submit=False)
    outcome = receive(store, page, at=at)
    assert not isinstance(outcome, Refused)
    return outcome


def seen(store: Store) -> int:
    """The version after Bo's first draft, which everybody has seen."""
    return draft(store, {"placed": 10, "network": 2, "cases": 1}, "Bo", 0).version


def test_two_people_who_change_independent_fields_are_both_kept_and_told_what_is_new(store: Store) -> None:
    first = seen(store)
    theirs = draft(store, {"placed": 12}, "Ida", first, LATER)
    merged = draft(store, {"cases": 3}, "Bo", first, LATER)
    assert isinstance(theirs, Saved)
    assert isinstance(merged, Saved)
    assert response(store).answers == {"placed": 12, "network": 2, "cases": 3}
    assert theirs.others == ()
    assert merged.others == (Difference("placed", 10, 12, "Ida", LATER),)


def test_a_page_that_sends_back_what_it_showed_does_not_undo_a_colleague(store: Store) -> None:
    first = seen(store)
    draft(store, {"placed": 12, "remark": "Ny"}, "Ida", first, LATER)
    merged = draft(store, {"placed": 10, "network": 2, "cases": 3, "remark": ""}, "Bo", first, LATER)
    assert isinstance(merged, Saved)
    assert response(store).answers == {"placed": 12, "network": 2, "cases": 3, "remark": "Ny"}
    assert {one.field: one.theirs for one in merged.others} == {"placed": 12, "remark": "Ny"}


def test_a_page_that_still_shows_what_stood_before_does_not_undo_a_colleague_later_on(store: Store) -> None:
    first = seen(store)
    draft(store, {"placed": 12}, "Ida", first, LATER)
    merged = draft(store, {"placed": 10, "cases": 3}, "Bo", first, LATER)
    assert isinstance(merged, Saved)
    page = Submission(
        "tiny", "2018", "0101", {"placed": 10, "cases": 4}, actor="Bo", base_version=merged.version, submit=False
    )
    stale = replace(page, seen_at={"placed": first})
    again = receive(store, stale, at=LATER)
    assert isinstance(again, Saved)
    assert [one.field for one in again.others] == ["placed"]
    assert (response(store).answers["placed"], response(store).answers["cases"]) == (12, 4)
    changed = receive(store, replace(stale, answers={"placed": 15}, base_version=again.version), at=LATER)
    assert isinstance(changed, Conflict)
    assert [(one.ours, one.theirs, one.by) for one in changed.differences] == [(15, 12, "Ida")]


def test_two_people_who_change_the_same_field_meet_a_conflict_with_both_values(store: Store) -> None:
    first = seen(store)
    theirs = draft(store, {"placed": 12}, "Ida", first, LATER)
    before = events(store)
    outcome = draft(store, {"placed": 15}, "Bo", first, LATER)
    assert outcome == Conflict((Difference("placed", 15, 12, "Ida", LATER),), theirs.version, "Ida", LATER)
    assert events(store) == before
    assert isinstance(draft(store, {"placed": 15}, "Bo", outcome.version, LATER), Saved)
    assert response(store).answers["placed"] == 15


def test_a_total_and_its_part_count_as_one_and_each_field_tells_who_wrote_it_and_when(store: Store) -> None:
    first = seen(store)
    theirs = draft(store, {"placed": 3, "remark": "Ny"}, "Ida", first, LATER)
    outcome = draft(store, {"network": 8, "cases": 2}, "Bo", first, LATER)
    assert outcome == Conflict(
        (Difference("placed", 10, 3, "Ida", LATER), Difference("network", 8, 2, "Bo", WHEN)),
        theirs.version,
        "Ida",
        LATER,
        (Difference("remark", None, "Ny", "Ida", LATER),),
    )
    assert response(store).answers == {"placed": 3, "network": 2, "cases": 1, "remark": "Ny"}


def test_a_part_that_was_made_with_the_same_total_is_no_conflict(store: Store) -> None:
    first = seen(store)
    draft(store, {"placed": 30}, "Ida", first, LATER)
    assert isinstance(draft(store, {"placed": 30, "network": 8}, "Bo", first, LATER), Saved)
    assert response(store).answers == {"placed": 30, "network": 8, "cases": 1}


def test_a_save_that_is_sent_again_is_the_same_save_and_never_undoes_a_colleague(store: Store) -> None:
    first = draft(store, {"placed": 10}, "Bo", 0)
    assert draft(store, {"placed": 10}, "Bo", 0, LATER) == first
    draft(store, {"placed": 12}, "Ida", first.version, LATER)
    assert isinstance(draft(store, {"placed": 10}, "Bo", 0, LATER), Conflict)
    assert response(store).answers == {"placed": 12}


def test_a_version_that_the_response_has_not_reached_counts_as_nothing_seen(store: Store) -> None:
    first = seen(store)
    assert isinstance(draft(store, {"placed": 15}, "Ida", first + 100), Conflict)
    assert response(store).answers["placed"] == 10


def test_a_submission_that_is_sent_again_counts_once_and_takes_no_unfinished_work_with_it(store: Store) -> None:
    whole = sent(GOOD, actor="Bo", channel="form", base_version=0)
    first = receive(store, whole, at=WHEN)
    assert isinstance(first, Saved)
    assert receive(store, whole, at=LATER) == first
    again = draft(store, {"remark": "Mangler noget"}, "Ida", first.version, LATER)
    outcome = receive(store, whole, at=LATER)
    assert outcome == Conflict(
        (), again.version, "Ida", LATER, (Difference("remark", None, "Mangler noget", "Ida", LATER),)
    )
    assert response(store).disposition == "partial"
    assert sum(kind == "submit" for kind, _ in events(store)) == 1


def test_blank_fields_of_a_page_are_no_answers_and_leave_no_events(store: Store) -> None:
    draft(store, {"placed": 10, "remark": "", "cases": None}, "Bo", 0)
    assert response(store).answers == {"placed": 10}
    assert events(store) == [("answer", "placed")]


def test_a_sender_who_has_seen_nothing_overwrites_nobody(store: Store) -> None:
    receive(store, sent({"placed": 12}, actor="Ida", submit=False), at=WHEN)
    outcome = receive(store, sent({"placed": 15}, base_version=0, submit=False), at=LATER)
    assert isinstance(outcome, Conflict)


def test_a_change_to_a_submitted_response_reopens_it_until_it_is_submitted_again(store: Store) -> None:
    receive(store, sent(GOOD), at=WHEN)
    receive(store, sent({"placed": 121}, submit=False), at=LATER)
    assert response(store).disposition == "partial"
    receive(store, sent({"placed": 121}), at=LATER)
    assert response(store).disposition == "submitted"
    assert events(store)[-3:] == [("reopen", ""), ("answer", "placed"), ("submit", "")]
    assert verify_store(store) == ()


def test_a_unit_may_decline_and_change_its_mind(store: Store) -> None:
    decline(store, "tiny", "2018", "Læsø", at=WHEN)
    assert decline(store, "tiny", "2018", "Læsø", at=LATER) == 1
    assert dispositions(store, "tiny", "2018") == {"0101": "no_answer", "0751": "no_answer", "0825": "refused"}
    receive(store, sent(GOOD, "0825"), at=LATER)
    assert dispositions(store, "tiny", "2018")["0825"] == "submitted"
    with pytest.raises(StoreError) as caught:
        decline(store, "tiny", "2018", "0825", at=LATER)
    assert caught.value.code == "ALREADY_SUBMITTED"
    assert verify_store(store) == ()


def test_a_batch_keeps_what_can_be_kept_and_reports_each(store: Store) -> None:
    batch = [sent(GOOD), sent(GOOD, "Aahus"), sent({**GOOD, "network": 999}, "0825"), sent(GOOD, "0751")]
    outcomes = receive_all(store, [(one, WHEN) for one in batch])
    assert [type(one) for one in outcomes] == [Saved, NotReceived, Refused, Saved]
    assert dispositions(store, "tiny", "2018") == {"0101": "submitted", "0751": "submitted", "0825": "no_answer"}


def test_records_of_one_unit_stand_side_by_side(store: Store) -> None:
    for number in range(3):
        one = Submission("visits", "1", "0101", {"people": number}, record=f"r{number}")
        assert isinstance(receive(store, one, at=WHEN), Saved)
    assert response(store, wave="1", record="r2").answers == {"people": 2}
    assert verify_store(store) == ()


def test_threads_that_save_at_once_lose_nothing(store: Store) -> None:
    outcomes: list[object] = []

    def work(unit: str) -> None:
        for number in range(20):
            answers = {"placed": number, "remark": f"{unit} {number}"}
            outcomes.append(receive(store, sent(answers, unit, actor=unit, submit=False), at=WHEN))

    threads = [threading.Thread(target=work, args=(unit,)) for unit in ("0101", "0751", "0751")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, Saved) for one in outcomes)
    assert len(outcomes) == 60
    assert response(store, "0101").answers == {"placed": 19, "remark": "0101 19"}
    assert verify_store(store) == ()
