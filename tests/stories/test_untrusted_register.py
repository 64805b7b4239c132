"""A register that somebody hands you can do nothing but compute: `verify` reads it as a stranger's file."""

from __future__ import annotations

import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evaltools.cli import main
from evaltools.dataset import build_dataset
from evaltools.errors import MemoError
from evaltools.memo.expressions import evaluate_code
from evaltools.memo.verify import verify_register
from evaltools.notebook.verbs import recorded_verbs
from evaltools.store import receive, take_snapshot
from evaltools.store.model import Snapshot
from tiny_survey import LATER, sent, tiny_store

DATA = 'design(load("tiny/2018"))'
HUGE = {
    "label": {"da": "a", "en": "a"}, "unit": "families", "measure": {"da": "m", "en": "m"},
    "citation": {"da": "c", "en": "c"}, "date": "2014-01-01",
    "counts": [{"id": "a", "count": "8", "base": "9" * 12, "period": {"da": "p", "en": "p"}}],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("untrusted")
    with tiny_store(root) as store:
        for unit in ("0101", "0751"):
            receive(store, sent({"stage": "1", "placed": 40, "network": 10, "cases": 3}, unit), at=LATER)
    return root


@pytest.fixture(scope="module")
def snapshot(folder: Path) -> Snapshot:
    with tiny_store(folder) as store:
        return take_snapshot(store)


def register(code: str, **changes: Any) -> dict[str, Any]:
    meta = {"snapshot_sha256": "", "store": "answers.db", "published": {}} | changes.pop("meta", {})
    entry = {"id": "x", "value": 1.0, "code": code, "forms": {"": "1"}} | changes
    return {"meta": meta, "numbers": [entry]}


def test_honest_code_is_computed(snapshot: Snapshot) -> None:
    assert build_dataset("tiny/2018", snapshot).frame["responded"].sum() == 2
    assert evaluate_code(f'total({DATA}, "placed").row(item="placed").n', recorded_verbs(snapshot, {}), {}) == 2


@pytest.mark.parametrize(
    "code",
    [
        'load("/etc/passwd")', 'load("../../etc/passwd")', 'load("tiny/2018", snapshot="answers.db")',
        'published_case("x", "/etc")', 'published_case("x", cases={"x": {}})', 'published_case("x", folder="/etc")',
        f'{DATA}.domain("__import__(\'os\').system(\'id\')")', f'{DATA}.domain("stage.__class__ == 1")',
        f'{DATA}.answers.frame', f'{DATA}.row.__globals__', f"proportion(*[{DATA}], \"stage\")",
        f'proportion({DATA}, **{{"variable": "stage"}})', f'proportion({DATA}, {{**{{}}}})', '"a".count', "(1, 2).count",
        f'total({DATA}, "placed").row(item="placed").method', "interval.exact().limits", "interval.__name__",
        "9" * 5000, "-" * 9000 + "1", "(" * 3000 + "1" + ")" * 3000, "[" * 90 + "]" * 90, "x" * 30_000, "load()", "",
        "b'x'", "...", "1j", "10 ** 10 ** 10", "'a' * 10 ** 10", "f'{load}'", "(y := 1)", "await load", "\x00", "load\n(1)",
        ".n".join([f"{DATA}"] + [""] * 2000), f"proportion({DATA}, {['stage'] * 2}, by={['stage'] * 40})", "fixed()", "None",
    ],
)  # fmt: skip
def test_any_other_code_is_refused_or_gives_no_number(code: str, snapshot: Snapshot) -> None:
    start = time.perf_counter()
    result = verify_register(register(code), recorded_verbs(snapshot, {}), "")
    assert len(result.differences) == 1, result
    assert result.differences[0].code == "NUMBER_CHANGED"
    assert "NoneType" not in str(result.differences[0])
    assert time.perf_counter() - start < 5


def test_a_published_base_beyond_all_people_is_refused(snapshot: Snapshot) -> None:
    code = 'two_proportions(published_case("x").only(period="a"), published_case("x").only(period="a")).row().estimate'
    result = verify_register(register(code), recorded_verbs(snapshot, {"x": HUGE}), "")
    assert "its code no longer runs" in result.differences[0].problem


@pytest.mark.parametrize("store", ["../../etc/passwd", "/etc/passwd", "..", "sub/answers.db", "C:\\answers.db", ""])
def test_a_register_names_only_a_store_beside_it(store: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "notat.json"
    path.write_text(json.dumps(register("fixed(1.0, 's')", meta={"store": store})), "utf-8")
    assert main(["verify", str(path)]) == 2
    assert "[STORE_ELSEWHERE]" in capsys.readouterr().err or store in ("", "..")


def test_a_link_beside_the_register_is_not_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "link.db").symlink_to(folder / "answers.db")
    path = folder / "notat.json"
    path.write_text(json.dumps(register("fixed(1.0, 's')", meta={"store": "link.db"})), "utf-8")
    assert main(["verify", str(path)]) == 2
    assert "[STORE_ELSEWHERE]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        "[]", '{"meta": {}, "numbers": []}', '{"meta": [], "numbers": {}}', "[" * 100_000, "1" * 5000,
        json.dumps(register("1", value="x")), json.dumps(register("1", value=10**400)), json.dumps(register("1", id=3)),
        json.dumps(register("1", meta={"published": []})), json.dumps(register("1", meta={"store": None})),
        json.dumps(register("1", forms="1")), json.dumps(register("1", value=True)), "\x00", "{",
        json.dumps({"meta": register("1")["meta"], "numbers": [1]}), json.dumps(register("1") | {"numbers": "abc"}),
    ],
)  # fmt: skip
def test_a_file_of_another_shape_is_no_register(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notat.json"
    path.write_text(content, "utf-8")
    assert main(["verify", str(path)]) == 2
    assert "[NOT_A_REGISTER]" in capsys.readouterr().err


def test_a_word_file_that_swells_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notat.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b" " * 100_000_001)
    assert main(["verify", str(path)]) == 2
    assert "[DOCX_NOT_READ]" in capsys.readouterr().err


def test_an_entity_of_a_word_file_is_not_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notat.docx"
    secret = tmp_path / "secret"
    secret.write_text("4917")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><x>&e;</x>')
    assert main(["verify", str(path)]) == 2
    assert "4917" not in "".join(capsys.readouterr())


def test_too_many_crossed_groups_are_refused_before_they_are_made(snapshot: Snapshot) -> None:
    with pytest.raises(MemoError) as caught:
        evaluate_code("load(1, 2, 3)", recorded_verbs(snapshot, {}), {})
    assert caught.value.code == "CODE_REFUSED"
    by = ("region", "size") * 12
    code = f'proportion({DATA}, "stage", by={by})'
    result = verify_register(register(f"{code}.row().estimate"), recorded_verbs(snapshot, {}), "")
    assert "more than the 10000" in result.differences[0].problem
