"""Draw the pictures of the municipalities' guide: pages of the served form, with rehearsal answers. `make guide-pictures`."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from chromium import chromium
from served_scene import Scene
from served_stage import stage
from served_states import STATES

PICTURES = {
    "link": ("link", "body", 560),
    "overblik": ("hub with colleagues", "main h2", 700),
    "begrundelse": ("doubt", ".question:has(.notice)", 560),
    "to-har-svaret": ("conflict", "body", 860),
    "kvittering": ("receipt", "body", 900),
}
"""By name of the picture: the state of the served form, where the picture begins, and its greatest height in pixels."""

WIDTH = 900
COLOURS = 48


def draw_pictures(browser: Browser, folder: Path) -> None:
    """Write each picture into the folder, with few colours, so that it is small."""
    states = {state.name: state for state in STATES}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, stage(Path(place), origin="rehearsal") as made:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce")
        for name, (state, begins, height) in PICTURES.items():
            made.speak(page, "da")
            states[state].go(Scene(made, page, "da"))
            page.evaluate("window.scrollTo(0, 0)")
            drawn = Image.open(io.BytesIO(page.screenshot(full_page=True)))
            top = max(0, round(page.locator(begins).first.evaluate("one => one.getBoundingClientRect().top")) - 16)
            cut = drawn.crop((0, top, WIDTH, min(top + height, drawn.height))).convert("RGB")
            cut.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    with chromium() as started:
        draw_pictures(started, Path(sys.argv[1]))
