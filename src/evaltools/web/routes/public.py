"""What anybody may see: the whole questionnaire before answering, how data are treated, accessibility, health."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from evaltools.language import texts
from evaltools.store import OpenWave, fieldwork_of, open_waves
from evaltools.web.form import Link, privacy_page, render
from evaltools.web.local_time import local
from evaltools.web.making.copies import COPIES, around_of, keeping_of, questionnaire_copy, questionnaire_html
from evaltools.web.seats import bare_shell, wave_shell
from evaltools.web.shown import Reading, Telling, shown
from evaltools.web.visit import Visit
from evaltools.web.waiting import file_answer


def front(_: Visit) -> Response:
    """The front page is the questionnaire; whoever answers comes by their link."""
    return RedirectResponse("/skema", 303)


def health(visit: Visit) -> Response:
    """Whether the server answers and can read its store."""
    return JSONResponse({"ok": True, "waves": len(open_waves(visit.site.store))})


def questionnaire(visit: Visit) -> Response:
    """The whole questionnaire; where there are several, a list to choose from."""
    waves = _public_waves(visit)
    if len(waves) == 1 or "wave" in visit.parameters:
        return _questionnaire(visit, _chosen(visit))
    say = texts(visit.language).say
    links = tuple(Link(one.questionnaire.titled(visit.language), f"/skema/{one.questionnaire.id}") for one in waves)
    page = Telling(say("site.waves.heading"), (say("site.waves.message" if waves else "site.waves.none"),), links)
    return shown(page, bare_shell(visit))


def questionnaire_file(visit: Visit) -> Response:
    """The whole questionnaire as a file: `pdf` or `xlsx`, made by another process and kept."""
    wave, form = _chosen(visit), visit.parameters["form"]
    if form not in ("pdf", "xlsx"):
        raise HTTPException(404)
    around = around_of(wave, fieldwork_of(visit.site.store, *_names(wave)), visit.language, local(visit.at).date())
    job = partial(questionnaire_copy, wave.questionnaire.source, form, visit.language, around)
    key = f"questionnaire {form} {visit.language} {wave.schema_sha256} {around}"
    name = f"{wave.questionnaire.survey}-{wave.questionnaire.wave}.{form}"
    return file_answer(visit, key, job, (COPIES[form], name))


def privacy(visit: Visit) -> Response:
    """How the data of those who answer are treated: the wave's own notice, or the shipped one filled in for it."""
    wave = _wave_of_visitor(visit)
    fieldwork = fieldwork_of(visit.site.store, *_names(wave))
    page = privacy_page(keeping_of(wave, fieldwork, visit.language), visit.language)
    return HTMLResponse(render(page, wave_shell(visit, wave, fieldwork)))


def accessibility(visit: Visit) -> Response:
    """What is known of how accessible the pages are."""
    say = texts(visit.language).say
    paragraphs = tuple(" ".join(part.split()) for part in say("site.was.text").split("\n\n") if part.strip())
    wave = _wave_of_visitor(visit)
    shell = wave_shell(visit, wave, fieldwork_of(visit.site.store, *_names(wave)))
    return shown(Telling(say("site.was.heading"), paragraphs), shell)


def _questionnaire(visit: Visit, wave: OpenWave) -> Response:
    fieldwork = fieldwork_of(visit.site.store, *_names(wave))
    around = around_of(wave, fieldwork, visit.language, local(visit.at).date())
    body = questionnaire_html(wave.questionnaire.source, visit.language, around)
    place = f"/skema/{wave.questionnaire.id}"
    return shown(Reading(wave.questionnaire.titled(visit.language), body, place), wave_shell(visit, wave, fieldwork))


def _wave_of_visitor(visit: Visit) -> OpenWave:
    """The wave that whoever asks answers; for anybody else the newest."""
    waves = _public_waves(visit)
    if visit.session is not None:
        mine = (visit.session.grant.survey, visit.session.grant.wave)
        waves = tuple(one for one in open_waves(visit.site.store) if _names(one) == mine)
    if not waves:
        raise HTTPException(404)
    return max(waves, key=lambda one: one.questionnaire.answer_year)


def _public_waves(visit: Visit) -> tuple[OpenWave, ...]:
    """The waves that somebody answers for real; only where there are none, those of a rehearsal."""
    waves = open_waves(visit.site.store)
    return tuple(one for one in waves if one.origin == "collected") or waves


def _chosen(visit: Visit) -> OpenWave:
    waves = open_waves(visit.site.store) if "wave" in visit.parameters else _public_waves(visit)
    wanted = (visit.parameters.get("survey"), visit.parameters.get("wave"))
    found = [one for one in waves if wanted in ((None, None), _names(one))]
    if len(found) != 1:
        raise HTTPException(404)
    return found[0]


def _names(wave: OpenWave) -> tuple[str, str]:
    return wave.questionnaire.survey, wave.questionnaire.wave
