"""Every code is documented and tested."""

from __future__ import annotations

from errors_page import ROOT, codes, page


def test_the_page_of_errors_is_fresh() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page()


def test_every_code_stands_in_a_test() -> None:
    tests = "\n".join(
        path.read_text("utf-8") for pattern in ("*.py", "*.yaml", "*.md") for path in (ROOT / "tests").rglob(pattern)
    )
    assert sorted(code for code in codes() if code not in tests) == []
