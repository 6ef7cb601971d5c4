"""The simulator's page as a browser reads it: its texts, its tags, their attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ecsdeploy.sim import World
from ecsdeploy.sim.codec.wire import Reply
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.page.routes import respond

HOST = "127.0.0.1:4599"
NOTHING: Mapping[str, str] = {}


@dataclass
class Page(HTMLParser):
    """A page taken apart; `texts` are in the order of the page."""

    html: str
    texts: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [given for _, given in self.tags if name in (given.get("class") or "").split()]


def paused(world: World) -> Pace:
    """A pace at which nothing moves unless the test moves it."""
    pace = Pace(world, 1)
    pace.pause()
    return pace


def ask(
    pace: Pace, path: str = "", *, method: str = "GET", body: bytes = b"", headers: Mapping[str, str] = NOTHING
) -> Reply:
    return respond(pace, method, f"/_simulator{path}", {"Host": HOST, **headers}, body)


def shown(world: World, path: str = "") -> Page:
    status, _, body = ask(paused(world), path)
    assert status == 200
    return Page(body.decode())
