"""Beginning a questionnaire: whatever modules are chosen, the skeleton passes the check as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.errors import SchemaError
from evaltools.schema import check_survey, new_survey

ROOT = Path(__file__).parents[3]
MODULES = sorted(path.stem for path in (ROOT / "surveys/modules").glob("*.yaml"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "surveys").mkdir()
    (tmp_path / "data_dictionary").symlink_to(ROOT / "data_dictionary")
    (tmp_path / "surveys/modules").symlink_to(ROOT / "surveys/modules")
    return tmp_path


@pytest.mark.parametrize("modules", [[], *([name] for name in MODULES)], ids=str)
def test_a_skeleton_passes_the_check(project: Path, modules: list[str]) -> None:
    (project / "surveys/own").mkdir()
    file = new_survey(project / "surveys/own/2026", modules, year=2026)
    assert check_survey(file).faults == ()
    assert "reference_year: 2025\nanswer_year: 2026" in file.read_text("utf-8")


def test_what_a_module_builds_upon_is_put_before_it(project: Path) -> None:
    (project / "surveys/own").mkdir()
    text = new_survey(project / "surveys/own/1", ["reasons"], year=2026).read_text("utf-8")
    assert 0 < text.index("use: adoption") < text.index("use: reasons")


@pytest.mark.parametrize(
    ("path", "modules", "code"),
    [("surveys/own/1", ["adoptoin"], "UNKNOWN_MODULE"), ("surveys/Own/1", [], "BAD_NAME")],
)
def test_what_cannot_be_begun_is_refused(project: Path, path: str, modules: list[str], code: str) -> None:
    (project / path).parent.mkdir()
    with pytest.raises(SchemaError) as caught:
        new_survey(project / path, modules, year=2026)
    assert caught.value.code == code
    assert not (project / path).exists()


def test_a_questionnaire_that_is_there_is_never_overwritten(project: Path) -> None:
    (project / "surveys/own").mkdir()
    file = new_survey(project / "surveys/own/1", year=2026)
    before = file.read_bytes()
    with pytest.raises(SchemaError) as caught:
        new_survey(project / "surveys/own/1", ["adoption"], year=2026)
    assert caught.value.code == "FILE_EXISTS"
    assert file.read_bytes() == before
