"""Fills a template of a page: escaped, whole in one file, and with a policy that lets it load nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from ecsdeploy.model.arn import revision_name
from ecsdeploy.render.words import count, duration


def filled(name: str, shown: Mapping[str, object]) -> str:
    """The page that the template `name` makes of `shown`."""
    style = Markup(_text("page.css"))  # noqa: S704 - our own
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _environment().get_template(name).render({**shown, "style": style, "digest": digest})


def moment_of(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _environment() -> Environment:
    made = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, loader=FunctionLoader(_text)
    )
    made.filters |= {
        "revision": revision_name,
        "duration": duration,
        "clock": _clock,
        "count": count,
        "after": _after,
        "ticked": _ticked,
    }
    return made


def _text(name: str) -> str:
    return resources.files("ecsdeploy.render.report").joinpath(name).read_text(encoding="utf-8")


def _after(seconds: float) -> str:
    return f"+{duration(seconds)}" if seconds >= 1 else "+0s"


def _ticked(text: str) -> Markup:
    """The text, with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup().join(Markup("<code>{}</code>").format(each) if odd % 2 else each for odd, each in enumerate(parts))


def _clock(time: datetime) -> str:
    return f"{time.astimezone(UTC):%H:%M:%S}"
