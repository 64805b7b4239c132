"""Whatever is posted to a page of a shipped questionnaire: no fault of ours, nothing kept that may not be kept."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from evaltools.collect import check_answers, complete, read_answers, unexplained, value_to_json
from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.schema import Field, Questionnaire, fields, read_survey
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Value
from evaltools.store import Store, Unit, background, current, open_store, open_wave, verify_store
from evaltools.store.answers import receiving
from evaltools.store.handle import reading
from evaltools.store.tables import EVENT_VALUES
from evaltools.web.security.csrf import form_token
from evaltools.web.site import Options
from form_server import Served, serving
from form_visitor import Visitor
from hostile_posts import CPR_NUMBERS, HostilePost, Hostility
from served_form import NO_LIMITS, open_with_links, served
from tiny_survey import FIELDWORK, WHEN

ROOT = Path(__file__).parents[2]
WAVES = sorted(str(path.parent.relative_to(ROOT / "surveys")) for path in ROOT.glob("surveys/*/*/questionnaire.yaml"))
POSTS_OF_A_UNIT = 250
FIELDS_OF_A_PAGE = 40
"""More or less: so much newer is a version that was saved and not shown."""
UNLIMITED = Options(per_address=10**9, per_token=10**9, lasts=dt.timedelta(days=365), idle=dt.timedelta(days=365))
ANSWERED = {200, 303, 409, 422}
REFUSED = {400, 403, 413}
PROOF = 100_000


@dataclass
class Tally:
    """What came of the posts."""

    posts: int = 0
    validated: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    submitted: int = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        faults = sum(count for status, count in self.statuses.items() if status >= 500)
        by_status = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.posts:,} posts, {self.validated:,} of them reached validation ({by_status}); {self.kept:,} answers "
            f"kept and {self.submitted} responses submitted; {faults} faults of ours, {len(self.wrong)} things kept "
            "that may not be kept"
        )


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    """A tally that counts every time the answers of a post are read by the schema."""
    made = Tally()

    def counted(*words: Any) -> Any:
        made.validated += 1
        return read_answers(*words)

    monkeypatch.setattr(receiving, "read_answers", counted)
    return made


@contextmanager
def _serving(folder: Path, wave: str, units: int) -> Iterator[Served]:
    """A shipped wave, open for as many units as are wanted. What is shown here is not the disk."""
    with open_store(folder / f"{wave.replace('/', '-')}.db", create=True) as store:
        store.engine.dispose()
        event.listen(store.engine, "connect", _relax)
        frame = [Unit(f"{number:04d}", f"Kommune {number}", {}) for number in range(1, units + 1)]
        fieldwork = replace(FIELDWORK, legal_basis="Databeskyttelsesloven § 10")
        open_wave(store, read_survey(ROOT / "surveys" / wave), frame, origin="rehearsal", at=WHEN, fieldwork=fieldwork)
        survey, _, name = wave.partition("/")
        with serving(store, (survey, name), UNLIMITED) as running:
            yield running


def _relax(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()


@dataclass(frozen=True)
class Seat:
    """Somebody who has come in to answer for a unit."""

    store: Store
    wave: tuple[str, str]
    unit: str
    client: httpx.Client


def post_at_random(seat: Seat, chance: random.Random, tally: Tally, *, posts: int) -> None:
    """Many posts to the response of one unit; afterwards what it holds is judged."""
    questionnaire = background(seat.store, *seat.wave, seat.unit, "").wave.questionnaire
    record = "post-1" if questionnaire.many_records else ""
    base = f"/besvar/post/{record}" if record else "/besvar"
    hostility = Hostility(questionnaire, chance)
    cookie = seat.client.cookies["evaltools"]
    if chance.random() < 0.5:
        seat.client.get("/was?lang=en")
    version = "0"
    for _ in range(posts):
        token = form_token(cookie)
        if chance.random() < 0.02:
            response = _post(seat.client, f"{base}/tjek", hostility.check(token, version))
            if response.status_code == 303 and "/kvittering" in response.headers["location"]:
                tally.submitted += 1
                tally.wrong += _unsettled(seat, record)
        else:
            section = hostility.section()
            response = _post(seat.client, f"{base}/{section.name}", hostility.post(section, token, version))
        version = _version(response, version)
        tally.posts += 1
        tally.statuses[response.status_code] += 1
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if is_page and (b"<script>alert" in response.content or b"<img src=x" in response.content):
            tally.wrong.append("a script was given back as it came")
    stands = current(seat.store, *seat.wave, seat.unit, record).response
    tally.kept += len(stands.answers)
    tally.wrong += forbidden(questionnaire, stands.answers)


def _post(client: httpx.Client, path: str, post: HostilePost) -> httpx.Response:
    headers = {"Content-Type": post.content_type} | ({"X-Autosave": "1"} if post.autosaves else {})
    return client.post(path, content=post.content, headers=headers)


def _version(response: httpx.Response, before: str) -> str:
    """The version that the page or its script would send next time; not the hostile one that a page gives back."""
    if response.headers.get("content-type", "").startswith("application/json") and response.status_code == 200:
        return str(response.json()["version"])
    found = re.search(r'name="base_version" value="(\d{1,9}(?: [^"]*)?)"', response.text)
    return found[1] if found else str(int(before.partition(" ")[0]) + FIELDS_OF_A_PAGE)


def _unsettled(seat: Seat, record: str) -> list[str]:
    """What ought to have kept a submission back."""
    around = background(seat.store, *seat.wave, seat.unit, record)
    answers = current(seat.store, *seat.wave, seat.unit, record).response.answers
    problems = check_answers(around.wave.questionnaire, answers, "da", references=around.references, last=around.last)
    open_ones = [one for one in problems if one.level == "stop"] + list(unexplained(problems, answers))
    return [f"submitted with {one.code} at {one.field}" for one in open_ones]


def forbidden(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> list[str]:
    """What a response holds that its questionnaire does not allow: judged by kind, and by reading it once more."""
    by_name = {one.name: one for one in fields(questionnaire)}
    beside = {rule.name for rule in questionnaire.rules} | {CONTACT_PREFIX + name for name in by_name}
    found = []
    for name, value in answers.items():
        if name in by_name:
            is_allowed = _is_allowed(by_name[name], value)
        else:
            is_allowed = name.removesuffix(REASON_SUFFIX) in beside and (_is_text(value, 1000) or _is_blank(value))
        again = read_answers(questionnaire, {name: value_to_json(value)}, "da")
        if not is_allowed or (not _is_blank(value) and (again.problems or again.changes[name] != value)):
            found.append(f"{questionnaire.id} {name} = {value!r}")
    assert set(complete(questionnaire, answers)) >= set(by_name)
    return found


def _is_blank(value: Value) -> bool:
    return value is Missing.NOT_ANSWERED


def _is_allowed(one: Field, value: Value) -> bool:
    if isinstance(value, Missing):
        return value is Missing.NOT_ANSWERED or value in one.item.missing
    return _ALLOWED[one.kind](one, value)


def _is_text(value: Value, longest: int) -> bool:
    if not isinstance(value, str):
        return False
    controls = any(unicodedata.category(mark) in ("Cc", "Cs") for mark in value if mark not in "\n\t")
    return 0 < len(value) <= longest and not controls


def _is_whole(_: Field, value: Value) -> bool:
    return type(value) is int and abs(value) < 10**16


def _is_number(_: Field, value: Value) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < 10**16  # type: ignore[arg-type]


def _are_codes(one: Field, value: Value) -> bool:
    assert one.item.codelist is not None
    if not isinstance(value, tuple) or len(set(value)) != len(value) or not set(value) <= set(one.item.codelist.codes):
        return False
    alone = [code for code in value if one.item.codelist.category(code).exclusive]
    return len(value) <= (one.item.max_choices or len(value)) and (not alone or len(value) == 1)


def _is_moment(pattern: str) -> Callable[[Field, Value], bool]:
    return lambda _, value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


_ALLOWED: Mapping[str, Callable[[Field, Value], bool]] = {
    "single": lambda one, value: one.item.codelist is not None and value in one.item.codelist.codes,
    "multiple": _are_codes,
    "integer": _is_whole,
    "count": _is_whole,
    "year": lambda one, value: _is_whole(one, value) and 1000 <= int(value) <= 9999,  # type: ignore[arg-type]
    "decimal": _is_number,
    "month": _is_moment(r"\d{4}-(0[1-9]|1[0-2])"),
    "date": lambda one, value: _is_moment(r"\d{4}-\d\d-\d\d")(one, value) and bool(dt.date.fromisoformat(str(value))),
    "text": lambda one, value: _is_text(value, one.item.max_length),
    "email": lambda _, value: _is_text(value, 1000) and "@" in str(value),
    "computed": lambda *_: False,
}


def _cpr_numbers(store: Store) -> list[str]:
    """Whatever in the log or in the bytes of the file is one of the CPR numbers that were posted."""
    with reading(store) as connection:
        values = connection.execute(select(EVENT_VALUES.c.value)).scalars().all()
    plain = [
        "".join(str(unicodedata.decimal(mark, "")) for mark in json.dumps(json.loads(one), ensure_ascii=False))
        for one in values
    ]
    found = [number for number in CPR_NUMBERS for one in plain if number in one]
    files = [path.read_bytes() for path in store.path.parent.glob(f"{store.path.name}*")]
    forms = [f"{number[:6]}{dash}{number[6:]}".encode() for number in CPR_NUMBERS for dash in ("", "-", " ")]
    return found + [form.decode() for form in forms for content in files if form in content]


def run(folder: Path, tally: Tally, *, posts: int, seed: int) -> None:
    """So many posts, spread over the shipped waves."""
    each = math.ceil(posts / len(WAVES))
    units = math.ceil(each / POSTS_OF_A_UNIT)
    for wave in WAVES:
        chance = random.Random(f"{seed} {wave}")
        with _serving(folder, wave, units) as running:
            for number in range(1, units + 1):
                unit = f"{number:04d}"
                seat = Seat(running.store, running.wave, unit, running.visitor(unit).client)
                post_at_random(seat, chance, tally, posts=math.ceil(each / units))
            tally.wrong += [f"{wave}: CPR number {one}" for one in _cpr_numbers(running.store)]
            tally.wrong += [str(fault) for fault in verify_store(running.store)]


def judge(tally: Tally) -> None:
    assert set(tally.statuses) <= ANSWERED | REFUSED, tally.told()
    assert tally.wrong == [], tally.told()


def test_no_post_at_random_makes_a_fault_or_is_kept_against_the_schema(tmp_path: Path, tally: Tally) -> None:
    run(tmp_path, tally, posts=420, seed=0)
    judge(tally)
    assert tally.validated > 350
    assert tally.kept > 50


@pytest.mark.proof
def test_no_post_of_a_hundred_thousand_makes_a_fault_or_is_kept_against_the_schema(
    tmp_path: Path, tally: Tally
) -> None:
    seed = 1
    while tally.validated < PROOF:
        run(tmp_path / str(seed), tally, posts=min(20_000, PROOF + 2_000 - tally.validated), seed=seed)
        print(tally.told(), flush=True)  # noqa: T201
        seed += 1
    judge(tally)


@pytest.mark.proof
def test_a_served_form_takes_thousands_of_posts_without_a_fault(tmp_path: Path) -> None:
    path, tally = tmp_path / "served.db", Tally()
    links = open_with_links(ROOT / "surveys" / "network_methods" / "2018", path)
    with served(path, *NO_LIMITS) as server, open_store(path) as store:
        for unit in list(links)[:8]:
            with httpx.Client(base_url=server.url, timeout=60) as client:
                page = Visitor(client).open(links[unit])
                Visitor(client).press(page, page.form_with("person"), {})
                seat = Seat(store, ("network_methods", "2018"), unit, client)
                post_at_random(seat, random.Random(unit), tally, posts=POSTS_OF_A_UNIT)
        tally.wrong += [f"CPR number {one}" for one in _cpr_numbers(store)]
        tally.wrong += [str(fault) for fault in verify_store(store)]
    tally.validated = sum(tally.statuses[status] for status in ANSWERED)
    print(f"over HTTP: {tally.told()}")  # noqa: T201
    judge(tally)
