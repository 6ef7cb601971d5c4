"""The plot of a run."""

from xml.etree import ElementTree as ET

from e2e.play import Played
from e2e.plot import COLOUR, FAILED, STRIP, WIDTH, draw
from tests.unit.e2e.played import answered, played, refused

SVG = "{http://www.w3.org/2000/svg}"

STRIPS = tuple(enumerate((4.0, 60.0, 4.0, 4.0, 4.0, 4.0)))


def _drawn(*cases: Played) -> ET.Element:
    return ET.fromstring(draw(cases))  # noqa: S314 - it is ours


def test_each_version_has_its_colour_and_failures_are_red() -> None:
    drawn = _drawn(played(*answered("v1", 0.1), refused(0.2), *answered("v2", 1.0)))
    assert {each.get("fill") for each in drawn.iter(f"{SVG}path")} == {COLOUR["v1"], COLOUR["v2"], FAILED}


def test_strip_tells_its_case_and_its_failures() -> None:
    words = [each.text for each in _drawn(played(refused(0.2), name="a & b")).iter(f"{SVG}text")]
    assert "a & b" in words
    assert "1 requests, 1 failed" in words


def test_nothing_is_drawn_beyond_the_edge() -> None:
    drawn = _drawn(*(played(*answered("v1", 0.1), name=str(number), lasted=lasted) for number, lasted in STRIPS))
    for each in drawn.iter(f"{SVG}rect"):
        assert float(each.get("x", "0")) + float(each.get("width", "0")) <= WIDTH


def test_crowded_moment_stays_within_its_strip() -> None:
    crowd = (*answered("v1", *[0.1] * 30), *answered("v2", *[0.1] * 30))
    heights = [
        float(each.get("d", "").split("v-")[1].split("h")[0]) for each in _drawn(played(*crowd)).iter(f"{SVG}path")
    ]
    assert sum(heights) <= STRIP + 0.1
