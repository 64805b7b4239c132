"""However a CPR number is written, it does not come in; numbers that only look a little like one do."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from evaltools.collect import check_answers, read_answers
from evaltools.collect.personal import has_contact, has_cpr_number, holds_cpr_number
from evaltools.schema import fields
from every_kind import every_kind

Q = every_kind()

SCRIPTS = ("0", "\uff10", "\u0660", "\u06f0", "\u0966", "\U0001d7ce")
"""The zero of plain, full-width, Arabic, Persian, Devanagari and bold digits."""

MARKS = ("-", "\u2013", "\u2014", "\u2010", "\u2011", "\u2012", "\u2212", "\ufe63", "\uff0d", "/", ".", "_", ":", "")
BLANKS = ("", " ", "\u00a0", "\u202f", "\u2009", "\u3000", "\t", "\n", "\r\n", "  ")
UNSEEN = ("", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "\u202d")

dates = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
serials = st.integers(0, 9999).map("{:04}".format)


def in_script(digits: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in digits)


@st.composite
def cpr_numbers(draw: st.DrawFn) -> str:
    date, zero = draw(dates), draw(st.sampled_from(SCRIPTS))
    between = draw(st.sampled_from(BLANKS)) + draw(st.sampled_from(MARKS)) + draw(st.sampled_from(BLANKS))
    begin, end = in_script(f"{date:%d%m%y}", zero), in_script(draw(serials), zero)
    unseen = draw(st.sampled_from(UNSEEN))
    return begin[:3] + unseen + begin[3:] + between + unseen + end


@st.composite
def with_marks_between(draw: st.DrawFn) -> str:
    date, mark = draw(dates), draw(st.sampled_from(("-", "/", ".", " ", "\u2013", "\u00a0")))
    last = draw(st.sampled_from((mark, "-", " - ", "\u2013")))
    return f"{date:%d}{mark}{date:%m}{mark}{date:%y}{last}{draw(serials)}"


surroundings = st.sampled_from(("", "Barnet ", "(cpr.nr. ", "født\n", "Nr:", "\u201e"))
endings = st.sampled_from(("", ".", " er anbragt", ")", "\nog", ", "))


@seed(2018)
@settings(max_examples=1500, deadline=None)
@given(st.one_of(cpr_numbers(), with_marks_between()), surroundings, endings)
@example("010203\u200b1234", "", "")
@example("\uff10\uff11\uff10\uff12\uff10\uff13\uff0d\uff11\uff12\uff13\uff14", "", "")
def test_a_cpr_number_is_refused_in_every_field_and_reason_of_every_kind(number: str, before: str, after: str) -> None:
    text = before + number + after
    assert has_cpr_number(text)
    names = [field.name for field in fields(Q)] + [f"{rule.name}__reason" for rule in Q.rules]
    reading = read_answers(Q, {**dict.fromkeys(names, text), "why": [text]}, "da")
    assert reading.changes == {}
    digits = number[-4:]
    assert all(digits not in problem.message + problem.remedy for problem in reading.problems)


@seed(2018)
@settings(max_examples=300, deadline=None)
@given(dates, serials)
def test_a_number_of_ten_digits_that_begins_with_a_date_is_refused_as_a_number_too(date: dt.date, last: str) -> None:
    number = int(f"{date:%d%m%y}{last}")
    if number < 10**9:
        return
    assert holds_cpr_number(number)
    assert holds_cpr_number(float(number))
    assert holds_cpr_number({"value": [number]})
    reading = read_answers(Q, {"placed": number, "network": float(number), "words": number}, "da")
    assert reading.changes == {}


@seed(2018)
@settings(max_examples=500, deadline=None)
@given(st.integers(0, 10**10 - 1).map("{:010}".format))
def test_ten_digits_are_refused_exactly_when_they_begin_with_a_date(digits: str) -> None:
    try:
        dt.date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
        is_date = True
    except ValueError:
        is_date = digits[:4] == "2902" and _is_leap(1900 + int(digits[4:6]))
    assert has_cpr_number(digits) is is_date


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and year % 100 != 0


@pytest.mark.parametrize(
    "text",
    [
        "konto 1234-1234567890",  # the twelfth month has no 34th day
        "reg. 4183 konto 4183001234567",
        "DK50 0040 0440 1162 43",
        "EAN 5790001234567",
        "CVR 29 18 99 75",
        "j.nr. 2018-123456",
        "SAG-2018-00123-4",
        "KLE 27.24.00-G01-12-18",
        "27.24.00-P27-1-18",
        "1.012.001.234 kr.",
        "1 012 001 234 kr.",
        "i 2017, 2018 og 2019",
        "fra 01.02.2018 til 03.04.2019",
        "01.02.2018 1200 børn",
        "31.12.17 1200 børn",
        "+45 22 34 56 78",
        "0045 2234 5678",
        "4522345678",
        "010203",
        "32.13.99-1234",
        "§ 52, stk. 3, nr. 7, jf. lov nr. 1114 af 30. august 2018",
        "http://www.kommune.dk/2018/01/02",
    ],
)
def test_accounts_amounts_case_numbers_dates_and_phones_are_no_cpr_numbers(text: str) -> None:
    assert not has_cpr_number(text)
    assert read_answers(Q, {"words": text}, "da").changes == {"words": text}


@pytest.mark.parametrize(
    "text",
    [
        "+45 22 34 56 78",
        "+4522345678",
        "0045 22345678",
        "(+45) 2234 5678",
        "22-34-56-78",
        "2234-5678",
        "22\u00a034\u00a056\u00a078",
        "\uff12\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "mor\uff20mail.dk",
        "Ring til 22.34.56.78!",
    ],
)
def test_a_phone_number_or_mail_asks_for_a_second_look_however_it_is_written(text: str) -> None:
    assert has_contact(text)
    (doubt,) = (one for one in check_answers(Q, {"words": text}, "da") if one.field == "words")
    assert (doubt.level, doubt.code) == ("explain", "contact_in_words")


def test_a_phone_number_in_a_reason_asks_for_a_look_and_stops_nobody() -> None:
    rule = Q.rules[0]
    found = check_answers(Q, {f"{rule.name}__reason": "Ring 22 34 56 78"}, "da")
    assert ("note", "CONTACT_IN_REASON", rule.at) in [(one.level, one.code, one.field) for one in found]
    found = check_answers(Q, {"contact_in_words__reason": "010203-1234"}, "da")
    assert ("CPR_NUMBER", "words") in [(one.code, one.field) for one in found]


def test_an_amount_with_marks_between_the_thousands_is_never_refused() -> None:
    assert read_answers(Q, {"placed": "1.012.001.234"}, "da").changes == {"placed": 1012001234}
    (refused,) = read_answers(Q, {"placed": "1012001234"}, "da").problems
    assert refused.code == "CPR_AS_ANSWER"
    assert "1.012.001.234" in refused.remedy
