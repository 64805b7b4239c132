import re
from pathlib import Path

import pytest

from evaltools.language import texts
from evaltools.language.text import LANGUAGES, Language

HOUSE = Path(__file__).parents[3] / "src" / "evaltools"
CODES = sorted(
    {
        code
        for room in ("collect", "store/answers")  # the store says whose a workbook is
        for file in (HOUSE / room).rglob("*.py")
        for found in re.findall(r'(?:Trouble\(\s*|return )"([A-Z_]+)"|"(WORKBOOK_[A-Z_]+)"', file.read_text("utf-8"))
        for code in found
        if code
    }
)


def test_the_codes_are_found_in_the_code() -> None:
    assert {"NOT_A_NUMBER", "APPROXIMATE", "CPR_NUMBER", "MORE_THAN_ALL"} <= set(CODES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_trouble_says_what_it_is_and_what_to_do(code: str, language: Language) -> None:
    by_key = texts(language).by_key
    message, remedy = (by_key[f"collect.{code.lower()}.{part}"] for part in ("message", "remedy"))
    assert message.endswith((".", "!"))
    assert remedy.endswith((".", "}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_trouble_is_described_that_cannot_happen(language: Language) -> None:
    described = {key.split(".")[1] for key in texts(language).by_key if re.fullmatch(r"collect\.\w+\.message", key)}
    assert described == {code.lower() for code in CODES}


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    danish, english = (texts(language).by_key for language in LANGUAGES)
    for room in ("collect.", "schema."):
        keys = {key for key in danish if key.startswith(room)}
        assert keys == {key for key in english if key.startswith(room)}
        for key in keys:
            assert set(re.findall(r"{\w+}", danish[key])) == set(re.findall(r"{\w+}", english[key])), key
