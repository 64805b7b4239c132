# Everything a newcomer types: `make memo` (the memo into out/) and `make test`. Plain POSIX make.
PYTHON = python3
BIN = .venv/bin
STORE = out/rehearsal.db
R_SURVEY = Rscript -e "library(survey); library(MASS)" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends r-base-core r-cran-survey r-cran-mass; } || echo "R could not be installed"

.PHONY: memo test check bench bench-web bench-estimate prove prove-keeping prove-rules prove-schema prove-editors prove-parity prove-rehearsal prove-coverage prove-pages prove-kill prove-fuzz prove-sheets prove-r lock clean

memo: .venv/package.stamp
	$(BIN)/evaltools rehearse surveys --store $(STORE) --renew
	$(BIN)/evaltools memo notebooks --store $(STORE) -o out

test: check
	$(BIN)/python -m pytest

check: .venv/package.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/evaltools check surveys

bench: .venv/package.stamp
	$(BIN)/python benchmarks/memo.py

bench-web: .venv/package.stamp
	$(BIN)/python benchmarks/answering.py

# Estimation on a million rows beside numpy, R survey and svy; R comes from Debian where it can be installed, svy from PyPI.
bench-estimate: .venv/package.stamp
	@$(R_SURVEY)
	@PYTHONPATH=benchmarks $(BIN)/python -m estimate

# The long proofs, with the figures they print; `make prove-NAME` for one. Results: docs/proof.md
PROVE = $(BIN)/python -m pytest -m proof -rP
prove: .venv/package.stamp
	$(PROVE) tests

prove-rules: .venv/package.stamp
	$(PROVE) tests/properties/test_rule_properties.py

prove-schema: .venv/package.stamp
	$(PROVE) tests/properties/test_schema_fuzz.py

prove-editors: .venv/package.stamp
	$(PROVE) tests/properties/test_two_editors.py

prove-parity: .venv/package.stamp
	$(PROVE) tests/properties/test_rule_parity.py

prove-rehearsal: .venv/package.stamp
	$(PROVE) tests/unit/rehearsal

prove-keeping: .venv/package.stamp
	$(PROVE) tests/unit/store_keeping

prove-coverage: .venv/package.stamp
	$(PROVE) tests/properties/test_interval_coverage.py

prove-pages: .venv/package.stamp
	$(PROVE) tests/browser

prove-sheets: .venv/package.stamp
	$(PROVE) tests/properties/test_sheet_attack.py

# Runs the R code that results carry; R comes from Debian where it can be installed, otherwise the proof is skipped.
prove-r: .venv/package.stamp
	@$(R_SURVEY)
	$(PROVE) tests/references/test_r_agrees.py tests/references/test_every_reference_entry.py

# Every number of the 88 survey entries and of the 75 cases of evaluation methods, and of twins on our own municipalities; in `make test` as well.
.PHONY: prove-references
prove-references: .venv/package.stamp
	$(BIN)/python -m pytest -n 0 -rP tests/references/test_every_reference_entry.py tests/references/test_every_evaluation_case.py

prove-kill: .venv/package.stamp
	$(PROVE) tests/properties/test_killed_server.py tests/properties/test_synced_commits.py

prove-fuzz: .venv/package.stamp
	$(PROVE) tests/properties/test_posted_forms.py tests/properties/test_interface_as_described.py

.venv/python.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3 memo"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "evaltools needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Say which to use: make PYTHON=python3.12 memo"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/lock.stamp: .venv/python.stamp requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/package.stamp: .venv/lock.stamp pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --all-extras --group dev \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock

clean:
	rm -rf .venv .bench out

.PHONY: prove-workbook
prove-workbook: .venv/package.stamp
	$(PROVE) tests/unit/collect/test_workbook_hostile.py tests/stories/test_workbook_office.py

.PHONY: guide-pictures
guide-pictures: .venv/package.stamp
	PYTHONPATH=tests $(BIN)/python tests/guide_pictures.py docs/pictures

.PHONY: prove-disclosure
prove-disclosure: .venv/package.stamp
	$(PROVE) tests/properties/test_disclosure_programming.py tests/stories/test_memo_attack.py \
		tests/unit/local/test_local_disclosure.py

# Under half an hour on a busy machine: how often monitoring charts signal by chance, and where something happens.
.PHONY: prove-monitoring
prove-monitoring: .venv/package.stamp
	$(PROVE) tests/properties/test_monitoring_alarms.py

.PHONY: prove-permutation
prove-permutation: .venv/package.stamp
	$(PROVE) tests/properties/test_permutation_size.py

# Half an hour on two idle cores; Ctrl-C prints what is done so far.
.PHONY: bench-simulation
bench-simulation: .venv/package.stamp
	$(BIN)/python benchmarks/simulation.py --table docs/figures/simulated_coverage.csv
	$(BIN)/python benchmarks/coverage_figures.py

# Effects of a rollout on 98 x 40 and on a million rows, beside plain numpy and pyfixest, on one core.
.PHONY: bench-rollout
bench-rollout: .venv/package.stamp
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=benchmarks $(BIN)/python -m rollout

# Bias and coverage of estimators of a staged rollout; minutes on an idle core. Ctrl-C prints what is done so far.
.PHONY: bench-rollout-simulation
bench-rollout-simulation: .venv/package.stamp
	$(BIN)/python benchmarks/rollout_simulation.py
