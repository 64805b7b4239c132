"""A colleague before sections that are not theirs: by the form, its reasons, and a workbook."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.store import current, open_store, open_wave
from every_kind import every_kind
from form_server import Served, serving
from form_visitor import Visitor
from tiny_survey import FIELDWORK, UNITS, WHEN
from workbook_desk import edited, put

Q = every_kind()
OWN, THEIRS = (one.name for one in Q.sections[:2])


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Served]:
    with open_store(tmp_path / "answers.db", create=True) as store:
        open_wave(store, Q, UNITS, origin="collected", at=WHEN, fieldwork=FIELDWORK)
        with serving(store, (Q.survey, Q.wave)) as served:
            yield served


def _colleague(served: Served) -> Visitor:
    return served.visitor(role="colleague", person="Per Bo", sections=(OWN,))


def _csrf(visitor: Visitor) -> str:
    return str(visitor.open("/besvar").tree.xpath("string(//input[@name='csrf']/@value)"))


def _items(section: str) -> list[str]:
    return [one.name for part in Q.sections if part.name == section for one in part.items]


def _answers(served: Served) -> dict[str, object]:
    return dict(current(served.store, *served.wave, "0101").response.answers)


def test_a_section_of_others_is_not_written_by_the_form(shared: Served) -> None:
    colleague = _colleague(shared)
    data = {"csrf": _csrf(colleague), "base_version": "0", **dict.fromkeys(_items(THEIRS), "1")}
    assert colleague.client.post(f"/besvar/{THEIRS}", data=data).status_code == 403
    assert _answers(shared) == {}


def test_fields_of_others_are_not_written_by_the_page_of_ones_own_section(shared: Served) -> None:
    colleague = _colleague(shared)
    reasons = {f"{rule.name}__reason": "Sådan er det" for rule in Q.rules}
    data = {"csrf": _csrf(colleague), "base_version": "0", **dict.fromkeys(_items(THEIRS), "1"), **reasons}
    colleague.client.post(f"/besvar/{OWN}", data=data)
    theirs = {name for name in _answers(shared) if name.split("__")[0] in _items(THEIRS)}
    assert theirs == set()


def test_a_section_of_others_is_not_written_by_a_workbook_though_the_preview_is_left_out(shared: Served) -> None:
    colleague = _colleague(shared)
    fetched = colleague.client.get("/besvar/regneark/hent").content
    content = edited(put(answer_placed=7), fetched)
    data = {"csrf": _csrf(colleague), "content": base64.b64encode(content).decode(), "seen": ":0"}
    answer = colleague.client.post("/besvar/regneark/gem", data=data)
    assert answer.status_code == 403
    assert _answers(shared) == {}
