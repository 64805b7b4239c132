"""R's package `survey`, where it is installed: runs the code that results carry, and gives back its numbers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

RSCRIPT = shutil.which("Rscript")

_PROGRAM = """
suppressPackageStartupMessages(library(survey))
said <- function(...) cat(..., sep = "\\n")
exact <- function(numbers) paste(sprintf("%.17g", as.numeric(unlist(numbers))), collapse = " ")
upper <- function(m) t(m)[lower.tri(m, diag = TRUE)]  # row by row
told <- function(result) {
  if (inherits(result, "htest")) {
    said(paste("test", exact(c(result$statistic, result$parameter, result$p.value))))
  } else if (inherits(result, "regTermTest")) {
    said(paste("test", exact(c(result$Ftest, result$df, result$ddf, result$p))))
  } else if (!is.null(attr(result, "ci"))) {  # svyciprop
    said(paste("limits", exact(c(coef(result), attr(result, "ci")))))
  } else if (inherits(result, c("svyvar", "svrepvar"))) {
    m <- matrix(as.vector(result), NROW(result))
    said(paste("values", exact(upper(m))), paste("errors", exact(upper(matrix(SE(result), NROW(result))))))
  } else if (is.numeric(result) && is.null(attr(result, "var"))) {
    said(paste("test", exact(result)))
  } else {
    said(paste("values", exact(coef(result))), paste("errors", exact(SE(result))))
    if (grepl("deff = ", code)) said(paste("effects", exact(deff(result))))
  }
}
for (id in readLines("cases")) {
  said(paste("case", id))
  here <- new.env()
  here$data <- read.csv(paste0(id, ".csv"), na.strings = "", encoding = "UTF-8")
  failed <- try({
    code <- paste(readLines(paste0(id, ".R"), encoding = "UTF-8"), collapse = " ")
    for (one in parse(paste0(id, ".R"), encoding = "UTF-8")) {
      shown <- withVisible(eval(one, here))
      if (shown$visible) told(shown$value)
    }
  }, silent = TRUE)
  if (inherits(failed, "try-error")) said(paste("failed", gsub("\\n", " ", failed)))
}
"""


@dataclass
class Heard:
    """What R printed of one case. limits : estimate, low and high, one after the other. effects : of the design."""

    values: list[float]
    errors: list[float]
    test: list[float]
    limits: list[float]
    effects: list[float]
    failure: str = ""


def is_there() -> bool:
    """Whether R and its package `survey` can be asked."""
    if RSCRIPT is None:
        return False
    return subprocess.run([RSCRIPT, "-e", "library(survey)"], capture_output=True, check=False).returncode == 0


def run(cases: Mapping[str, tuple[str, pd.DataFrame]], folder: Path) -> Mapping[str, Heard]:
    """Run the code of each case on its data, all in one process of R."""
    assert RSCRIPT is not None
    numbered = {f"c{place}": name for place, name in enumerate(cases)}
    for short, name in numbered.items():
        code, data = cases[name]
        (folder / f"{short}.R").write_text(code + "\n", "utf-8")
        data.to_csv(folder / f"{short}.csv", index=False)
    (folder / "cases").write_text("".join(f"{short}\n" for short in numbered), "utf-8")
    (folder / "program.R").write_text(_PROGRAM, "utf-8")
    done = subprocess.run([RSCRIPT, "program.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {numbered[short]: heard for short, heard in _heard(done.stdout).items()}


def _heard(printed: str) -> Mapping[str, Heard]:
    found: dict[str, Heard] = {}
    current = Heard([], [], [], [], [])
    for line in printed.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "case":
            current = found[rest] = Heard([], [], [], [], [])
        elif kind == "failed":
            current.failure = rest
        elif kind in ("values", "errors", "test", "limits", "effects"):
            getattr(current, kind).extend(
                float(word.replace("NA", "nan")) for word in rest.replace("NaN", "NA").split()
            )
    return found
