"""Makes one request of a manifest, and carries it out: each service is understood as by `deploy`, with its options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

from ecsdeploy.cli.commands.deploy import understand
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.files.manifest.document import STDIN, read_document
from ecsdeploy.cli.files.manifest.locked import Locked, read_lock
from ecsdeploy.cli.files.manifest.reader import Manifest, read_manifest
from ecsdeploy.cli.files.template import read_values
from ecsdeploy.cli.requests import Invocation
from ecsdeploy.cli.session.tracing import tracing
from ecsdeploy.cli.several.request import detached, fitting, on_interrupt
from ecsdeploy.cli.several.run import carried_out, wave_approval, without_markdown
from ecsdeploy.cli.showing import showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import whole_number
from ecsdeploy.errors import ImageError, Refused, UsageError
from ecsdeploy.model.access import Access
from ecsdeploy.model.asked import know_request
from ecsdeploy.model.fleet import FleetRequest, Member, OnMemberFailure, Wave
from ecsdeploy.model.values import replace
from ecsdeploy.release.manifest import chosen_services, from_wave

_FROM_THE_COMMAND_LINE = (
    *("region", "profile", "assume_role", "external_id", "endpoint_url", "expect_account"),
    *("on_interrupt", "no_input", "dry_run", "show_values", "output", "color", "quiet", "verbose"),
)
"""What a service takes from the command line, unless the manifest says it."""


def apply(given: Given, environment: Environment) -> int:
    """Release what the manifest names, and return the worst exit code."""
    manifest = read(given, environment)
    names, waves = chosen(manifest, given)
    plain = without_markdown(given)
    locked = read_lock(given.text("lock"), environment.cwd) if given.has("lock") else None
    asked = {name: understood(name, manifest, plain, environment, locked) for name in names}
    accesses = {_access_name(each.access): each.access for each in asked.values()}
    request = _request(manifest, waves, asked, given)
    asking = next((each.name for each in waves if each.asks), "")
    if asking and not request.plans_only and wave_approval(given, environment) is None:
        raise Refused(
            f"The wave `{asking}` needs an approval, and nobody can give it here.",
            hint="Run it in a terminal and without `--no-input`, or leave `gate` out. Nothing was changed.",
        )
    for member in request.members:
        know_request(environment.secrets, member.request)
    for notice in dict.fromkeys(notice for each in asked.values() for notice in each.notices):
        environment.tell(notice)
    shown = showing(plain, environment)
    with tracing(shown, environment) as trace:
        return carried_out(request, accesses, given, environment, trace, shown)


def read(given: Given, environment: Environment) -> Manifest:
    files = given.texts("operands")
    if len(files) != 1:
        hint = "`ecs-deploy apply ecs-release.toml`; `-` reads it from standard input."
        raise UsageError("Name one manifest." if files else "No manifest is named.", hint=hint)
    values = read_values(given.texts("var"), given.origin("var"))
    return read_manifest(read_document(files[0], environment.cwd, environment.stdin), values)


def chosen(manifest: Manifest, given: Given) -> tuple[tuple[str, ...], tuple[Wave, ...]]:
    """The services that are released now, and their waves."""
    waves = manifest.waves
    if given.has("from_wave"):
        waves = from_wave(waves, given.text("from_wave"))
    left = {*chosen_services(manifest.order, given.texts("only"), tuple(_tags(given)))}
    parts = (replace(each, members=tuple(name for name in each.members if name in left)) for each in waves)
    waves = tuple(each for each in parts if each.members)
    names = tuple(name for name in manifest.order.names if any(name in each.members for each in waves))
    if not names:
        raise UsageError("No service is both in these waves and chosen.", hint="Nothing was done.")
    return names, waves


def _tags(given: Given) -> Iterable[tuple[str, str]]:
    for text in given.texts("select"):
        key, equals, wanted = text.removeprefix("tag:").partition("=")
        if not text.startswith("tag:") or not key or not equals:
            raise UsageError(f"{given.origin('select')} cannot be `{text}`.", hint="Write it as `tag:NAME=VALUE`.")
        yield key, wanted


def understood(
    name: str, manifest: Manifest, given: Given, environment: Environment, locked: Locked | None = None
) -> Invocation:
    """What `deploy` would be asked with the options of this service. Errors name the file and the line."""
    try:
        return understand(_options(name, manifest, given, locked), _beside(given, environment))
    except UsageError as error:
        if manifest.document.name in error.message:
            raise
        if isinstance(error, ImageError):
            place = manifest.services[name].origin("image")
            raise UsageError(f"{place} of `{name}`: {error.message}", hint=error.hint) from None
        raise manifest.document.wrong(f"`{name}`: {error.message}", ("services", name), error.hint) from None


def _options(name: str, manifest: Manifest, given: Given, locked: Locked | None) -> Given:
    own = manifest.services[name]
    for key in ("cluster",):
        if not own.has(key):
            hint = f"Write `{key} = ...` there, in a group or in `[defaults]`."
            raise manifest.document.wrong(f"`{name}` has no `{key}`.", ("services", name), hint)
    if locked:
        own = locked.options(name, own)
    beside = {key: given.texts(key) for key in _FROM_THE_COMMAND_LINE if given.texts(key)}
    values = {"service": (name,), "skip_unchanged": ("true",), **beside, **own.values}
    failure = _on_failure(manifest)
    values["on_failure"] = ("rollback",) if failure.takes_back else (failure.value,)
    return Given(values, {**given.origins, **own.origins})


def _beside(given: Given, environment: Environment) -> Environment:
    """The files that a manifest names stand beside it."""
    name = given.texts("operands")[0]
    folder = environment.cwd if name == STDIN else (environment.cwd / name).parent
    return replace(environment, cwd=Path(folder))


def _on_failure(manifest: Manifest) -> OnMemberFailure:
    return OnMemberFailure(manifest.settings.text("on_failure") or OnMemberFailure.LEAVE)


def _access_name(access: Access) -> str:
    return " ".join(filter(None, (access.region, access.profile, access.assume_role)))


def _request(
    manifest: Manifest, waves: tuple[Wave, ...], asked: Mapping[str, Invocation], given: Given
) -> FleetRequest:
    after = {each.name: each.after for each in manifest.order.services}
    members = tuple(
        Member(
            name=name,
            request=fitting(each.request),
            access=_access_name(each.access),
            after=tuple(other for other in after[name] if other in asked),
        )
        for name, each in asked.items()
    )
    return FleetRequest(
        id=uuid4().hex[:12],
        members=tuple(map(detached, members)),
        waves=waves,
        on_failure=_on_failure(manifest),
        max_parallel=whole_number(manifest.settings, "max_parallel"),
        on_interrupt=on_interrupt(members),
        plans_only=given.has("dry_run"),
    )
