"""Several editors at one response, step by step at random, and a model that knows what each of them has seen."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaltools.errors import StoreError
from evaltools.schema import Questionnaire, tied_fields
from evaltools.schema.missing import Missing
from evaltools.store import Conflict, Current, Refused, Saved, Store, Submission, current, receive, reopen
from evaltools.store.handle import reading
from tiny_survey import WHEN

NUMBERS = ("placed", "network", "cases")
FIELDS = (*NUMBERS, "stage", "remark")
Values = Mapping[str, object]


class Lost(AssertionError):
    """An answer was overwritten by somebody who had not seen it, or a conflict was told where there is none."""


@dataclass(frozen=True)
class Request:
    """What is sent: answers, the version they are based on, and older ones of single fields."""

    answers: dict[str, object]
    base: int
    older: dict[str, int]
    submit: bool

    def of(self, name: str) -> int:
        return min(self.base, self.older.get(name, self.base))


@dataclass
class Editor:
    """What one person has on the screen: values, the version they came with, and what was ever seen or typed.

    told: the last value of each field that the store has shown them.

    is_page: a page in a browser, which posts all it shows, and mostly goes on showing it after a save, whatever others
    have written. Otherwise a program, which takes in at once what it is told.
    """

    name: str
    is_page: bool = False
    base: int = 0
    older: dict[str, int] = field(default_factory=dict)
    screen: dict[str, object] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)
    typed: set[tuple[str, str]] = field(default_factory=set)
    request: Request | None = None


@dataclass
class World:
    """One response of one unit, its editors, and every acknowledged value by field, editor and value."""

    store: Store
    questionnaire: Questionnaire
    unit: str
    chance: random.Random
    editors: list[Editor]
    tally: Counter[str]
    history: list[tuple[int, dict[str, object]]] = field(default_factory=lambda: [(0, {})])
    acknowledged: list[tuple[str, str, object]] = field(default_factory=list)
    number: int = 0
    clock: dt.datetime = WHEN
    standing: Current | None = None

    def now(self) -> Current:
        """The response as it stands; read again only after somebody has written."""
        if self.standing is None:
            self.standing = current(self.store, "tiny", "2018", self.unit)
        return self.standing

    def step(self) -> None:
        """One person does one thing."""
        editor = self.chance.choice(self.editors)
        self.clock += dt.timedelta(seconds=1)
        actions: list[tuple[int, Callable[[Editor], None]]] = [
            (3, self.load), (9, self.save), (2, self.retry), (1, self.submit), (1, self.open_again),
        ]  # fmt: skip
        weights, choices = zip(*actions, strict=True)
        self.chance.choices(choices, weights)[0](editor)

    def load(self, editor: Editor) -> None:
        """Open the page: everything is seen."""
        self.tally["load"] += 1
        now = self.now()
        editor.base, editor.older, editor.screen = now.response.version, {}, dict(now.response.answers)
        _show(editor, now, FIELDS)

    def save(self, editor: Editor) -> None:
        """Change something and save: the whole page, or only what was changed."""
        changed = {name: self._value(name) for name in self.chance.sample(FIELDS, self.chance.randint(1, 3))}
        if editor.is_page:
            editor.screen |= changed
            self._send(editor, _page(editor), submit=False)
            return
        whole = self.chance.random() < 0.5
        self._send(editor, {**editor.screen, **changed} if whole else changed, submit=False)

    def submit(self, editor: Editor) -> None:
        """Send the page in, as it is on the screen."""
        self._send(editor, _page(editor) if editor.is_page else dict(editor.screen), submit=True)

    def retry(self, editor: Editor) -> None:
        """The same request once more, as an impatient browser does."""
        if editor.request is not None:
            self.tally["retry"] += 1
            self._exchange(editor, editor.request)

    def open_again(self, editor: Editor) -> None:
        """Open a submitted response again."""
        try:
            reopen(self.store, "tiny", "2018", self.unit, at=self.clock, actor=editor.name, channel="form")
            self.standing = None
            self.tally["reopen"] += 1
        except StoreError:
            return

    def _value(self, name: str) -> object:
        """A value that nobody has written before, or nothing."""
        self.number += 1
        if self.chance.random() < 0.1:
            return None
        if name == "stage":
            return self.chance.choice(("0", "1"))
        return f"Linje {self.number}" if name == "remark" else self.number

    def _send(self, editor: Editor, answers: dict[str, object], *, submit: bool) -> None:
        editor.request = Request(answers, editor.base, dict(editor.older), submit)
        editor.typed |= {(name, repr(_plain(value))) for name, value in answers.items()}
        self._exchange(editor, editor.request)

    def _exchange(self, editor: Editor, request: Request) -> None:
        before = self.now()
        sent = Submission(
            "tiny", "2018", self.unit, {name: _plain(value) for name, value in request.answers.items()},
            actor=editor.name, channel="form", base_version=request.base, submit=request.submit, seen_at=request.older,
        )  # fmt: skip
        outcome = receive(self.store, sent, at=self.clock)
        self.standing = None
        after = self.now()
        self.history.append((after.response.version, dict(after.response.answers)))
        self._judge(editor, before, after, outcome, request)
        if self.chance.random() < 0.15:
            self.tally["answer lost on the way back"] += 1
            return
        self._take_in(editor, after, outcome, request)

    def _judge(self, editor: Editor, before: Current, after: Current, outcome: Any, request: Request) -> None:
        """Nothing may go that its replacer had not seen, and no conflict may be told without a reason."""
        self.tally[type(outcome).__name__] += 1
        written = [name for name in FIELDS if _version(after, name) != _version(before, name)]
        ties = tied_fields(self.questionnaire)
        for name in {*written, *(other for one in written for other in ties.get(one, ()))}:
            if not self._knew(editor, before, name, request.answers):
                raise Lost(f"{editor.name} wrote {written} and had not seen {name}")
        for name in written:
            self.acknowledged.append((name, editor.name, _plain(after.response.answers.get(name))))
        expected = self._clashes(before, request)
        if isinstance(outcome, Conflict):
            if written or not (expected or not outcome.differences):
                raise Lost(f"{editor.name} met a conflict that is none, or that wrote {written}")
            if outcome.differences and {one.field for one in outcome.differences} < expected:
                raise Lost(f"the conflict hides {expected}")
        elif expected and not isinstance(outcome, Refused):
            raise Lost(f"{editor.name} met no conflict about {expected}")

    def _knew(self, editor: Editor, before: Current, name: str, answers: Values) -> bool:
        version = _version(before, name)
        value = _plain(before.response.answers.get(name))
        own = (name, repr(value)) in editor.typed
        known = version <= editor.seen.get(name, 0) or (name in editor.told and value == editor.told[name])
        return known or own or value is None or value == _plain(answers.get(name))

    def _clashes(self, before: Current, request: Request) -> set[str]:
        """Which fields are in conflict by the rule: a change, and another's change to the same field or its sum."""
        answers, now = request.answers, before.response.answers
        seen = {name: self._stood(name, request.of(name)) for name in FIELDS}
        held = {name: _plain(answers[name]) if name in answers else seen[name] for name in FIELDS}
        later = {name for name in FIELDS if _version(before, name) > request.of(name)}
        stale = {name for name in later if _plain(now.get(name)) != held[name]}
        found: set[str] = set()
        for name in answers:
            untouched = name in later and held[name] == seen[name]
            if untouched or held[name] == _plain(now.get(name)):
                continue
            reasons = stale & {name, *tied_fields(self.questionnaire).get(name, ())}
            found |= {name, *reasons} if reasons else set()
        return found

    def _stood(self, name: str, version: int) -> object:
        """What stood in a field at a version."""
        return _plain(next(answers for at, answers in reversed(self.history) if at <= version).get(name))

    def _take_in(self, editor: Editor, after: Current, outcome: Any, request: Request) -> None:
        """The answer has come back: the screen and what was seen follow from it alone."""
        if isinstance(outcome, Saved):
            others = {one.field: one.theirs for one in outcome.others}
            editor.base, editor.older = outcome.version, {}
            mine = {name: value for name, value in request.answers.items() if name not in others}
            _show(editor, after, mine)
            if editor.is_page and self.chance.random() < 0.7:
                self.tally["still shown as it was"] += bool(others)
                editor.older = {name: request.of(name) for name in others}
                return
            editor.screen |= mine | others
            _show(editor, after, others)
        elif isinstance(outcome, Conflict):
            self._choose(editor, after, outcome, request)

    def _choose(self, editor: Editor, after: Current, outcome: Conflict, request: Request) -> None:
        """Both values are shown: take theirs, or send one's own again, or something new."""
        shown = {one.field: one for one in outcome.differences}
        others = {one.field: one.theirs for one in outcome.others}
        _show(editor, after, shown)
        editor.base, editor.older = outcome.version, {}
        mine = {name: value for name, value in request.answers.items() if name not in others}
        if editor.is_page:
            editor.older = {name: request.of(name) for name in others}
        else:
            editor.screen |= others
            _show(editor, after, others)
        theirs = {name: one.theirs for name, one in shown.items()}
        kind = self.chance.choice(("theirs", "ours", "new"))
        self.tally[f"chose {kind}"] += 1
        if kind == "theirs":
            editor.screen |= theirs
            return
        fresh = {name: self._value(name) for name in shown} if kind == "new" else {}
        known = {name: editor.screen[name] for name in editor.screen if name in mine and name not in shown}
        chosen = {**known, **{n: v for n, v in mine.items() if n in shown}, **fresh}
        if editor.is_page:
            editor.screen |= chosen
            chosen = _page(editor)
        self._send(editor, chosen, submit=False)

    def check_the_log(self) -> None:
        """Every value that ever stood is in the log, under the name of who wrote it."""
        with reading(self.store) as connection:
            rows = connection.exec_driver_sql(
                "SELECT events.field, actors.name, event_values.value FROM events JOIN event_values USING (unit, seq)"
                " JOIN actors ON actors.pseudonym = events.actor WHERE unit = ?",
                (self.unit,),
            ).all()
        logged = Counter((row.field, row.name, row.value) for row in rows)
        for name, who, value in self.acknowledged:
            if not logged[name, who, _logged(value)]:
                raise Lost(f"{who}'s {name} = {value} is not in the log")
        self.tally["values in the log"] += len(self.acknowledged)


def interleave(
    store: Store, questionnaire: Questionnaire, unit: str, seed: int, tally: Counter[str], steps: int = 12
) -> None:
    """One random interleaving of two or three editors at one unit's response; raises `Lost` where one is found."""
    chance = random.Random(seed)
    names = ("Ida", "Bo", "Eva")[: chance.choice((2, 2, 3))]
    editors = [Editor(name, is_page=chance.random() < 0.7) for name in names]
    world = World(store, questionnaire, unit, chance, editors, tally)
    for _ in range(steps):
        world.step()
    world.check_the_log()
    tally["interleavings"] += 1


def _show(editor: Editor, now: Current, names: Iterable[str]) -> None:
    """The editor is shown some fields as they stand."""
    for name in names:
        editor.seen[name] = _version(now, name)
        editor.told[name] = _plain(now.response.answers.get(name))


def _version(now: Current, name: str) -> int:
    return now.by_field[name].version if name in now.by_field else 0


def _plain(value: object) -> object:
    return None if value is Missing.NOT_ANSWERED else value


def _page(editor: Editor) -> dict[str, object]:
    """All that a page shows, as a browser posts it."""
    return {name: editor.screen.get(name) for name in FIELDS}


def _logged(value: object) -> str:
    if value is None:
        return '{"missing":"not_answered"}'
    return str(value) if isinstance(value, int) else f'"{value}"'
