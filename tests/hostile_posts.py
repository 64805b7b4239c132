"""Posts of the form's pages as nobody's browser sends them, made at random from a questionnaire."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from evaltools.collect.missing_input import MISSING_SUFFIX
from evaltools.schema import Field, Questionnaire, Section, fields
from evaltools.schema.model import REASON_SUFFIX
from evaltools.web.form.posted_names import AS_SHOWN_SUFFIX, CHOICE_SUFFIX, SHOWN, TURNS_SUFFIX

CPR_NUMBERS = ("0101801234", "3112994321", "2902004444")
"""Nobody's: the dates are days, the last four digits are made up."""

_HOSTILE = (
    "", " ", "\0", "12\0", "\x1b[31m", "\u202e12", "\u200b", "\ufeff7", "\u0661\u0662\u0663", "\uff11\uff12\uff13",
    "\u00b2\u00b3", "\u00bd", "\u2155", "\u216b", "9" * 5000, "-" + "9" * 5000, "0." + "0" * 5000 + "1", "1e309",
    "-1e400", "NaN", "inf", "-Infinity", "0x10", "1_000", "\u22125", "-0", "+-5", "1.2.3", "1,2,3", "12,", ",5", "1 2",
    "ca. 40", "40-50", "true", "false", "None", "null", "[]", "{}", "[1]", '{"missing": "not_asked"}', "missing:",
    "missing:not_asked", "missing:unit_nonresponse", "missing:dont_know", "-5", "-6", "-9", "not_asked", "not_answered",
    "31.02.2018", "29.2.2017", "00.00.0000", "2018-13", "99999-01-01", "0000", "10000", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "'; DROP TABLE answers;--", "{{7*7}}", "{% for x in y %}", "${7*7}", "=1+1", "@SUM(A1)",
    "\r\nSet-Cookie: a=b", "%00", "%s%n", "../../etc/passwd", "a" * 1001, "\u00e6" * 20_000, "e\u0301" * 700, "\U0001f600" * 300,
    "a@b.dk", "a@b", "Ring 22 34 56 78", "Tekst\r\nmed linjer\u2028og flere", "\u2029", "A\u030a",
)  # fmt: skip
_RAW = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"%", b"%zz", b"%uD800", b"+%2B&=;#", b"12\xe6")
_NAMES = ("csrf", "base_version", "action", "__proto__", "", " ", "a" * 300, "\0", "answers", "unit", "record", "tied", "add",
          "clear", SHOWN, "lang", "[]", "q[0]", "æøå", "__missing", "__reason")  # fmt: skip
_SUFFIXES = (MISSING_SUFFIX, AS_SHOWN_SUFFIX, CHOICE_SUFFIX, TURNS_SUFFIX, REASON_SUFFIX, "_of", "_text", "__x", "_1")
_VERSIONS = (
    "",
    "-1",
    "x",
    "9" * 30,
    "1e3",
    "\u0663",
    "0",
    "1",
    "999999",
    "\0",
    "1.5",
    "1 x:0",
    "5 :",
    "7 a:b c:-1",
    "3 " + "x:1 " * 500,
)
_ACTIONS = ("save", "next", "later", "submit", "", "\0", "drop")
_PLAUSIBLE: Mapping[str, tuple[str, ...]] = {
    "integer": ("0", "12", "1.234", "40 børn", "99999"),
    "count": ("0", "3", "12", "700"),
    "decimal": ("0", "12,5", "1.234,56", "3.5"),
    "year": ("2012", "2018", "18", "1850"),
    "month": ("marts 2018", "2018-03", "3/2018"),
    "date": ("31.3.2018", "2018-03-31", "1. maj 2018"),
    "text": ("Vi bruger mødet tidligt", "Linje et\nlinje to", "x"),
    "email": ("leder@kommune.dk", "en@to.example"),
}

Pair = tuple[bytes, bytes]


@dataclass(frozen=True)
class HostilePost:
    """A request body with its type, and whether its token is the one of the page."""

    content: bytes
    content_type: str
    autosaves: bool


@dataclass(frozen=True)
class Hostility:
    """Makes posts of the sections of one questionnaire; the same `chance` makes the same posts."""

    questionnaire: Questionnaire
    chance: random.Random

    def section(self) -> Section:
        return self.chance.choice(self.questionnaire.sections)

    def post(self, section: Section, csrf: str, version: str) -> HostilePost:
        """One post of a section's page."""
        pairs = [*self._answers(section), *self._around(csrf, version)]
        self.chance.shuffle(pairs)
        return self._sent(pairs)

    def check(self, csrf: str, version: str) -> HostilePost:
        """One post of the page before sending, with reasons of all kinds."""
        rules = [rule.name + REASON_SUFFIX for rule in self.questionnaire.rules]
        some = self.chance.sample(rules, min(len(rules), self.chance.randint(0, 8)))
        pairs = [(name.encode(), self._hostile()) for name in some]
        return self._sent(
            [*pairs, (b"csrf", csrf.encode()), (b"base_version", version.encode()), (b"action", b"submit")]
        )

    def _answers(self, section: Section) -> Iterator[Pair]:
        own = [one for one in fields(self.questionnaire) if one.item.section == section.name]
        share = self.chance.choice((0.05, 0.3, 1.0))
        for one in own:
            if self.chance.random() < share:
                times = self.chance.choice((1,) * 12 + (2, 2, 3, 40))
                yield from ((self._name(one), self._value(one)) for _ in range(times))
        others = fields(self.questionnaire)
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            yield self.chance.choice((self._name(self.chance.choice(others)), self._odd_name())), self._hostile()
        if self.chance.random() < 0.3:
            yield from ((SHOWN.encode(), one.name.encode()) for one in own)
        if self.chance.random() < 0.01:
            yield from ((f"x{number}".encode(), b"1") for number in range(self.chance.choice((1000, 4000, 6000))))

    def _around(self, csrf: str, version: str) -> Iterator[Pair]:
        """The token, the version, the button: mostly as the page has them."""
        is_good = self.chance.random() < 0.98
        yield b"csrf", csrf.encode() if is_good else self._hostile()
        odd = self.chance.random() < 0.1
        yield b"base_version", _bytes(self.chance.choice(_VERSIONS)) if odd else version.encode()
        yield b"action", _bytes(self.chance.choice(_ACTIONS))

    def _name(self, one: Field) -> bytes:
        suffix = self.chance.choice(_SUFFIXES) if self.chance.random() < 0.2 else ""
        return (one.name + suffix).encode()

    def _odd_name(self) -> bytes:
        return _bytes(self.chance.choice(_NAMES)) if self.chance.random() < 0.8 else self._noise()

    def _value(self, one: Field) -> bytes:
        if self.chance.random() < 0.45:
            return self._hostile()
        if one.kind in ("single", "multiple") and one.item.codelist is not None:
            return self.chance.choice(one.item.codelist.codes).encode()
        return self.chance.choice(_PLAUSIBLE.get(one.kind, ("x",))).encode()

    def _hostile(self) -> bytes:
        makers: Sequence[tuple[int, Callable[[], bytes]]] = (
            (12, lambda: _bytes(self.chance.choice(_HOSTILE))),
            (2, lambda: self.chance.choice(_RAW)),
            (2, self._noise),
            (2, self._cpr_number),
            (2, lambda: str(self.chance.randint(-(10**12), 10**12)).encode()),
        )
        weights, choices = zip(*makers, strict=True)
        made: bytes = self.chance.choices(choices, weights)[0]()
        return made

    def _noise(self) -> bytes:
        return self.chance.randbytes(self.chance.randint(0, 40))

    def _cpr_number(self) -> bytes:
        """One of the numbers, written as people write it, also with digits of other scripts."""
        digits = self.chance.choice(CPR_NUMBERS)
        dash = self.chance.choice(("", "-", " ", " - ", "\u2013", "\u2212", "."))
        text = f"{digits[:6]}{dash}{digits[6:]}"
        if self.chance.random() < 0.3:
            zero = self.chance.choice((0x0660, 0xFF10, 0x0966))
            text = "".join(chr(zero + int(mark)) if mark.isdigit() else mark for mark in text)
        return self.chance.choice(("{}", "Barn {} bor hos os", "({})", "cpr:{}")).format(text).encode()

    def _sent(self, pairs: Sequence[Pair]) -> HostilePost:
        autosaves = self.chance.random() < 0.5
        kind = self.chance.random()
        if kind < 0.05:
            return HostilePost(_multipart(pairs), "multipart/form-data; boundary=graense", autosaves)
        body = b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in pairs)
        if kind < 0.07:
            odd = self.chance.choice(
                ("application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-7")
            )
            return HostilePost(body, odd, autosaves)
        return HostilePost(body, "application/x-www-form-urlencoded", autosaves)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(raw: bytes) -> bytes:
    return quote_from_bytes(raw, safe="").encode()


def _multipart(pairs: Sequence[Pair]) -> bytes:
    parts = [
        b'--graense\r\nContent-Disposition: form-data; name="' + name.replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
        + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in pairs
    ]  # fmt: skip
    return b"".join(parts) + b"--graense--\r\n"
