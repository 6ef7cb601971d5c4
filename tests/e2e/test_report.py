"""The pages of `--report` in a browser: wide and narrow, light and dark, without a script and without a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import CRASHES, DEPLOY, NEW, WEB, a_world, play, service, shipped, surroundings
from tests.e2e.browser import NO_SCRIPT, Browser, browsing, install

pytestmark = pytest.mark.e2e
WIDTHS, SCHEMES = (1100, 390), ("light", "dark")
RUNS = {
    "good": lambda: a_world(service(desired=1)),
    "rolled-back": lambda: a_world(service(desired=1000), CRASHES),
    "shifting": lambda: shipped("linear"),
    "paused": lambda: shipped("linear-pauses"),
    "away": lambda: shipped("network-down"),
    "rehearsed": lambda: a_world(service(desired=1)),
    "rehearsed-shifting": lambda: shipped("linear"),
}
CONTRAST = """(() => {
  const lit = text => { const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(c => (c /= 255) <= 0.03928 ? c / 12.92
      : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = node => { const found = getComputedStyle(node).backgroundColor;
      return /, 0\\)$/.test(found) && node.parentElement ? ground(node.parentElement) : found; };
  return [...document.querySelectorAll('body *:not(svg *)')]
    .filter(node => node.checkVisibility()
      && [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim()))
    .map(node => { const [a, b] = [lit(getComputedStyle(node).color), lit(ground(node))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), node.className, node.textContent.slice(0, 30)]; })
    .filter(([ratio]) => ratio < 4.5);
})()"""
"""The texts whose contrast is below that of https://www.w3.org/TR/WCAG22/#contrast-minimum."""
DRAWINGS = "[...document.querySelectorAll('svg')].filter(each => each.checkVisibility()).length"
OVERLAP = """(() => {
  const boxes = [...document.querySelectorAll('svg text')].filter(each => each.checkVisibility())
    .map(each => [each.getBoundingClientRect(), each.textContent]);
  return boxes.flatMap(([a, one], i) => boxes.slice(i + 1).filter(([b]) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 3 && b.top < a.bottom - 3).map(([, other]) => [one, other]));
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    install()
    with browsing(tmp_path_factory.mktemp("browser") / "profile", NO_SCRIPT) as browser:
        yield browser


MADE = (*DEPLOY, "--on-failure", "rollback", "--timeout", "30m")
REHEARSED = ("rehearse", *WEB, "--image", NEW, "--timeout", "30m")


def _page(world: World, folder: Path, words: tuple[str, ...]) -> Path:
    play(world, (*words, "--report", "run.html"), surroundings(folder))
    return folder / "run.html"


@pytest.mark.parametrize("name", RUNS)
def test_the_page_is_whole_at_every_width_and_in_every_light(name: str, browser: Browser, tmp_path: Path) -> None:
    path = _page(RUNS[name](), tmp_path, REHEARSED if name.startswith("rehearsed") else MADE)
    assert path.stat().st_size <= 500_000
    for scheme in SCHEMES:
        browser.prefer(scheme)
        for width in WIDTHS:
            browser.narrow_to(width, 900)
            browser.open(path.as_uri())
            browser.screenshot(tmp_path / f"{name}-{scheme}-{width}.png")
            assert browser.run("document.documentElement.scrollWidth") <= width
            assert browser.run(DRAWINGS) == 1
            assert browser.run(CONTRAST) == []
            assert browser.run(OVERLAP) == []
    assert browser.complaints() == []
