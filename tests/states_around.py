"""The states of the pages for many records, for those who run a wave, and of all that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from unittest.mock import patch

from evaltools.errors import Fault, StoreError
from served_scene import Go, Scene, State, at
from served_stage import CLOSED, FOLLOWED, LEADER, NEW, OPERATOR, Stage, survey

RECORD = "17-a"
COMPLETE = {"record_year": "2018", "quarter": "1", "placement_type": "1", "start_month": "2018-03", "status": "1"}


def states_around() -> Iterator[State]:
    """All of them."""
    yield from _public()
    yield from _records()
    yield from _operators()
    yield from _refusals()


def _public() -> Iterator[State]:
    yield State("front", ("GET /", "GET /skema"), at("/"))
    yield State("questionnaire", ("GET /skema/{survey}/{wave}",), at("/skema/network_methods/2018"))
    yield State("questionnaire of records", ("GET /skema/{survey}/{wave}",), at("/skema/placement_followup/1"))
    yield State("privacy", ("GET /privatliv",), at("/privatliv"))
    yield State("accessibility", ("GET /was",), at("/was", NEW))


def _records() -> Iterator[State]:
    yield State("no records", ("GET /besvar",), at("/besvar", NEW, wave=FOLLOWED))
    yield State("records", ("GET /besvar",), _kept("/besvar"))
    yield State("records sought in vain", ("GET /besvar",), _kept("/besvar?q=nej"))
    yield State("follow-up", ("GET /besvar/opfoelgning",), _kept("/besvar/opfoelgning"))
    yield State("no follow-up", ("GET /besvar/opfoelgning",), at("/besvar/opfoelgning", NEW, wave=FOLLOWED))
    yield State("record", ("GET /besvar/post/{record}",), _kept(f"/besvar/post/{RECORD}"))
    yield State("check of record", ("GET /besvar/post/{record}/tjek",), _kept(f"/besvar/post/{RECORD}/tjek"))
    for section in survey(FOLLOWED).sections:
        passes = ("GET /besvar/post/{record}/{section}",)
        yield State(f"{section.name} of record", passes, _kept(f"/besvar/post/{RECORD}/{section.name}"))
    yield State("new record", ("POST /besvar",), partial(_new_record, record="new"))
    yield State("new record with a wrong number", ("POST /besvar",), partial(_new_record, record="æ ø å"), True, 422)
    yield State("record saved", ("POST /besvar/post/{record}/{section}",), _save_record)
    yield State("another turn", ("POST /besvar/post/{record}/{section}",), _add_turn)
    yield State("receipt of record", ("POST /besvar/post/{record}/tjek", "GET /kvittering/{record}"), _send_record)
    yield State("record opened again", ("POST /kvittering/{record}/genaabn",), _reopen_record)


def _keep_records(stage: Stage) -> None:
    """One that is complete, one that waits for its follow-up, and an empty one."""
    for record, answers in ((RECORD, COMPLETE), ("18", COMPLETE | {"start_month": "2018-10"}), ("19", {"sex": "1"})):
        stage.write("0101", answers, wave=FOLLOWED, record=record, actor=LEADER)


def _kept(path: str) -> Go:
    def go(scene: Scene) -> None:
        _keep_records(scene.stage)
        scene.come_in("0101", wave=FOLLOWED)
        scene.open(path)

    return go


def _new_record(scene: Scene, record: str) -> None:
    _kept("/besvar")(scene)
    scene.page.fill("#record", record)
    scene.press("form:has(#record) button")


def _save_record(scene: Scene) -> None:
    _kept(f"/besvar/post/{RECORD}/placement")(scene)
    scene.press("#answers .buttons button[value=save]")


def _add_turn(scene: Scene) -> None:
    _kept(f"/besvar/post/{RECORD}/followup")(scene)
    scene.press("button[name=add]")


def _send_record(scene: Scene) -> None:
    _kept(f"/besvar/post/{RECORD}/tjek")(scene)
    scene.press("button[value=submit]")


def _reopen_record(scene: Scene) -> None:
    _send_record(scene)
    scene.press("form[action*=genaabn] button")


def _operators() -> Iterator[State]:
    yield State("login", ("GET /status/log-ind",), at("/status/log-ind"))
    yield State("wrong password", ("POST /status/log-ind",), _wrong_password, True, 401)
    yield State("board", ("GET /status",), partial(_board, path="/status"))
    yield State(
        "board of a wave", ("GET /status/{survey}/{wave}",), partial(_board, path="/status/network_methods/2018")
    )
    yield State("new password", ("GET /status/adgangskode",), partial(_board, path="/status/adgangskode"))
    yield State("new password refused", ("POST /status/adgangskode",), _wrong_new_password, True, 422)
    yield State("logged out", ("POST /status/log-ud",), _log_out)


def _wrong_password(scene: Scene) -> None:
    scene.open("/status/log-ind")
    scene.page.fill("#name", OPERATOR)
    scene.page.fill("#password", "forkert")
    scene.press("main button")


def _board(scene: Scene, path: str) -> None:
    scene.stage.log_in(scene.page)
    scene.open(path)


def _wrong_new_password(scene: Scene) -> None:
    _board(scene, "/status/adgangskode")
    scene.press("main form button")


def _log_out(scene: Scene) -> None:
    _board(scene, "/status")
    scene.press("form[action*=log-ud] button")


def _refusals() -> Iterator[State]:
    yield State("no such page", (), at("/intet"), status=404)
    yield State("expired link", ("GET /s/{token}",), at("/s/" + "x" * 43), status=404)
    yield State("not come in", ("GET /besvar",), at("/besvar"), status=401)
    yield State(
        "post of another site", ("POST /status/log-ind",), partial(_foreign_post, path="/status/log-ind"), status=403
    )
    yield State("wrong method", (), partial(_foreign_post, path="/was"), status=405)
    yield State("too large", (), partial(_foreign_post, path="/status/log-ind", letters=100_000), status=413)
    yield State("too many requests", (), _too_many, status=429)
    yield State("fault of ours", ("GET /was",), _fault, status=500)
    yield State("disk full", ("POST /besvar/{section}",), _disk_full, True, 507)
    yield State("session ended", ("POST /besvar/{section}",), _session_ended, True, 401)
    yield State("come in again", ("POST /besvar/{section}",), _come_in_again, True, 403)
    yield State("hub of a closed wave", ("GET /besvar",), at("/besvar", NEW, wave=CLOSED))
    yield State("closed wave", ("POST /besvar/post/{record}/{section}",), _closed, True, 403)


def _foreign_post(scene: Scene, path: str, letters: int = 1) -> None:
    scene.page.goto("about:blank")
    scene.page.set_content(
        f'<form method="post" action="{scene.stage.address}{path}"><textarea name="a"></textarea><button>x</button></form>'
    )
    scene.page.fill("textarea", "x" * letters)
    scene.press("button")


def _too_many(scene: Scene) -> None:
    """Whoever is refused has seen a page before."""
    at("/besvar", NEW)(scene)
    with patch.object(scene.stage.served.app.state.site.by_token, "most", 0):
        scene.open("/besvar")


def _fault(scene: Scene) -> None:
    with patch("evaltools.web.routes.public.texts", side_effect=RuntimeError):
        scene.open("/was")


def _disk_full(scene: Scene) -> None:
    scene.come_in(NEW)
    scene.open_without_script("/besvar/figures")
    scene.page.fill("#f1_placed", "40")
    fault = StoreError(Fault("DISK_FULL", "answers.db", "the disk is full", "Make room."))
    with patch("evaltools.web.saving.receive", side_effect=fault):
        scene.press("#answers .buttons button[value=next]")


def _session_ended(scene: Scene) -> None:
    scene.come_in(NEW)
    scene.open_without_script("/besvar/figures")
    scene.page.fill("#f1_placed", "40")
    scene.page.fill("#f2_foster", "ca. 30")
    scene.stage.served.clock.pass_by(hours=3)
    scene.press("#answers .buttons button[value=next]")


def _come_in_again(scene: Scene) -> None:
    _session_ended(scene)
    scene.come_in(NEW)
    scene.press("main button")


def _closed(scene: Scene) -> None:
    scene.come_in(NEW, wave=CLOSED)
    scene.open_without_script(f"/besvar/post/1/{survey(CLOSED).sections[0].name}")
    scene.page.locator("#answers label").first.click()
    scene.press("#answers .buttons button[value=next]")
