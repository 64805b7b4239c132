"""The numbers of a local report are those that plain counting over the same answers gives."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pytest

from evaltools.document.model import Paragraph, Table
from evaltools.document.walk import plain_text
from evaltools.errors import DataError
from evaltools.estimate.durations import breakdown_rate
from evaltools.language import Language
from evaltools.local import SYSTEMS, Local, make_report, one_place, system_named, write_report
from evaltools.local.blocks import indicator_values
from evaltools.local.koebenhavn import power_against
from evaltools.local.spans import placements
from evaltools.schema.missing import Missing
from local_files import (
    INDICATORS,
    Answers,
    Line,
    exported,
    first_place,
    labelled,
    lines,
    local,
    of_first_place,
    published,
    read,
    shuffled,
    with_dates,
    with_weeks,
    write_csv,
)
from pdf_words import pdf_words

MEETINGS, RESPITE, PLACEMENTS = "network_meeting", "respite", "placement_followup"
Counts = tuple[int, int]


def share(answers: Sequence[Answers], base: Callable[[Answers], bool], yes: Callable[[Answers], bool]) -> Counts:
    of = [each for each in answers if base(each)]
    return sum(map(yes, of)), len(of)


def known(*names: str) -> Callable[[Answers], bool]:
    return lambda each: all(not isinstance(each.get(name, Missing.NOT_ANSWERED), Missing) for name in names)


def one_of(name: str, *codes: str) -> Callable[[Answers], bool]:
    return lambda each: each.get(name) in codes


def total(answers: Sequence[Answers], part: str, *whole: str) -> Counts:
    of = [each for each in answers if known(part, *whole)(each)]
    return sum(int(str(each[part])) for each in of), sum(int(str(each[name])) for each in of for name in whole)


def weeks(each: Answers) -> int:
    return (int(each["held_year"]) - int(each["asked_year"])) * 52 + int(each["held_week"]) - int(each["asked_week"])  # type: ignore[arg-type]


def months_since_held(each: Answers, text: object) -> int:
    day = dt.date.fromisocalendar(int(each["held_year"]), int(each["held_week"]), 4)  # type: ignore[arg-type]
    return int(str(text)[:4]) * 12 + int(str(text)[5:]) - day.year * 12 - day.month


def elements(answers: Sequence[Answers], grid: str) -> Counts:
    found = [value for each in answers for name, value in each.items() if name.startswith(f"{grid}_")]
    return found.count("1"), found.count("1") + found.count("2")


def meetings_by_hand(answers: list[Answers]) -> dict[str, Counts]:
    old = [
        each for each in answers if known("held_year", "held_week")(each) and months_since_held(each, "2018-12") >= 3
    ]
    three = [each for each in old if each.get("followup_held") == "2" or known("followup_month")(each)]
    both_weeks = known("asked_year", "asked_week", "held_year", "held_week")
    return {
        "r1_held": share(answers, known("held"), one_of("held", "1")),
        "r1_neutral_chair": share(answers, known("lead"), one_of("lead", "1", "2", "3")),
        "r1_child_present": share(answers, known("child_present"), one_of("child_present", "1", "2")),
        "r1_plan_written": share(answers, known("plan_written"), one_of("plan_written", "1")),
        "r1_safety_plan": share(answers, known("safety_plan"), one_of("safety_plan", "1")),
        "r1_private_share": total(answers, "n_private", "n_private", "n_professional"),
        "r1_network_actions": total(answers, "n_actions_private", "n_actions"),
        "r1_within_four_weeks": share(answers, both_weeks, lambda each: weeks(each) <= 4),
        "r1_three_months": share(three, lambda _: True, soon_followed),
        "r1_fidelity_m1": elements(answers, "core_m1"),
        "r1_fidelity_m3": elements(answers, "core_m3"),
    }


def soon_followed(each: Answers) -> bool:
    return known("followup_month")(each) and months_since_held(each, each["followup_month"]) <= 3


def respite_by_hand(answers: list[Answers]) -> dict[str, Counts]:
    found = one_of("outcome", "1", "2")
    network = one_of("outcome", "1")
    investigated = [each for each in answers if each["new_investigation"] == "1"]
    return {
        "r2_network_families": share([e for e in answers if e.get("family_new") == "1"], found, network),
        "r2_network_children": share([e for e in answers if e.get("ended") == "2"], found, network),
        "r2_genogram": share(investigated, known("genogram_done"), one_of("genogram_done", "1")),
        "r2_waiting": share(answers, known("outcome"), one_of("outcome", "5")),
    }


def placements_by_hand(answers: list[Answers]) -> dict[str, Counts]:
    network, broke = one_of("placement_type", "1", "2"), one_of("end_type", "4", "5", "6", "7")
    return {
        "r3_network_new": share(answers, lambda e: e.get("start_month") == e.get("followed_from"), network),
        "r3_network_stock": share(answers, one_of("status", "1"), network),
        "r3_breakdown": share(answers, known("status"), broke),
        "r3_breakdown_network": share(answers, network, broke),
        "r3_less_intrusive": share(answers, known("less_intrusive"), one_of("less_intrusive", "1", "2")),
        "r3_thriving": share(answers, known("thriving_c"), one_of("thriving_c", "4", "5")),
    }


BY_HAND = {MEETINGS: meetings_by_hand, RESPITE: respite_by_hand, PLACEMENTS: placements_by_hand}


def by_hand(survey: str) -> dict[str, Counts]:
    """Indicators counted with plain Python over the answers themselves."""
    return BY_HAND[survey](of_first_place(survey))


def counted(whole: Local, names: Sequence[str]) -> dict[str, Counts]:
    return {name: (whole.tally(name).count, whole.tally(name).base) for name in names}


@pytest.mark.parametrize("survey", [MEETINGS, RESPITE, PLACEMENTS])
def test_every_indicator_is_what_counting_by_hand_gives(survey: str) -> None:
    expected = by_hand(survey)
    assert counted(local(exported(survey), survey), list(expected)) == expected
    assert all(base > 0 for _, base in expected.values())


def as_by_hand(survey: str) -> list[dict[str, object]]:
    """The register as a municipality keeps it: labels, shuffled columns, other dates."""
    rows = lines(survey, only=first_place(survey), change=labelled)
    if survey == MEETINGS:
        both = [row for row in rows if (int(str(row["asked_week"])) > 0) == (int(str(row["asked_year"])) > 0)]
        rows = (
            with_weeks(both, ("asked", "held"), lambda year, week: f"{year}-W{week:02d}")
            if len(both) == len(rows)
            else rows
        )
    months = {
        MEETINGS: ("followup_month",),
        RESPITE: ("request_month", "match_month"),
        PLACEMENTS: ("start_month", "end_month"),
    }
    return shuffled(with_dates(rows, months[survey], lambda year, month: f"15/{month:02d}/{year}"))


@pytest.mark.parametrize("survey", [MEETINGS, RESPITE, PLACEMENTS])
def test_a_file_made_by_hand_gives_the_same_numbers(survey: str, tmp_path: Path) -> None:
    names = list(by_hand(survey))
    by_hand_file = write_csv(tmp_path / "by_hand.csv", as_by_hand(survey), delimiter=";")
    whole, other = local(exported(survey), survey), local(by_hand_file, survey)
    assert [indicator_values(other, name) for name in names] == [indicator_values(whole, name) for name in names]


def test_missing_follow_ups_change_only_what_is_about_follow_ups(tmp_path: Path) -> None:
    gone = [
        row | dict.fromkeys(("followup_held", "followup_month", "actions_kept"), "")
        for row in lines(MEETINGS, only=first_place(MEETINGS))
    ]
    whole, without = local(exported(MEETINGS), MEETINGS), local(write_csv(tmp_path / "gone.csv", gone), MEETINGS)
    about = {"r1_three_months", "r1_actions_kept", "r1_followed_up"}
    for name in SYSTEMS["randers"].indicators:
        if name not in about:
            kept, same = whole.tally(name), without.tally(name)
            assert (kept.count, kept.base, kept.missing) == (same.count, same.base, same.missing)
    lost = without.tally("r1_three_months")
    assert (lost.count, lost.base) == (0, 0)
    held = sum(each.get("held") == "1" for each in of_first_place(MEETINGS))
    assert lost.missing == held


def test_breakdowns_per_100_years_are_events_over_the_months_that_were_followed() -> None:
    """A start lies in the middle of its month; who was followed from later on counts from the first of that month."""
    whole = local(exported(PLACEMENTS), PLACEMENTS)
    events, months = 0, 0.0
    for each in of_first_place(PLACEMENTS):
        start, followed, last = (number(each[name]) for name in ("start_month", "followed_from", "start_month"))
        if each["status"] == "2":
            last = number(each["end_month"])
            events += each["end_type"] in ("4", "5", "6", "7")
            until = max(last - start, 0.5)
        else:
            until = number("2018-12") + 0.5 - start
        months += until - max(0.0, followed - 0.5 - start if followed > start else 0.0)
    found = placements(whole)
    assert found is not None
    row = breakdown_rate(found, ending="breakdown").rows[0]
    assert row.count == events
    assert row.base == pytest.approx(months / 12, rel=1e-9)
    assert row.estimate == pytest.approx(100 * events / (months / 12), rel=1e-9)


def number(month: object) -> int:
    return int(str(month)[:4]) * 12 + int(str(month)[5:])


def test_the_power_against_a_target_is_the_chance_that_the_exact_test_rejects_it() -> None:
    # R 4.2: sum(dbinom(0:98, 98, 22/98)[sapply(0:98, function(k) binom.test(k, 98, 0.33)$p.value) < 0.05])
    assert power_against(98, 22 / 98, 0.33) == pytest.approx(0.5568377, abs=1e-7)
    assert power_against(400, 22 / 98, 0.33) > 0.99
    assert power_against(30, 0.33, 0.33) < 0.05


FILES = {"randers": MEETINGS, "koebenhavn": RESPITE, "aalborg": PLACEMENTS, "pathway": PLACEMENTS}
PAGES = {"pathway": 1}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("language", "internal"), [("da", False), ("en", True)])
def test_each_report_is_two_pages_with_six_indicators_or_more(
    name: str, language: Language, internal: bool, tmp_path: Path
) -> None:
    whole = local(exported(FILES[name]), FILES[name], internal=internal, language=language)
    made = make_report(SYSTEMS[name], whole, dt.date(2018, 12, 31)) if internal else published(name, FILES[name])
    files = write_report(made, tmp_path / "out")
    ends = (".pdf", ".docx", ".html", ".json", *(["_told.csv"] if internal else []))
    assert [file.name for file in files] == [f"{name}{end}" for end in ends]
    with pikepdf.open(files[0]) as pdf:
        assert len(pdf.pages) == PAGES.get(name, 2)
    data = json.loads(files[3].read_text("utf-8"))
    assert len(data["indicators"]) >= 6
    shown = " ".join(pdf_words(files[0]).split())
    for each in data["indicators"] if name != "pathway" else ():
        if each.get("shown"):
            of = "ud af" if language == "da" else "of"
            assert f"{each['count']} {of} {each['base']}" in shown.replace(".", "").replace(",", ""), each["indicator"]


def test_a_report_for_publication_hides_what_the_internal_one_shows(tmp_path: Path) -> None:
    rows = lines(PLACEMENTS, only=first_place(PLACEMENTS))
    for place, row in enumerate(rows):
        row |= {"placement_type": "1" if place < 3 else "3"}
    path = write_csv(tmp_path / "few.csv", rows)
    public, own = (
        indicator_values(local(path, PLACEMENTS, internal=internal), "r3_network_new") for internal in (False, True)
    )
    stock = indicator_values(local(path, PLACEMENTS, internal=False), "r3_breakdown_network")
    assert stock["shown"] is False
    assert "count" not in stock
    assert own["shown"] is True
    assert public["shown"] is False or int(str(public["count"])) >= 5


def test_under_twenty_the_count_stands_alone(tmp_path: Path) -> None:
    rows = lines(MEETINGS, only=first_place(MEETINGS))[:15]
    small = local(write_csv(tmp_path / "small.csv", rows), MEETINGS)
    made = make_report(system_named("randers"), small, dt.date(2018, 12, 31))
    table = next(block for block in made.document.blocks if getattr(block, "id", "") == "tab-indicators")
    cells = [["".join(run.text for run in cell.inline) for cell in row] for row in table.rows]  # type: ignore[union-attr]
    of_records = [row for row in cells if not re.search("deltager|aftale|kerneelement", row[0].casefold())]
    assert {row[2] for row in of_records} == {"–"}


def without(rows: list[Line], *names: str) -> list[Line]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


@pytest.mark.parametrize(
    ("system", "rows"),
    [
        ("aalborg", without(lines(PLACEMENTS)[:12], "record_year", "quarter")),
        ("aalborg", without(lines(PLACEMENTS)[:12], *(f"fu_{turn}_at" for turn in range(1, 6)))),
        ("koebenhavn", without(lines(RESPITE)[:12], "request_month")),
        ("randers", lines(MEETINGS)[:6]),
        ("pathway", lines(PLACEMENTS)[:1]),
    ],
    ids=["no year", "no follow-ups", "no requests", "six records", "one record"],
)
def test_a_file_that_lacks_much_still_gives_a_report(system: str, rows: list[Line], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", rows)
    for internal in (True, False):
        made = make_report(SYSTEMS[system], local(path, FILES[system], internal=internal), dt.date(2018, 12, 31))
        assert made.document.box is not None
        assert made.figures


def test_municipalities_that_do_not_fit_beside_each_other_are_counted(tmp_path: Path) -> None:
    rows = [row | {"unit": f"By {place}"} for place in range(6) for row in lines(RESPITE)[:8]]
    file = read(write_csv(tmp_path / "six.csv", rows), RESPITE)
    shown = Local(file, "By 3", INDICATORS, "da", internal=True)
    blocks = SYSTEMS["koebenhavn"].shows(shown)
    beside = next(block for block in blocks if isinstance(block, Table) and "beside" in block.id)
    assert beside.header == ("", "By 3", "By 0", "By 1", "By 2")
    assert any("fra 6 kommuner" in plain_text(block.inline) for block in blocks if isinstance(block, Paragraph))


def test_one_municipality_at_a_time_unless_others_stand_beside() -> None:
    file = exported(MEETINGS)
    for wanted, code in (("", "SEVERAL_PLACES"), ("Utopia", "NO_SUCH_PLACE")):
        with pytest.raises(DataError) as refused:
            one_place(SYSTEMS["randers"], file, wanted)
        assert refused.value.code == code
    assert one_place(SYSTEMS["randers"], file, first_place(MEETINGS)) == first_place(MEETINGS)
    assert one_place(SYSTEMS["koebenhavn"], file, "") == file.places[0]


def test_a_system_that_nobody_knows_is_refused_with_near_names() -> None:
    with pytest.raises(DataError) as refused:
        system_named("rander")
    assert refused.value.code == "NO_SUCH_SYSTEM"
    assert "randers" in refused.value.faults[0].remedy
