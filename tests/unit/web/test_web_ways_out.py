"""Where answers leave by a page or call: it is known of each, noted where it must be, and refused for statistics."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route

from evaltools.schema.checks.names import PAGES
from evaltools.store import reads
from evaltools.web.api.application import PLACE as INTERFACE
from evaltools.web.routes.table import GETS, POSTS
from form_server import Served, save

NO_ANSWERS = {
    "GET /": "leads to the questionnaire",
    "GET /skema": "the questionnaire",
    "GET /skema.{form}": "the questionnaire",
    "GET /skema/{survey}/{wave}": "the questionnaire",
    "GET /skema/{survey}/{wave}/{form}": "the questionnaire",
    "GET /privatliv": "a notice",
    "GET /was": "a notice",
    "GET /sundhed": "counts waves",
    "GET /static/{name}": "style and script",
    "GET /static/{content}/{name}": "style and script",
    "GET /s/{token}": "the page of a link",
    "POST /s/{token}": "lets somebody in",
    "GET /besvar/kolleger": "names of colleagues",
    "POST /besvar/kolleger": "names of colleagues",
    "POST /besvar/kolleger/nyt-link": "names of colleagues",
    "POST /besvar/kolleger/tag-tilbage": "names of colleagues",
    "POST /besvar/kolleger/log-af": "ends sessions",
    "GET /besvar/deltager-ikke": "whether the unit takes part",
    "POST /besvar/deltager-ikke": "whether the unit takes part",
    "POST /besvar/afslut": "lets somebody out",
    "GET /besvar/regneark": "a page to hand a workbook in",
    "POST /kvittering/genaabn": "opens a response again",
    "POST /kvittering/{record}/genaabn": "opens a record again",
    "GET /status": "how far units have come, and what all that answered have in common",
    "GET /status/{survey}/{wave}": "how far units have come, and what all that answered have in common",
    "GET /status/log-ind": "a login",
    "POST /status/log-ind": "a login",
    "POST /status/log-ud": "ends a login",
    "GET /status/adgangskode": "a new password",
    "POST /status/adgangskode": "a new password",
    "GET /api/v1/openapi.json": "a description",
    "GET /api/v1/questionnaire": "the questionnaire",
    "GET /api/v1/status": "how far units have come",
    "GET /api/v1/units/{unit}/status": "how far a unit has come",
}
"""Why no answer comes out there."""

OWN_PAGES = {
    "GET /besvar", "POST /besvar", "GET /besvar/tjek", "POST /besvar/tjek", "GET /besvar/opfoelgning",
    "GET /besvar/{section}", "POST /besvar/{section}", "GET /besvar/post/{record}", "GET /besvar/post/{record}/tjek",
    "POST /besvar/post/{record}/tjek", "GET /besvar/post/{record}/{section}", "POST /besvar/post/{record}/{section}",
    "POST /besvar/regneark", "POST /besvar/regneark/gem", "GET /kvittering", "GET /kvittering/{record}",
    "GET /sammenligning",
}  # fmt: skip
"""Pages on which a unit sees its own answers, by its own link. Looking at them is not noted."""

NOTED = {
    "GET /besvar/regneark/hent", "GET /kvittering.{form}", "GET /kvittering/{record}/{form}",
    "GET /api/v1/units/{unit}/draft", "PUT /api/v1/units/{unit}/draft", "POST /api/v1/units/{unit}/submission",
    "GET /api/v1/units/{unit}/records", "POST /api/v1/exports", "GET /api/v1/exports/{export}",
    "GET /api/v1/exports/{export}/file",
}  # fmt: skip
"""Files that are taken away, and what programs get. An export is noted when it is begun, and is given to nobody else."""


def _ways(served: Served) -> set[str]:
    found = set()
    for route in _plain(served.app.routes):
        if isinstance(route, Mount):
            inner = _plain(route.app.app.routes)  # type: ignore[attr-defined]  # the interface behind its lock
            found |= {f"{method} {INTERFACE}{path}" for one in inner for method, path in _named(one)}
        else:
            found |= {f"{method} {path}" for method, path in _named(route)}
    return found


def _plain(routes: Iterable[Any]) -> Iterator[Route | Mount]:
    """The routes, also those of routers that are included; one of another kind is met by the error it makes."""
    for route in routes:
        if isinstance(route, Route | Mount):
            yield route
        else:
            yield from _plain(route.original_router.routes)


def _named(route: Route | Mount) -> Iterator[tuple[str, str]]:
    assert isinstance(route, Route)
    yield from ((method, route.path) for method in (route.methods or set()) - {"HEAD"})


def test_of_every_page_and_call_it_is_known_whether_answers_come_out(served: Served) -> None:
    assert _ways(served) == NO_ANSWERS.keys() | OWN_PAGES | NOTED


def test_a_page_that_stands_where_a_section_would_stand_is_no_name_of_a_section() -> None:
    fixed = {path.split("/")[2] for path, *_ in (*GETS, *POSTS) if path.count("/") >= 2 and path.startswith("/besvar/")}
    assert {name for name in fixed if name.isidentifier()} == PAGES


def _noted(served: Served) -> list[tuple[str, str, str]]:
    return [(one.by, one.what, one.unit) for one in reads(served.store, *served.wave)]


def test_a_file_that_somebody_takes_away_is_noted_and_looking_is_not(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "40"}, "save")
    visitor.open("/besvar/tjek")
    assert _noted(served) == []
    assert visitor.client.get("/besvar/regneark/hent").status_code == 200
    assert _noted(served) == [("Lene Holm", "own", "0101")]


def test_a_receipt_is_noted_when_its_file_is_handed_out(served: Served) -> None:
    visitor = served.visitor()
    save(visitor, "/besvar/main", {"placed": "40"})
    page = visitor.open("/besvar/tjek")
    visitor.press(page, page.form_with("base_version"), {}, ("action", "submit"))
    for _ in range(600):
        answer = visitor.client.get("/kvittering.json")
        if answer.status_code != 202:
            break
        assert _noted(served) == []
        time.sleep(0.1)
    assert answer.status_code == 200
    assert _noted(served) == [("Lene Holm", "own", "0101")]


@pytest.mark.parametrize(("unit", "what"), [("0101", "own"), ("", "answers")])
def test_a_program_that_reads_answers_is_noted(served: Served, unit: str, what: str) -> None:
    program = served.client()
    program.headers.update(served.token("read", unit=unit))
    for call in ("draft", "records"):
        assert program.get(f"{INTERFACE}/units/0101/{call}").status_code == 200
    assert _noted(served) == [("Fagsystemet", what, "0101")] * 2


def test_of_a_wave_for_statistics_only_the_unit_itself_gets_answers(served: Served) -> None:
    served.change(mode="statistics", legal_basis="databeskyttelsesloven § 10")
    own, whole = served.client(), served.client()
    own.headers.update(served.token("read", "draft"))
    whole.headers.update(served.token("read", "draft", "submit", unit=""))
    answers = {"base_version": 0, "answers": {"placed": 12}}
    place = f"{INTERFACE}/units/0101"
    assert own.put(f"{place}/draft", json=answers).status_code == 200
    assert own.get(f"{place}/draft").json()["answers"] == {"placed": 12}
    refused = [
        whole.get(f"{place}/draft"),
        whole.get(f"{place}/records"),
        whole.put(f"{place}/draft", json=answers),
        whole.post(f"{place}/submission", json=answers),
        whole.post(f"{INTERFACE}/exports"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "STATISTICS_MODE")}
