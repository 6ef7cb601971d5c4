"""Follow every link within a built site: each leads to a page and an anchor that are there, and no page is left out.

python -m tools.links build/site        names what is wrong, exit 1
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LEADING = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}
# A page for what is not there has no place among those that are.
_NOT_FOUND = "404.html"


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, and the ids that can be linked to."""

    path: Path
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.update(filter(None, (given.get("id"), given.get("name"))))
        link = given.get(_LEADING.get(tag, ""), "")
        if link:
            self.links.append(link)
            if tag not in {"a", "link"} or given.get("rel") == "stylesheet":
                self.loads.append(link)


def wrong(site: Path) -> Iterator[str]:
    """A sentence for each link that leads nowhere, each thing that is loaded from elsewhere, each page left out."""
    site = site.resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    if site / "index.html" not in pages:
        yield f"`{site}` has no `index.html`."
        return
    for path, page in pages.items():
        name = path.relative_to(site)
        yield from (f"`{name}` loads `{each}` from elsewhere." for each in page.loads if _is_elsewhere(each))
        for link in dict.fromkeys(page.links):
            if not (_is_elsewhere(link) or _leads(link, path, site, pages)):
                yield f"`{name}` links to `{link}`, which is not there."
    start = site / "index.html"
    found = {_target(link, start, site) for link in pages[start].links if not _is_elsewhere(link)}
    left_out = pages.keys() - found - {start, site / _NOT_FOUND}
    yield from (f"`{path.relative_to(site)}` is in no navigation." for path in sorted(left_out))


@cache
def _is_elsewhere(link: str) -> bool:
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


def _leads(link: str, page: Path, site: Path, pages: Mapping[Path, Page]) -> bool:
    target, anchor = _target(link, page, site), unquote(urlsplit(link).fragment)
    if target in pages:
        return not anchor or anchor in pages[target].ids
    return target.is_file()


def _target(link: str, page: Path, site: Path) -> Path:
    path = unquote(urlsplit(link).path)
    if not path:
        return page
    target = (site / path.lstrip("/") if path.startswith("/") else page.parent / path).resolve()
    return target / "index.html" if target.is_dir() else target


def main(argv: Sequence[str]) -> int:
    found = [*wrong(Path(argv[0]))]
    print("".join(f"{each}\n" for each in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
