"""The machine interface: tokens, drafts, submissions, conflicts, exports; what its description promises."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
import pytest

from evaltools.store import current, read_snapshot, reads
from form_server import Served, save

DRAFT = "/api/v1/units/0101/draft"
SUBMISSION = "/api/v1/units/0101/submission"
ALL = ("read", "draft", "submit", "status")


@pytest.fixture
def program(served: Served) -> httpx.Client:
    client = served.client()
    client.headers.update(served.token(*ALL))  # type: ignore[arg-type]
    return client


def test_the_description_is_for_everybody_and_names_every_refusal(served: Served) -> None:
    description = served.client().get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            missing = {"401", "403", "404", "405", "413", "422", "429", "503", "507"} - set(operation["responses"])
            assert missing == set(), (method, path)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
def test_nobody_comes_in_without_a_good_token(served: Served, header: dict[str, str]) -> None:
    for path in (DRAFT, "/api/v1/status", "/api/v1/nowhere"):
        answer = served.client().get(path, headers=header)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "NO_TOKEN"


def test_the_link_of_a_person_is_no_token(served: Served) -> None:
    link = served.link().removeprefix("/s/")
    assert served.client().get(DRAFT, headers={"Authorization": f"Bearer {link}"}).status_code == 401


def test_a_token_gives_its_rights_over_its_unit_only(served: Served) -> None:
    client = served.client()
    client.headers.update(served.token("read"))
    assert client.get(DRAFT).status_code == 200
    assert client.get("/api/v1/units/0751/draft").status_code == 403
    assert client.put(DRAFT, json={"base_version": 0, "answers": {}}).status_code == 403
    assert client.get("/api/v1/status").status_code == 403
    assert client.post("/api/v1/exports").status_code == 403


def test_a_draft_is_kept_and_read_back(program: httpx.Client) -> None:
    sent = {
        "base_version": 0,
        "answers": {"placed": "1,250", "network": {"missing": "cannot_be_counted"}, "stage": "1"},
    }
    kept = program.put(DRAFT, json=sent).json()
    assert [one["code"] for one in kept["problems"]] == ["MISSING_NOT_OFFERED", "many_placed"]
    read = program.get(DRAFT).json()
    assert read["answers"] == {"placed": 1250, "stage": "1"} or read["answers"] == {"stage": "1", "placed": 1250}
    assert read["version"] == kept["version"]


def test_the_same_draft_again_changes_nothing(program: httpx.Client) -> None:
    sent = {"base_version": 0, "answers": {"placed": 12}}
    assert program.put(DRAFT, json=sent).json() == program.put(DRAFT, json=sent).json()


@pytest.mark.parametrize("value", [False, True, [1], {"missing": 1}, {"a": 1}, [["x"]], 1e999, {"missing": "x" * 31}])
def test_what_is_no_answer_is_refused_by_its_type(program: httpx.Client, value: object) -> None:
    body = json.dumps({"base_version": 0, "answers": {"placed": value}})
    answer = program.put(DRAFT, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "NOT_AS_DESCRIBED"
    assert answer.json()["problems"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"answers": {"placed": "\\ud800"}}', b'{"x": 1}'])
def test_a_body_that_is_no_answers_is_refused(program: httpx.Client, body: bytes) -> None:
    answer = program.put(DRAFT, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("version", "status"), [(0.0, 200), (0.5, 422), (False, 422), ("0", 422), (None, 422), (-1, 422)]
)
def test_a_version_is_a_whole_number_however_json_writes_it(
    program: httpx.Client, version: object, status: int
) -> None:
    assert program.put(DRAFT, json={"base_version": version, "answers": {}}).status_code == status


def test_a_submission_is_checked_as_in_the_form(program: httpx.Client, served: Served) -> None:
    answer = program.post(SUBMISSION, json={"base_version": 0, "answers": {"placed": 1000, "network": 2000}})
    assert answer.status_code == 422
    assert {(one["level"], one["code"]) for one in answer.json()["problems"]} == {
        ("stop", "network_within_placed"), ("explain", "many_placed"),
    }  # fmt: skip
    sent = {"base_version": 0, "answers": {"placed": 1000, "network": 2, "many_placed__reason": "Stor by"}}
    assert program.post(SUBMISSION, json=sent).status_code == 200
    assert current(served.store, *served.wave, "0101").response.disposition == "submitted"


def test_a_stale_save_gets_both_values(program: httpx.Client, served: Served) -> None:
    base = program.put(DRAFT, json={"base_version": 0, "answers": {"placed": 10}}).json()["version"]
    save(served.visitor(), "/besvar/main", {"placed": "40"})
    answer = program.put(DRAFT, json={"answers": {"placed": 50}, "base_version": base})
    assert answer.status_code == 409
    told = answer.json()
    assert (told["yours"]["placed"], told["theirs"]["placed"], told["by"]) == (50, 40, "Lene Holm")
    assert {"yours", "theirs", "by", "at"} <= set(told)
    assert told["differences"][0]["by"] == "Lene Holm"
    chosen = {"answers": {"placed": 50}, "base_version": told["version"]}
    assert program.put(DRAFT, json=chosen).status_code == 200


def test_a_save_beside_others_tells_what_they_changed_and_who_when(program: httpx.Client, served: Served) -> None:
    base = program.put(DRAFT, json={"base_version": 0, "answers": {"placed": 10}}).json()["version"]
    save(served.visitor(), "/besvar/main", {"remark": "Ny"})
    told = program.put(DRAFT, json={"answers": {"network": 5}, "base_version": base}).json()
    assert [(one["field"], one["theirs"], one["by"]) for one in told["others"]] == [("remark", "Ny", "Lene Holm")]
    assert told["others"][0]["at"].startswith("2018")


def test_answers_to_another_questionnaire_are_refused(program: httpx.Client) -> None:
    answer = program.put(DRAFT, json={"base_version": 0, "answers": {}, "schema_sha256": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (422, "WRONG_SCHEMA")
    right = program.get("/api/v1/questionnaire").json()["schema_sha256"]
    assert program.put(DRAFT, json={"base_version": 0, "answers": {}, "schema_sha256": right}).status_code == 200


def test_the_whole_wave_has_a_status_and_an_export_that_is_noted(served: Served, tmp_path: Path) -> None:
    client = served.client()
    client.headers.update(served.token(*ALL, unit=""))  # type: ignore[arg-type]
    client.post(SUBMISSION, json={"base_version": 0, "answers": {"placed": 12}})
    status = client.get("/api/v1/status").json()
    assert (status["submitted"], len(status["units"])) == (1, 3)
    begun = client.post("/api/v1/exports")
    assert begun.status_code == 202
    path = f"/api/v1/exports/{begun.json()['export']}"
    for _ in range(600):
        if client.get(path).json()["state"] != "waiting":
            break
        time.sleep(0.1)
    file = tmp_path / "export.json"
    file.write_bytes(client.get(f"{path}/file").content)
    (wave,) = read_snapshot(file).waves
    assert [one.answers["placed"] for one in wave.responses] == [12]
    assert [one.what for one in reads(served.store, *served.wave)] == ["export"]


def test_wrong_paths_methods_and_sizes_are_told_in_the_same_shape(program: httpx.Client) -> None:
    cases = [
        (program.get("/api/v1/nowhere"), 404),
        (program.delete(DRAFT), 405),
        (program.get("/api/v1/units/9999/status"), 403),
        (program.put(DRAFT, content=b" " * 300_000), 413),
        (program.get("/api/v1/exports/" + "0" * 32), 403),
    ]
    for answer, status in cases:
        assert answer.status_code == status
        assert set(answer.json()) == {"code", "message", "remedy", "problems"}
    assert program.delete(DRAFT).headers["allow"]
