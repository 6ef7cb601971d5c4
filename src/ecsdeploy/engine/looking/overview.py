"""The command `status` for a whole cluster: lists its services by pages, then reads them by tens."""

from __future__ import annotations

from typing import Protocol

from ecsdeploy.diagnose.doom import trouble
from ecsdeploy.engine.looking.status import since
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import account_of, region_of, short_name
from ecsdeploy.model.overview import Overview, ServiceCondition, Unasked
from ecsdeploy.model.request import OverviewRequest
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.lines import concerns
from ecsdeploy.rollout.overview import condition_of, worst_first

SECONDS = 20.0
"""How long calls are repeated, all together. Later each call has one try, and after a failure we make no more."""
QUIET_SECONDS = 2.0
"""If the reads take longer than this, we tell how far they have come, at this interval."""
_PER_CALL = 10
_MOST_PAGES = 1000
"""The most pages that we read, in case an endpoint repeats its tokens. No cluster has so many services."""
_GONE = "MISSING"


class Listener(Protocol):
    """Is told how far a long read has come."""

    def reading(self, done: int, listed: int) -> None:
        """`done` of the `listed` services have been read; the list may still grow."""

    def asked_again(self, seconds: float, error: Exception) -> None:
        """A call has had no usable answer for `seconds`; `error` is the last one."""


class OverviewReads:
    """The reads for one overview of a cluster. It names the services that could not be read."""

    def __init__(self, plane: ControlPlane, clock: Clock, request: OverviewRequest, listener: Listener) -> None:
        self._plane = plane
        self._clock = clock
        self._request = request
        self._listener = listener
        self._began = self._told = clock.monotonic()
        self._patience = Patience(clock=clock, seconds=SECONDS, start=self._began, notice=listener.asked_again)
        self._unasked: list[Unasked] = []
        self._unlisted = ""

    def overview(self) -> Overview:
        """The overview, the worst services first.

        Errors: those of the first page of ListServices; those of DescribeServices if no service could be read;
        `Refused` if the cluster is in another account.
        """
        arns = self._service_arns()
        first = next(iter(arns), "")
        if first:
            refuse_other_account(first, self._request.expect_account)
        standings = self._standings(arns)
        return Overview(
            cluster=short_name(self._request.cluster),
            region=region_of(first or self._request.cluster),
            account=account_of(first or self._request.cluster),
            at=self._clock.now(),
            services=worst_first(standings),
            unasked=tuple(self._unasked),
            unlisted=self._unlisted,
        )

    def _service_arns(self) -> tuple[str, ...]:
        """The ARNs of the services, each once. If a later page cannot be read, `_unlisted` says why."""
        arns, token = self._page("")
        known = set[str]()
        while token:
            if token in known or len(known) >= _MOST_PAGES:
                self._unlisted = "its pages do not end"
                break
            known.add(token)
            self._tell(0, len(arns))
            try:
                more, token = self._page(token)
            except EcsDeployError as error:
                self._unlisted = error.message.rstrip(".")
                break
            arns += more
        return tuple(dict.fromkeys(arns))

    def _page(self, token: str) -> tuple[tuple[str, ...], str]:
        return self._patience.read(lambda: self._plane.services_page(self._request.cluster, token))

    def _standings(self, arns: tuple[str, ...]) -> list[ServiceCondition]:
        found: list[ServiceCondition] = []
        lost: EcsDeployError | None = None
        for start in range(0, len(arns), _PER_CALL):
            self._tell(start, len(arns))
            ten = arns[start : start + _PER_CALL]
            if lost and self._clock.monotonic() - self._began >= SECONDS:
                self._leave(ten, "no time was left")
                continue
            try:
                found += self._ten(ten)
            except EcsDeployError as error:
                lost = error
                self._leave(ten, error.message)
        if lost and not found:
            raise lost
        return found

    def _ten(self, arns: tuple[str, ...]) -> list[ServiceCondition]:
        described, others = self._patience.read(lambda: self._plane.services(self._request.cluster, arns))
        for arn, reason in others.items():
            if reason != _GONE:
                self._leave((arn,), reason or "ECS's reply says nothing of it")
        return [_stands(each) for each in described if each.status != "INACTIVE"]

    def _leave(self, arns: tuple[str, ...], why: str) -> None:
        self._unasked.append(Unasked(services=tuple(map(short_name, arns)), why=why.rstrip(".")))

    def _tell(self, done: int, listed: int) -> None:
        now = self._clock.monotonic()
        if now - self._told >= QUIET_SECONDS:
            self._told = now
            self._listener.reading(done, listed)


def _stands(service: Service) -> ServiceCondition:
    primary = service.primary
    events = since(service, primary.created_at if primary else None)
    line, hindered = trouble(tuple(each for each in events if primary is None or concerns(each, primary.id)))
    return condition_of(service, trouble=line.removeprefix(f"(service {service.name}) "), hindered=hindered)
