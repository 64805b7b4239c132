"""The states of the pages on which a municipality answers: link, hub, sections, check, receipt, colleagues."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from unittest.mock import patch

from evaltools.sheets import make_sheets
from evaltools.store import dispositions, make_workbook, reopen, take_snapshot
from evaltools.web.making import Workshop
from served_scene import Go, Scene, State, at
from served_stage import (
    AGAIN,
    BEFORE,
    BUSY,
    COLLEAGUE,
    DECLINED,
    MUNICIPAL,
    NEW,
    NOW,
    OF_PATH,
    SENT,
    SHARED,
    survey,
)
from workbook_desk import edited, put

USER = OF_PATH["user_of_three"]
PARTS = ("figures", "reasons")


def states_of_response() -> Iterator[State]:
    """All of them."""
    yield from _links()
    yield from _sections()
    yield from _saving()
    yield from _sending()
    yield from _colleagues()
    yield from _declining()
    yield from _workbooks()
    yield from _comparison()


def _links() -> Iterator[State]:
    yield State("link", ("GET /s/{token}",), _link)
    yield State(
        "link of a colleague", ("GET /s/{token}",), partial(_link, holder=COLLEAGUE, role="colleague", sections=PARTS)
    )
    yield State("come in", ("POST /s/{token}", "GET /besvar"), _enter)
    yield State("come in without a name", ("POST /s/{token}",), partial(_enter, person=""), True, 422)
    yield State("left", ("POST /besvar/afslut",), _leave)


def _link(scene: Scene, **link: Any) -> None:
    scene.open(scene.stage.served.link(NEW, **link))


def _enter(scene: Scene, person: str = "Bo Sørensen") -> None:
    _link(scene)
    scene.page.fill("#person", person)
    scene.press("main button")


def _leave(scene: Scene) -> None:
    at("/besvar", USER)(scene)
    scene.press("form[action*=afslut] button")


def _sections() -> Iterator[State]:
    q = survey(MUNICIPAL)
    for path in q.paths:
        unit = OF_PATH[path.name]
        yield State(f"hub of {path.name}", ("GET /besvar",), at("/besvar", unit))
        yield State(f"check of {path.name}", ("GET /besvar/tjek",), at("/besvar/tjek", unit))
        for section in q.sections:
            yield State(
                f"{section.name} of {path.name}",
                ("GET /besvar/{section}",),
                at(f"/besvar/{section.name}", unit),
                is_error=section.name == "figures" and path.name != "non_user",
            )
    yield State("hub of nobody yet", ("GET /besvar",), at("/besvar", NEW))
    yield State("check of nobody yet", ("GET /besvar/tjek",), at("/besvar/tjek", NEW))
    for section in q.sections:
        yield State(f"{section.name} empty", ("GET /besvar/{section}",), at(f"/besvar/{section.name}", NEW))


def _saving() -> Iterator[State]:
    passes = ("POST /besvar/{section}",)
    yield State("saved", passes, _save)
    yield State("opened", passes, _open_questions)
    yield State("unreadable", passes, partial(_answer, figure="ca. 40"), True, 422)
    yield State("mistake", passes, partial(_answer, figure="3", foster="200"), True, 422)
    yield State("doubt", passes, partial(_answer, figure="3000", foster="0"), status=422)
    yield State("conflict", passes, _conflict, status=409)


def _save(scene: Scene) -> None:
    at("/besvar/organisation", USER)(scene)
    scene.press("#answers .buttons button[value=save]")


def _open_questions(scene: Scene) -> None:
    """Without the script, an answer opens questions when it is sent."""
    scene.stage.write(BUSY, {"b1_stage_m1": "0"})
    scene.come_in(BUSY)
    scene.open_without_script("/besvar/adoption")
    scene.page.locator("label[for=b1_stage_m1-4]").click()
    scene.press("#answers .buttons button[value=next]")
    assert scene.page.locator(".new").count()


def _answer(scene: Scene, figure: str, foster: str = "") -> None:
    scene.stage.write(BUSY, {"f1_placed": "", "f2_foster": "", "f7_placed_year": "0"})
    at("/besvar/figures", BUSY)(scene)
    scene.page.fill("#f1_placed", figure)
    scene.page.fill("#f2_foster", foster)
    scene.press("#answers .buttons button[value=next]")
    assert scene.page.locator("#summary").count()


def _conflict(scene: Scene) -> None:
    """Another writes the same two answers while the page is open."""
    scene.stage.write(BUSY, {"f1_placed": "40", "f2_foster": "20", "a4_caseworkers": "3"})
    at("/besvar/figures", BUSY)(scene)
    scene.stage.write(BUSY, {"f1_placed": "41", "a4_caseworkers": "5"}, actor=COLLEAGUE)
    scene.page.fill("#f1_placed", "42")
    scene.page.fill("#a4_caseworkers", "4")
    scene.press("#answers .buttons button[value=next]")
    assert scene.page.locator(".choosing").count()


def _sending() -> Iterator[State]:
    yield State("sending refused", ("POST /besvar/tjek",), _refused, True, 422)
    yield State("reasons saved", ("POST /besvar/tjek",), _save_reasons)
    yield State("changed meanwhile", ("POST /besvar/tjek",), _changed_meanwhile, status=409)
    yield State("receipt", ("POST /besvar/tjek", "GET /kvittering"), _send_again)
    yield State("hub after sending", ("GET /besvar",), at("/besvar", SENT))
    yield State("check after sending", ("GET /besvar/tjek",), at("/besvar/tjek", SENT))
    yield State("opened again", ("POST /kvittering/genaabn",), _reopen)
    yield State("receipt of a draft", ("GET /kvittering",), _draft_after_sending)
    yield State("file being made", (), partial(_file, state="waiting"), status=202)
    yield State("file not made", (), partial(_file, state="failed"), status=503)


def _refused(scene: Scene) -> None:
    at("/besvar/tjek", USER)(scene)
    scene.press("button[value=submit]")


def _save_reasons(scene: Scene) -> None:
    at("/besvar/tjek", OF_PATH["non_user"])(scene)
    scene.page.locator("#answers textarea").first.fill("Vi tæller på en anden dag.")
    scene.press("#answers .buttons button[value=save]")


def _changed_meanwhile(scene: Scene) -> None:
    at("/besvar/tjek", USER)(scene)
    scene.stage.write(USER, {"h4_text": f"Ændret {scene.stage.tick()}"})
    scene.press("button[value=submit]")


def _send_again(scene: Scene) -> None:
    scene.stage.write(SENT, {"h4_text": f"Tilføjet {scene.stage.tick()}"})
    at("/besvar/tjek", SENT)(scene)
    scene.press("button[value=submit]")


def _reopen(scene: Scene) -> None:
    scene.stage.write(AGAIN, {"h4_text": f"Sendt {scene.stage.tick()}"}, submit=True)
    at("/kvittering", AGAIN)(scene)
    scene.press("form[action*=genaabn] button")


def _draft_after_sending(scene: Scene) -> None:
    _reopen(scene)
    scene.open("/kvittering")


def _file(scene: Scene, state: str) -> None:
    scene.come_in(SENT)
    with patch.object(Workshop, "ask", return_value=state):
        scene.open("/kvittering.pdf")


def _colleagues() -> Iterator[State]:
    yield State("no colleagues", ("GET /besvar/kolleger",), at("/besvar/kolleger", NEW))
    yield State("handed over", ("POST /besvar/kolleger",), _hand_over)
    yield State("handed over to nobody", ("POST /besvar/kolleger",), partial(_hand_over, holder=""), True, 422)
    yield State("new link for a colleague", ("POST /besvar/kolleger/nyt-link",), _renew)
    yield State("taken back", ("POST /besvar/kolleger/tag-tilbage",), _take_back)
    yield State("colleague logged out", ("POST /besvar/kolleger/log-af",), _log_colleague_out)
    yield State("hub with colleagues", ("GET /besvar",), _after_handing_over("/besvar"))
    yield State("section of a colleague", ("GET /besvar/{section}",), _after_handing_over("/besvar/figures"))
    yield State("section of others", ("POST /besvar/{section}",), _save_theirs, status=403)
    colleague = {"person": COLLEAGUE, "role": "colleague", "sections": PARTS}
    for name, path in (
        ("hub", "/besvar"), ("check", "/besvar/tjek"), ("colleagues", "/besvar/kolleger"),
        ("own section", "/besvar/figures"), ("locked section", "/besvar/adoption"),
    ):  # fmt: skip
        route = path if path in ("/besvar", "/besvar/tjek", "/besvar/kolleger") else "/besvar/{section}"
        yield State(
            f"{name} as a colleague", (f"GET {route}",), at(path, USER, **colleague), is_error=name == "own section"
        )


def _save_theirs(scene: Scene) -> None:
    """A page that was opened by whoever leads, sent by a colleague who has other sections."""
    at("/besvar/adoption", SHARED)(scene)
    scene.come_in(SHARED, person=COLLEAGUE, role="colleague", sections=PARTS)
    scene.press("#answers .buttons button[value=save]")
    scene.press("main button")


def _hand_over(scene: Scene, holder: str = COLLEAGUE) -> None:
    at("/besvar/kolleger", SHARED)(scene)
    scene.page.fill("#holder", holder)
    for part in PARTS:
        scene.page.check(f"#section-{part}")
    scene.press("form:has(#holder) button")


def _renew(scene: Scene) -> None:
    _hand_over(scene)
    scene.press("form[action*=nyt-link] button")


def _take_back(scene: Scene) -> None:
    _hand_over(scene)
    scene.press("form[action*=tag-tilbage] button")


def _log_colleague_out(scene: Scene) -> None:
    scene.come_in(SHARED, person=COLLEAGUE, role="colleague", sections=PARTS)
    at("/besvar/kolleger", SHARED)(scene)
    scene.press("form[action*=log-af] button")


def _after_handing_over(path: str) -> Go:
    def go(scene: Scene) -> None:
        _hand_over(scene)
        scene.open(path)

    return go


def _declining() -> Iterator[State]:
    route = "/besvar/deltager-ikke"
    yield State("whether to decline", (f"GET {route}",), at(route, NEW))
    yield State("too late to decline", (f"GET {route}",), at(route, SENT))
    yield State("declined", (f"POST {route}", f"GET {route}"), _decline)
    yield State("hub after declining", ("GET /besvar",), _hub_after_declining)
    yield State("declined no more", (f"POST {route}", "GET /besvar"), _decline_no_more)


def _decline(scene: Scene) -> None:
    store, at_now = scene.stage.store, scene.stage.served.clock()
    if dispositions(store, *MUNICIPAL)[DECLINED] == "refused":
        reopen(store, *MUNICIPAL, DECLINED, at=at_now, actor="Bo Sørensen", channel="form")
    at("/besvar/deltager-ikke", DECLINED)(scene)
    scene.press("main button")


def _hub_after_declining(scene: Scene) -> None:
    _decline(scene)
    scene.open("/besvar")


def _decline_no_more(scene: Scene) -> None:
    _decline(scene)
    scene.press("main button[value=answer]")


def _comparison() -> Iterator[State]:
    yield State("no comparison yet", ("GET /sammenligning",), at("/sammenligning", NEW))
    yield State("comparison", ("GET /sammenligning",), _compare)


def _compare(scene: Scene) -> None:
    snapshot = take_snapshot(scene.stage.store)
    make_sheets(scene.stage.store, snapshot, at=NOW)
    at("/sammenligning", USER, wave=BEFORE)(scene)
    assert scene.page.locator(".compared").count()


def _workbooks() -> Iterator[State]:
    page, kept = "/besvar/regneark", "POST /besvar/regneark"
    yield State("workbook", (f"GET {page}",), at(page, NEW))
    yield State("no workbook", (kept,), partial(_hand_in, content=b"text"), True, 422)
    yield State("workbook that changes nothing", (kept,), _hand_in_unchanged)
    yield State("difference of a workbook", (kept,), _hand_in_changed)
    yield State("workbook beyond one's sections", (kept,), _hand_in_beyond, True, 403)
    yield State("workbook kept", (f"{kept}/gem",), _keep_workbook)


def _hand_in(scene: Scene, content: bytes, **who: Any) -> None:
    at("/besvar/regneark", BUSY, **who)(scene)
    scene.page.set_input_files("#workbook", {"name": "svar.xlsx", "mimeType": "application/zip", "buffer": content})
    scene.press("form:has(#workbook) button")


def _fetched(scene: Scene) -> bytes:
    return make_workbook(scene.stage.store, *MUNICIPAL, BUSY, language=scene.language)


def _hand_in_unchanged(scene: Scene) -> None:
    _hand_in(scene, _fetched(scene))


def _hand_in_changed(scene: Scene) -> None:
    """Something is new, changed, changed by a colleague too, and not understood."""
    scene.stage.write(BUSY, {"a4_caseworkers": "3", "f2_foster": "20", "f5_new": "", "f9_resp": "1"})
    filled_in = put(answer_a4_caseworkers=4, answer_f2_foster=21, answer_f5_new=2, answer_f9_resp="ca. 40")
    content = edited(filled_in, _fetched(scene))
    scene.stage.write(BUSY, {"a4_caseworkers": "5"}, actor=COLLEAGUE)
    _hand_in(scene, content)
    assert scene.page.locator(".choosing").count()


def _hand_in_beyond(scene: Scene) -> None:
    """A colleague changes an answer of somebody else's section."""
    scene.stage.write(BUSY, {"a4_caseworkers": "3"})
    content = edited(put(answer_a4_caseworkers=4), _fetched(scene))
    _hand_in(scene, content, person=COLLEAGUE, role="colleague", sections=("reasons",))


def _keep_workbook(scene: Scene) -> None:
    _hand_in_changed(scene)
    scene.page.locator(".choosing input[value=mine]").check()
    scene.press("#answers button")
