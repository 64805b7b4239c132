"""Whatever comes in: reading never raises, routing and completion agree, what was read is read again as the same."""

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from evaltools.collect import asked, check_answers, complete, differences, read_answers, value_to_json
from evaltools.schema import Missing, fields
from evaltools.schema.model import Value
from every_kind import every_kind

Q = every_kind()
NAMES = [field.name for field in fields(Q)]
SPELLINGS = (
    "",
    "0",
    "3",
    "1.234,5",
    "ca. 40",
    "-",
    "nul",
    "2018",
    "2018-03",
    "5.3.2018",
    "fast",
    "Økonomi",
    "1;2",
    "a@b.dk",
)
raw_values = st.one_of(
    st.sampled_from(SPELLINGS),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from(["0", "1", "2", "9", "x"]), max_size=4),
    st.sampled_from(["dont_know", "cannot_be_counted", "not_asked", "x"]).map(lambda kind: {"missing": kind}),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(list(Missing)),
)
raws = st.dictionaries(
    st.sampled_from([*NAMES, "placed__missing", "like_register__reason", "nobody"]) | st.text(max_size=6),
    raw_values,
    max_size=10,
)
stages = st.fixed_dictionaries({f"stage_m{n}": st.sampled_from(["0", "1", "2", "3"]) for n in (1, 2, 3)})


@seed(1)
@settings(max_examples=500, deadline=None, database=None)
@given(raws, st.sampled_from(["da", "en"]))
def test_reading_gives_values_or_problems_for_everything(raw: dict[str, object], language: str) -> None:
    reading = read_answers(Q, raw, "da" if language == "da" else "en")
    told = {problem.field for problem in reading.problems}
    for name in raw:
        base = name.removesuffix("__missing") if name == "placed__missing" else name
        assert (base in reading.changes) != (base in told)
    assert all(problem.message and problem.remedy for problem in reading.problems)


@seed(2)
@settings(max_examples=300, deadline=None, database=None)
@given(raws, stages)
def test_what_was_read_is_completed_checked_and_read_again_as_the_same(
    raw: dict[str, object], stage: dict[str, str]
) -> None:
    changes = read_answers(Q, {**raw, **stage}, "da").changes
    answers = complete(Q, changes)
    assert asked(Q, changes) == {name for name in NAMES if answers[name] is not Missing.NOT_ASKED}
    assert complete(Q, answers) == answers
    assert all(problem.field in answers for problem in check_answers(Q, answers, "da"))
    again = read_answers(Q, {name: value_to_json(value) for name, value in changes.items()}, "en")
    assert again.problems == ()
    assert differences(changes, again.changes) == ()


@seed(3)
@settings(max_examples=200, deadline=None, database=None)
@given(st.integers(0, 10**9), st.sampled_from(["da", "en"]))
def test_a_number_shown_with_thousands_is_read_as_itself(number: int, language: str) -> None:
    shown = f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")
    reading = read_answers(Q, {"placed": shown}, "en" if language == "en" else "da")
    expected: dict[str, Value] = {"placed": number}
    assert dict(reading.changes) == expected
