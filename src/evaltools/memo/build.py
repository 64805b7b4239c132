"""Builds a memo: executes its chapters on one snapshot, releases it as a whole, writes all formats, then renames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evaltools.errors import Fault, MemoError, ReleaseError, near
from evaltools.language import Language, texts
from evaltools.memo.assemble import Assembly, assemble
from evaltools.memo.chapters import read_chapter, read_notebook
from evaltools.memo.execute import Executed, Job, execute
from evaltools.memo.model import MemoReport, Provenance, TitlePage
from evaltools.memo.outputs import write_outputs
from evaltools.memo.private import ChapterFiles, read_cells, write_plan
from evaltools.memo.register import audit_entry
from evaltools.memo.stages import Stages
from evaltools.memo.titlepage import read_title_page
from evaltools.present import check_audit, nesting, with_audit
from evaltools.present import plan as plan_release
from evaltools.present.model import ConfidentialCell, ReleasePlan
from evaltools.provenance import code_version
from evaltools.store import write_snapshot
from evaltools.store.model import Snapshot

_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class MemoRequest:
    """What to build.

    notebooks : folder of chapters and `memo.yaml`. out : folder of the outputs. store : name of the store, for the
    register. only : names of chapters, all when empty. created : ISO time. published : the published cases by id.
    beside : the confidential cells of what readers get besides the memo, such as its codebook; the release plan
    decides over these and the chapters together.
    """

    notebooks: Path
    out: Path
    store: str
    created: str
    published: Mapping[str, object] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    draft: bool = False
    beside: tuple[ConfidentialCell, ...] = ()


Environment = Callable[[ChapterFiles], Mapping[str, str]]
"""The environment of a chapter's kernel, made from the private files that it gets."""


def build_memo(request: MemoRequest, snapshot: Snapshot, environment: Environment, stages: Stages) -> MemoReport:
    """Build the memo into `request.out`; a fault stops the build and leaves earlier outputs as they were.

    stages : the stopwatch that times the build. A draft is always delivered, stamped, with its faults listed.
    Errors: MemoError with every fault found.
    """
    page = read_title_page(request.notebooks)
    paths = chapter_paths(request.notebooks, request.only)
    with TemporaryDirectory(prefix="evaltools-") as private:
        with stages.stage("execute"):
            executed, plan = _released(paths, Build(Path(private), snapshot, request.beside), environment, stages)
        with stages.stage("assemble"):
            chapters = [read_chapter(notebook, name) for name, notebook in executed.notebooks.items()]
            assembly = assemble(chapters, page, _provenance(request, snapshot, plan, stages))
        faults = (*executed.faults, *_told_too_closely(plan, page.language), *assembly.faults)
        if faults and not request.draft:
            raise MemoError(*faults)
        finished = _as_draft(assembly, page, faults) if request.draft else assembly
        files = write_outputs(finished, executed.notebooks, request.out, stages)
    return MemoReport(files, stages.seconds, len(assembly.register.entries), faults, plan)


def chapter_paths(folder: Path, only: Sequence[str]) -> tuple[Path, ...]:
    """The chapters in a folder, in the order of their names. Errors: MemoError NO_CHAPTER."""
    paths = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    if not paths:
        remedy = "Name the folder that holds the chapters, such as notebooks."
        raise MemoError(Fault("NO_CHAPTER", folder.name, "the folder holds no notebooks", remedy))
    for name in only:
        if name not in paths:
            raise MemoError(Fault("NO_CHAPTER", folder.name, f'there is no chapter "{name}"', near(name, paths)))
    return tuple(path for name, path in paths.items() if not only or name in only)


@dataclass(frozen=True, slots=True)
class Build:
    """What all chapters share: a private folder, the snapshot, and the cells that readers get besides the memo."""

    private: Path
    snapshot: Snapshot
    beside: tuple[ConfidentialCell, ...]

    def files(self, paths: Sequence[Path]) -> dict[str, ChapterFiles]:
        """The private files of each chapter; the snapshot is written."""
        kept = self.private / "snapshot.json"
        write_snapshot(self.snapshot, kept, private=True)
        plan = self.private / "plan.json"
        return {path.stem: ChapterFiles(kept, plan, self.private / f"{path.stem}.cells") for path in paths}


def _released(
    paths: Sequence[Path], build: Build, environment: Environment, stages: Stages
) -> tuple[Executed, ReleasePlan]:
    """Execute all chapters; those that gained hidden cells by the plan over all of them run again."""
    files = build.files(paths)
    notebooks = {path.stem: read_notebook(path) for path in paths}
    nested = nesting(unit.frame for wave in build.snapshot.waves for unit in wave.units)
    with stages.stage("audit"):
        plan = plan_release(build.beside, nested=nested, audited=False)
    done = Executed({}, ())
    waiting = list(files)
    for _ in range(_ROUNDS):
        write_plan(plan, build.private / "plan.json")
        for name in waiting:
            files[name].cells.unlink(missing_ok=True)
        jobs = [Job(name, notebooks[name], environment(files[name])) for name in waiting]
        done = _joined(done, execute(jobs, paths[0].parent, stages), list(files))
        cells = {name: read_cells(files[name].cells) for name in files}
        with stages.stage("audit"):
            all_cells = [*build.beside, *(cell for found in cells.values() for cell in found)]
            before, plan = plan, plan_release(all_cells, plan, nested=nested, audited=False)
        gained = plan.hidden - before.hidden
        waiting = [
            name for name, found in cells.items() if any(cell.key in gained and not cell.hidden for cell in found)
        ]
        if not waiting:
            with stages.stage("audit"):
                return done, with_audit(plan, all_cells, nested=nested)
    problem = f"the release plan still grows after {_ROUNDS} rounds"
    remedy = "Show fewer overlapping breakdowns of the same small groups."
    raise MemoError(Fault("PLAN_GROWS", ", ".join(waiting), problem, remedy))


def _told_too_closely(plan: ReleasePlan, language: Language) -> tuple[Fault, ...]:
    try:
        check_audit(plan, language=language)
    except ReleaseError as error:
        return error.faults
    return ()


def _joined(before: Executed, new: Executed, order: Sequence[str]) -> Executed:
    notebooks = {**before.notebooks, **new.notebooks}
    kept = tuple(fault for fault in before.faults if fault.where.split(",")[0] not in new.notebooks)
    return Executed({name: notebooks[name] for name in order}, (*kept, *new.faults))


def _provenance(request: MemoRequest, snapshot: Snapshot, plan: ReleasePlan, stages: Stages) -> Provenance:
    origins = {wave.origin for wave in snapshot.waves} | ({"published"} if request.published else set())
    return Provenance(
        origins=tuple(sorted(origins)),
        snapshot_sha256=snapshot.sha256,
        schema_sha256={f"{wave.survey}/{wave.wave}": wave.schema_sha256 for wave in snapshot.waves},
        code_version=code_version(),
        plan_id=plan.id,
        audit=audit_entry(plan, stages.seconds["audit"]),
        created=request.created,
        store=request.store,
        published=request.published,
    )


def _as_draft(assembly: Assembly, page: TitlePage, faults: Sequence[Fault]) -> Assembly:
    stamp = texts(page.language).say("memo.draft")
    both = " · ".join(mark for mark in (stamp, assembly.document.stamp) if mark)
    document = replace(assembly.document, stamp=both, faults=tuple(str(fault) for fault in faults))
    return replace(assembly, document=document)
