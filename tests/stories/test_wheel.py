"""The package as others get it: a wheel, in an environment of its own, with the data folders somewhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
CHAPTER = "08-lokale-erfaringer.ipynb"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what the package is made of, so that nothing is left behind in the checkout."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, checkout / name)
    shutil.copytree(SOURCE, checkout / "src", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(checkout), at=folder)
    (found,) = folder.glob("evaltools-*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a new environment that has the wheel; its dependencies are those of the running environment.

    A line in a .pth file adds them: unlike the running environment itself, it does not follow the .pth files there,
    and so it does not see the checkout.
    """
    home = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name == "posix")
    paths = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", paths))
    options = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", "--no-compile"]
    interpreter = Path(sysconfig.get_path("scripts", "venv", paths)) / "python"
    run(sys.executable, "-m", "pip", "--python", str(interpreter), "install", *options, str(wheel), at=home)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return interpreter.with_name("evaltools")


@pytest.fixture(scope="module")
def place(rehearsal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the checkout with copies of the data, and a small folder of chapters."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in ("surveys", "data_dictionary"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "notebooks").mkdir()
    for name in ("memo.yaml", CHAPTER):
        shutil.copy(ROOT / "notebooks" / name, folder / "notebooks" / name)
    shutil.copy(rehearsal, folder / "rehearsal.db")
    return folder


def run(*words: str, at: Path) -> str:
    """What the command prints; it must succeed, and it sees nothing of the checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        words, cwd=at, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    ours = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert ours - packed == set()
    assert {Path(name).suffix for name in ours} >= {".py", ".yaml", ".csv", ".css", ".typ", ".xml", ".typed"}
    assert {Path(name).name for name in packed} >= {"LICENSE", "NOTICE"}


def test_the_installed_package_is_not_the_checkout(program: Path, place: Path) -> None:
    found = run(str(program.with_name("python")), "-c", "import evaltools; print(evaltools.__file__)", at=place)
    assert str(program.parents[1]) in found


def test_help_comes_at_once(program: Path, place: Path) -> None:
    """Aim: under 0.5 s on a quiet machine; the best of three is asserted, since tests run beside one another."""

    def seconds() -> float:
        start = time.perf_counter()
        assert "evaltools VERB" in run(str(program), "--help", at=place)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 1.0


def test_copies_of_the_surveys_are_checked(program: Path, place: Path) -> None:
    assert "network_methods/2018: good" in run(str(program), "check", "surveys", at=place)


def test_a_memo_is_built_and_verified_from_copies_of_the_data(program: Path, place: Path) -> None:
    said = run(str(program), "memo", "notebooks", "--store", "rehearsal.db", "-o", "out", at=place)
    assert "out/notat.docx" in said.replace(os.sep, "/")
    assert {path.suffix for path in (place / "out").glob("notat.*")} == {".pdf", ".docx", ".html", ".xlsx", ".json"}
    verified = run(str(program), "verify", str(Path("out", "notat.json")), "--store", "rehearsal.db", at=place)
    assert "all as recorded" in verified
