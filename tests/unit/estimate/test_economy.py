"""What things cost, with the ranges of what was assumed; and what is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product

import pytest

import evaltools as ev
from evaltools.errors import DesignError
from evaltools.estimate import economy
from evaltools.estimate.economy import Amount
from evaltools.memo.expressions import evaluate_code
from evaltools.notebook import verbs
from evaltools.store.model import Snapshot

STRATEGY: dict[str, Amount | float] = {
    "advisers": Amount(2_000_000, 1_600_000, 2_600_000, "Made up for the test"),
    "days": Amount(3_000, 1_500, 4_000),
    "residential": Amount(3_500, 3_000, 4_200),
    "network": Amount(1_000, 800, 1_300),
    "share": 1.0,
}
NET = "days * share * (residential - network) - advisers"


def test_a_placement_day_costs_all_that_was_spent_by_the_days() -> None:
    found = economy.cost_per_day(Amount(54_000_000, 50_000_000, 60_000_000), 36_525)
    row = found.rows[0]
    assert row.estimate == pytest.approx(54_000_000 / 36_525)
    assert (row.low, row.high) == pytest.approx((50_000_000 / 36_525, 60_000_000 / 36_525))
    assert found.unit == "kroner"
    assert found.notes == ("Beregnet som cost / days.",)
    assert ev.number(ev.release(found)).shown[""].replace("\u00a0", " ") == "1.478 kr."


def test_one_more_of_the_effect_costs_the_differences_divided() -> None:
    found = economy.incremental_cost(1_000_000, 1_600_000, 40, Amount(52, 46, 60))
    assert found.rows[0].estimate == 50_000
    assert (found.rows[0].low, found.rows[0].high) == (30_000, 100_000)
    assert len(found.notes) == 1
    assert "billigere og bedre" in economy.incremental_cost(10, 8, 4, 5).notes[-1]
    assert "dyrere og dårligere" in economy.incremental_cost(10, 12, 5, 4).notes[-1]
    assert "cheaper and worse" in economy.incremental_cost(10, 8, 5, 4, language="en").notes[-1]


def test_an_investment_has_paid_after_the_days_that_save_it() -> None:
    found = economy.break_even(2_000_000, Amount(3_500, 3_000, 4_000), 1_000)
    assert found.rows[0].estimate == 800
    assert (found.rows[0].low, found.rows[0].high) == pytest.approx((2_000_000 / 3_000, 1_000))
    assert found.unit == "anbringelsesdøgn"
    assert found.notes[1] == "Det svarer til 2,2 års anbringelse af ét barn."


def test_later_payments_count_less_by_the_rate_that_is_named() -> None:
    found = economy.present_value([1_000, 1_000, 1_000], rate=0.035)
    assert [row.estimate for row in found.rows] == pytest.approx(
        [1_000, 1_000 / 1.035, 1_000 / 1.035**2, 2_899.694], abs=1e-3
    )
    assert found.extra["undiscounted"] == 3_000
    assert economy.present_value([5, 7], rate=0).rows[-1].estimate == 12
    with pytest.raises(TypeError, match="rate"):
        economy.present_value([1_000])  # type: ignore[call-arg]  # the rate has no default


def test_the_range_of_a_result_holds_whatever_the_amounts_are_within_theirs() -> None:
    formula = "advisers / (days * (residential - network))"
    row = economy.computed(formula, STRATEGY).rows[0]
    assert row.low is not None
    assert row.high is not None
    chance = random.Random(2)
    ranges = {name: each.range if isinstance(each, Amount) else (each, each) for name, each in STRATEGY.items()}
    for _ in range(500):
        at = {name: chance.uniform(*ends) for name, ends in ranges.items()}
        value = at["advisers"] / (at["days"] * (at["residential"] - at["network"]))
        assert row.low <= value <= row.high
    corners = [dict(zip(ranges, ends, strict=True)) for ends in product(*ranges.values())]
    values = [each["advisers"] / (each["days"] * (each["residential"] - each["network"])) for each in corners]
    assert (row.low, row.high) == pytest.approx((min(values), max(values)))


def test_a_tornado_moves_one_amount_at_a_time_the_widest_first() -> None:
    found = economy.tornado(NET, STRATEGY, label="Besparelse", names={"days": "Døgn, der flyttes"})
    assert found.extra["result"] == 3_000 * 2_500 - 2_000_000
    assert {row.estimate for row in found.rows} == {5_500_000}
    widths = [(row.high or 0) - (row.low or 0) for row in found.rows]
    assert widths == sorted(widths, reverse=True)
    assert [row.key for row in found.rows] == ["days", "residential", "network", "advisers"]
    assert found.rows[0].labels == ("Døgn, der flyttes (1.500–4.000)",)
    assert (found.extra["low:days"], found.extra["high:days"]) == (1_750_000, 8_000_000)
    network = found.row(amount="network")
    assert (network.low, network.high) == (4_600_000, 6_100_000)
    assert found.extra["low:network"] > found.extra["high:network"]
    assert found.source.citation == "Made up for the test"


def test_a_tornado_chart_has_its_words_its_data_and_the_mark_of_made_up_amounts() -> None:
    amounts = {**STRATEGY, "days": Amount(3_000, 1_500, 4_000, origin="rehearsal")}
    made = ev.tornado_chart(ev.release(economy.tornado(NET, amounts, label="Besparelse")), "Døgnene afgør det")
    assert made.title == "Døgnene afgør det (Øvelsesdata)"
    assert "Øvelsesdata" in made.svg
    assert made.alt.startswith("Tornadodiagram: Døgnene afgør det")
    assert "days (1.500–4.000) 1.750.000–8.000.000" in made.alt
    assert "som antaget: 5.500.000" in made.alt
    assert made.note.startswith("Anm.: Viser: Besparelse.")
    assert "flyttet for sig" in made.note
    assert made.rows[0][0] == "days (1.500–4.000)"
    assert (made.rows[0][4], made.rows[0][5]) == (1_750_000, 8_000_000)
    assert "som antaget" in made.svg
    english = ev.tornado_chart(ev.release(economy.tornado(NET, STRATEGY, language="en")), "Days decide", language="en")
    assert english.alt.startswith("Tornado chart: Days decide")


RESULTS: dict[str, Callable[[], ev.Estimate]] = {
    "computed": lambda: economy.computed(NET, STRATEGY, label="Besparelse"),
    "cost_per_day": lambda: economy.cost_per_day(Amount(900, 800), 30, language="en"),
    "incremental_cost": lambda: economy.incremental_cost(1, 2, 3, 5),
    "break_even": lambda: economy.break_even(2_000, Amount(35, origin="rehearsal"), 10),
    "present_value": lambda: economy.present_value([3, 4], rate=0.02),
    "tornado": lambda: economy.tornado(NET, STRATEGY, names={"days": "Døgn"}, unit="kroner"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_recorded_code_and_r_give_the_result_again(name: str) -> None:
    made = RESULTS[name]()
    nothing = Snapshot.__new__(Snapshot)
    again = evaluate_code(made.source.code, verbs.recorded_verbs(nothing, {}), {})
    assert isinstance(again, ev.Estimate)
    assert again.rows == made.rows
    assert again.source == made.source
    assert made.r_code().startswith(("with(list(", "sum(c("))


MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "an unknown amount": ("NO_SUCH_AMOUNT", lambda: economy.computed("cost / dage", {"cost": 1, "days": 2})),
    "a call": ("BAD_FORMULA", lambda: economy.computed("exp(cost)", {"cost": 1})),
    "half a formula": ("BAD_FORMULA", lambda: economy.computed("cost /", {"cost": 1})),
    "a formula without end": ("BAD_FORMULA", lambda: economy.computed("1 + " * 200 + "1", {})),
    "nothing to divide by": ("DIVIDED_BY_ZERO", lambda: economy.computed("cost / days", {"cost": 1, "days": 0})),
    "perhaps nothing": ("DIVIDED_BY_ZERO", lambda: economy.computed("1 / gain", {"gain": Amount(1, -1, 2)})),
    "an effect that may be none": ("DIVIDED_BY_ZERO", lambda: economy.incremental_cost(1, 2, 3, Amount(4, 2, 5))),
    "no effect": ("SAME_EFFECT", lambda: economy.incremental_cost(1, 2, 3, 3)),
    "no number": ("AMOUNT_NOT_A_NUMBER", lambda: economy.computed("cost", {"cost": "1.000"})),  # type: ignore[dict-item]
    "an endless number": ("AMOUNT_NOT_A_NUMBER", lambda: economy.cost_per_day(float("inf"), 3)),
    "a payment that is none": ("AMOUNT_NOT_A_NUMBER", lambda: economy.present_value([float("nan")], rate=0.03)),
    "outside its range": ("RANGE_WRONG", lambda: economy.cost_per_day(Amount(5, 6, 9), 3)),
    "no days": ("NOT_POSITIVE", lambda: economy.cost_per_day(5, 0)),
    "no investment": ("NOT_POSITIVE", lambda: economy.break_even(0, 5, 2)),
    "dearer than before": ("NEVER_PAYS", lambda: economy.break_even(10, 5, 6)),
    "perhaps dearer": ("NEVER_PAYS", lambda: economy.break_even(10, Amount(5, 4, 6), Amount(3, 2, 4))),
    "no payment": ("NO_PAYMENTS", lambda: economy.present_value([], rate=0.03)),
    "a rate in per cent": ("RATE_NOT_A_SHARE", lambda: economy.present_value([1], rate=3.5)),
    "nothing uncertain": ("NO_RANGES", lambda: economy.tornado("cost / days", {"cost": 1, "days": 2})),
    "too much uncertain": (
        "TOO_MANY_RANGES",
        lambda: economy.computed(" + ".join(f"a{n}" for n in range(13)), {f"a{n}": Amount(1, 0, 2) for n in range(13)}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_makes_no_sense_is_refused_with_a_remedy(mistake: str) -> None:
    code, made = MISTAKES[mistake]
    with pytest.raises(DesignError) as refused:
        made()
    assert refused.value.code == code
    assert refused.value.faults[0].remedy
