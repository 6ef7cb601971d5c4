"""Makes one request of a command line about several services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import whole_number, word
from ecsdeploy.errors import UsageError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import SetImage
from ecsdeploy.model.fleet import FleetRequest, Member, OnMemberFailure, Wave
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.request import DeployRequest, OnInterrupt, Request
from ecsdeploy.model.values import replace

if TYPE_CHECKING:
    from ecsdeploy.cli.requests import Invocation

Understand = Callable[[Given], "Invocation"]
"""What one of the services, named alone, would be understood as."""
_ALONE = ("smoke", "approve", "add_pause", "out", "plan", "deployment", "report")
"""What is about one service, so that it has no meaning for several."""


def fleet_request(
    given: Given, services: tuple[ServiceRef, ...], names: tuple[str, ...], one: Understand
) -> FleetRequest:
    """The release of all these services. Raises a `UsageError` for what has no meaning for several."""
    for key in _ALONE:
        if given.has(key):
            raise UsageError(f"{given.origin(key)} is about one service, and {len(names)} are named.")
    on_failure = OnMemberFailure(word(given, "on_failure", tuple(OnMemberFailure)) or OnMemberFailure.LEAVE)
    waves = _waves(given, names)
    first = waves[0].members[0]
    asked = [
        one(_alone(given, each, on_failure, is_first=name == first)) for name, each in zip(names, services, strict=True)
    ]
    members = tuple(Member(name=name, request=fitting(each.request)) for name, each in zip(names, asked, strict=True))
    return FleetRequest(
        id=uuid4().hex[:12],
        members=tuple(map(detached, members)),
        waves=waves,
        on_failure=on_failure,
        max_parallel=whole_number(given, "max_parallel", minimum=1, what="how many services are under way at once"),
        first=first if given.has("before") else "",
        on_interrupt=on_interrupt(members),
        are_independent=not any(isinstance(each.request, DeployRequest) for each in asked),
        plans_only=any(each.dry_run for each in asked),
    )


def _waves(given: Given, names: tuple[str, ...]) -> tuple[Wave, ...]:
    canary = given.text("canary")
    if not canary:
        return (Wave(members=names),)
    if canary not in names:
        raise UsageError(
            f"{given.origin('canary')} names `{canary}`, which is none of the services.",
            hint=did_you_mean(canary, names) or "It must be one of those that `-n` names.",
        )
    rest = tuple(name for name in names if name != canary)
    return (Wave(members=(canary,), name="canary"), *((Wave(members=rest),) if rest else ()))


def _alone(given: Given, service: ServiceRef, on_failure: OnMemberFailure, *, is_first: bool) -> Given:
    """What was given, for one service alone. The task of `--before` is run once, by the first one.

    A release that is made again deploys nothing twice: what runs the target already is unchanged.
    """
    values = {**given.values, "service": (service.name,), "cluster": (service.cluster,)}
    values["on_failure"] = ("rollback",) if on_failure.takes_back else given.texts("on_failure")
    if not is_first:
        values["before"] = ()
    if not given.has("force_new_deployment"):
        values["skip_unchanged"] = ("true",)
    return replace(given, values=values)


def on_interrupt(members: tuple[Member, ...]) -> OnInterrupt:
    """What the release does after a signal: what each of its members would do alone."""
    asked = (each.request.on_interrupt for each in members if isinstance(each.request, DeployRequest))
    return next(asked, OnInterrupt.DETACH)


def fitting(request: Request) -> Request:
    """The request of one service, where each of several images may fit another service."""
    if not isinstance(request, DeployRequest):
        return request
    images = [each for each in request.edits if isinstance(each, SetImage)]
    edits = tuple(
        replace(each, may_miss=True) if each in images and len(images) > 1 else each for each in request.edits
    )
    return replace(request, edits=edits)


def detached(member: Member) -> Member:
    """The member, whose run asks nobody after a signal: the release does, for all of them."""
    if not isinstance(member.request, DeployRequest):
        return member
    return replace(member, request=replace(member.request, on_interrupt=OnInterrupt.DETACH))
