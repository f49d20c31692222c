"""The report in a real browser: nothing on the console, nothing asked for, readable by everybody.

Needs Chromium and the extra `look`; skipped without. `make look` runs it alone and leaves pictures
in build/look.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.conftest import Runs

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PICTURES = os.environ.get("AUTOEVOL_PICTURES")
"""Read before a test changes the environment."""

SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
CUT = """[...document.querySelectorAll('svg')].flatMap((picture) => {
  const { left, right } = picture.getBoundingClientRect();
  return [...picture.querySelectorAll('text')].filter((text) => {
    const place = text.getBoundingClientRect();
    return text.textContent.includes('…') || place.left < left - 1 || place.right > right + 1;
  }).map((text) => text.textContent);
})"""
"""Words of pictures that cannot be read to their end."""
HIDDEN = """[...document.querySelectorAll('#result .wide')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"""
"""Tables of the result that have to be pushed to be seen."""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # Where tests run as root, Chromium's own sandbox does not start.
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("screen", sorted(SCREENS))
@pytest.mark.parametrize("name", ["compared", "evolved", "flat", "planted"])
def test_the_page_is_silent_fits_and_can_be_read_by_everybody(
    runs: Runs, browser: Any, name: str, screen: str
) -> None:
    said: list[str] = []
    asked: list[str] = []
    context = browser.new_context(**SCREENS[screen])
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((runs[name] / "report.html").as_uri())
    if PICTURES:
        place = Path(PICTURES) / f"{name}-{screen}.png"
        page.screenshot(path=str(place), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SCREENS[screen]["viewport"]["width"]
    assert page.evaluate(CUT) == []
    if screen != "phone":
        assert page.evaluate(HIDDEN) == []
    assert len(asked) == 1
    assert said == []
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    context.close()


def test_trajectories_are_searched_and_filtered(runs: Runs, browser: Any) -> None:
    page = browser.new_page()
    page.goto((runs["planted"] / "report.html").as_uri())
    every = page.locator("details.seen").count()
    assert f"{every} of {every} fit" in page.locator("#found").inner_text()
    item = page.locator("details.seen .item").first.inner_text()
    page.fill("#words", item.upper())
    shown = page.locator("details.seen:visible")
    assert 0 < shown.count() < every
    assert all(item in text for text in shown.all_inner_texts())
    page.fill("#words", "")
    page.select_option("#class", index=1)
    kind = page.locator("#class").input_value()
    assert {one.get_attribute("data-class") for one in shown.all()} == {kind}
    page.select_option("#place", label="initial method")
    assert {one.get_attribute("data-place") for one in shown.all()} == {"initial method"}
    page.close()
