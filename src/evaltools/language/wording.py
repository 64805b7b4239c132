"""Words for shares, whole sentences with one full stop, lists and the Danish alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Final

from evaltools.language.numbers import half_up
from evaltools.language.plain_yaml import plain_yaml
from evaltools.language.text import Language
from evaltools.language.texts import texts

_DANISH_AS: Final = {"aa": "å", "ä": "æ", "ö": "ø", "ü": "y", "ð": "d", "þ": "th"}
_AFTER_Z: Final = {"æ": "\U0010fffd\x01", "ø": "\U0010fffd\x02", "å": "\U0010fffd\x03"}
_ENDS: Final = (".", "!", "?", "…")


@cache
def word_scale_bounds() -> tuple[tuple[int, str], ...]:
    """Lower bound in whole per cent and the word from there on, highest first (`word_scale.yaml`)."""
    text = (resources.files("evaltools.language") / "word_scale.yaml").read_text("utf-8")
    bounds = {name: int(bound) for name, bound in plain_yaml(text).items()}
    return tuple(sorted(((bound, name) for name, bound in bounds.items()), reverse=True))


def word_for_share(share: float) -> str:
    """The key of the word for a share (0-1). `all` and `none` are exact; the others go by the whole per cent shown.

    >>> word_for_share(1.0), word_for_share(0.996), word_for_share(0.5), word_for_share(0.001), word_for_share(0.0)
    ('all', 'nearly_all', 'about_half', 'single', 'none')
    """
    if share <= 0:
        return "none"
    if share >= 1:
        return "all"
    shown = min(int(half_up(100 * share)), 99)
    return next(name for bound, name in word_scale_bounds() if shown >= bound)


def word_scale(share: float, language: Language = "da") -> str:
    """The word for a share (0-1).

    >>> word_scale(0.6), word_scale(0.92, "en")
    ('et flertal', 'nearly all')
    """
    return texts(language).say(f"language.scale.{word_for_share(share)}")


def full_stop(text: str) -> str:
    """The sentence with exactly one stop, also after an abbreviation or a number that ends in one.

    >>> full_stop("Andelen er 9,14 pct."), full_stop("Andelen er høj")
    ('Andelen er 9,14 pct.', 'Andelen er høj.')
    """
    bare = text.rstrip()
    return bare if bare.rstrip("»«”\"'").endswith(_ENDS) else f"{bare}."


def without_second_stop(shown: str, following: str) -> str:
    """What follows a shown number, without the stop that the number already brings.

    >>> without_second_stop("9,14 pct.", ". Næste"), without_second_stop("9,14 pct.", "...")
    (' Næste', '...')
    """
    doubled = shown.endswith(".") and following.startswith(".") and not following.startswith("..")
    return following[1:] if doubled else following


def join_sentence(*parts: str) -> str:
    """Parts joined by blanks into one sentence: empty parts left out, first letter large, one full stop.

    >>> join_sentence("andelen er", "", "9,14 pct.")
    'Andelen er 9,14 pct.'
    """
    return full_stop(capitalised(" ".join(part for part in parts if part)))


def capitalised(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is.

    >>> capitalised("ærligt talt om DIN")
    'Ærligt talt om DIN'
    """
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str], language: Language = "da") -> str:
    """Parts as a list in running text.

    >>> listed(["a", "b", "c"]), listed(["a"], "en")
    ('a, b og c', 'a')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {texts(language).say('language.and')} {parts[-1]}"


def danish_key(text: str) -> tuple[str, str]:
    """A sort key after the Danish alphabet: æ, ø, å last, aa as å, capitals and foreign accents beside their letter.

    >>> sorted(["Aalborg", "Ærø", "Odense", "Ølstykke", "Årre", "Zealand"], key=danish_key)
    ['Odense', 'Zealand', 'Ærø', 'Ølstykke', 'Aalborg', 'Årre']
    """
    letters = unicodedata.normalize("NFC", text).casefold()
    for written, read in _DANISH_AS.items():
        letters = letters.replace(written, read)
    return "".join(_AFTER_Z.get(letter) or _plain(letter) for letter in letters), text


def sorted_danish(names: Iterable[str]) -> list[str]:
    """Names in Danish alphabetical order.

    >>> sorted_danish(["Aarhus", "Vejle", "Assens"])
    ['Assens', 'Vejle', 'Aarhus']
    """
    return sorted(names, key=danish_key)


def _plain(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def without_common_start(labels: Sequence[str]) -> list[str]:
    """The labels without a beginning up to a colon that all of them share.

    >>> without_common_start(["Status: A", "Status: B"]), without_common_start(["A", "B"])
    (['A', 'B'], ['A', 'B'])
    """
    start = labels[0].partition(": ")[0] + ": " if labels else ""
    shared = len(set(labels)) > 1 and all(label.startswith(start) for label in labels)
    return [label.removeprefix(start) if shared else label for label in labels]
