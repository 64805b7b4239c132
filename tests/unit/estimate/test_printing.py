"""How estimates and tests look in a terminal and in a notebook."""

from __future__ import annotations

import pandas as pd

from evaltools.estimate import (
    bootstrap,
    contrast,
    crosstab,
    design,
    mcnemar,
    mean,
    proportion,
    rake,
    rao_scott,
    response,
    survey_design,
    t_test,
)
from municipal_survey import municipal_data

ANSWERED = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})


def test_a_share_prints_in_the_words_of_the_survey_with_interval_answers_population_and_method() -> None:
    shown = repr(proportion(design(municipal_data(), strata="region"), "use", category="user"))
    first, *rows = shown.replace("\u00a0", " ").splitlines()
    assert first == "Andel: use: Hvad med use?"
    assert rows[0].split() == ["Estimat", "95", "%-interval", "n", "N"]
    assert rows[1] == "Familierådslagning         40,8 %  34,7 % til 46,9 %  69  98"
    assert rows[4] == "Metode: prædiktivt interval (betabinomial efter svarcelle)."


def test_only_the_labels_that_tell_rows_apart_are_shown() -> None:
    shown = repr(proportion(survey_design(ANSWERED, population=98), "uses", category="yes", by="size")).splitlines()
    assert [line.split()[0] for line in shown[2:4]] == ["large", "small"]


def test_a_single_row_keeps_a_name_and_a_mean_its_own_unit() -> None:
    frame = pd.DataFrame({"x": [1000.5, 2000.0, 3000.0, 4000.0]})
    line = repr(mean(survey_design(frame, population=4), "x")).splitlines()[2]
    assert line.split() == ["x", "2,500", "2,500", "to", "2,500", "4", "4"]


def test_what_has_no_interval_prints_none() -> None:
    shown = repr(response(municipal_data()))
    assert "interval" not in shown.splitlines()[1]
    assert "70,4" in shown


def test_a_difference_is_told_in_per_cent_and_a_test_with_its_degrees_of_freedom() -> None:
    sample = survey_design(ANSWERED, population=98)
    assert "40.8%" in repr(contrast(proportion(sample, "uses"), {"yes": 1, "no": -1}))
    title, header, numbers, method, *_ = repr(rao_scott(sample, "size", "uses")).splitlines()
    assert (title, header.split(), numbers.split()) == (
        "Test: size x uses",
        ["Statistic", "df", "p"],
        ["0.1200", "1;", "70", "0.7300"],
    )
    assert method == "Method: Rao-Scott F test (second order)."


def test_a_notebook_shows_a_table_with_headings_in_which_nothing_of_the_data_is_code() -> None:
    frame = ANSWERED.assign(uses=ANSWERED["uses"].replace("yes", "<b>yes</b>"))
    shown = crosstab(survey_design(frame, population=98), "size", "uses")._repr_html_()
    assert '<th scope="col">n</th>' in shown
    assert "<b>" not in shown
    assert "&lt;b&gt;yes&lt;/b&gt;" in shown
    assert rao_scott(survey_design(frame, population=98), "size", "uses")._repr_html_().startswith("<table>")


def test_a_mean_prints_its_unit_and_the_degrees_of_freedom_of_each_group_and_a_counted_share_none() -> None:
    census = design(municipal_data(), strata="region")
    title, header, large, *_ = repr(mean(census, "placed", by="size")).splitlines()
    assert title.startswith("Gennemsnit (børn): placed")
    assert header.split()[-3:] == ["df", "n", "N"]
    assert large.split()[-3:] == ["17", "21", "26"]
    assert "df" not in repr(proportion(census, "use", category="user"))


def test_a_tiny_p_value_is_told_as_below_and_a_test_tells_what_it_is_about() -> None:
    tested = repr(t_test(design(municipal_data()), "network"))
    assert tested.splitlines()[1].split() == ["Estimat", "Teststørrelse", "df", "p"]
    assert "< 0,0001" in tested
    assert "ntervallet" not in tested
    assert "< 0,0001" in repr(mcnemar(design(municipal_data()), "why_1", "why_2"))


def test_fitted_weights_say_what_they_assume_of_the_silent_and_how_replicates_follow_them() -> None:
    raked = rake(design(municipal_data()), ["region", "size"])
    shown = repr(mean(raked, "network"))
    assert "ligner hinanden i region, size" in shown
    assert "faktorer 0,75" in shown
    assert "første orden" not in shown
    assert "første orden" in repr(mean(bootstrap(raked, replicates=20, seed=1), "network"))
