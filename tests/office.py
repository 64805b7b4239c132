"""Opening files in LibreOffice without a screen, as a reader's office program would."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here")


def saved_by_office(path: Path, folder: Path, options: str = "") -> Path:
    """The file as LibreOffice understands it, saved as a workbook. `options`: of its reader, such as of a CSV file."""
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    reading = [f"--infilter={options}"] if options else []
    command = [SOFFICE, "--headless", profile, *reading, "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    target = folder / "office"
    subprocess.run([*command, "--outdir", str(target), str(path)], check=True, capture_output=True, timeout=120)
    return target / f"{path.stem}.xlsx"
