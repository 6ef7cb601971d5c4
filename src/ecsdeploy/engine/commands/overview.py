"""Reads how all services of a cluster stand: their list in pages, then the services in tens."""

from __future__ import annotations

from ecsdeploy.diagnose.doom import trouble
from ecsdeploy.engine.commands.status import since
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Clock, ControlPlane, Listener
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import account_of, region_of, short_name
from ecsdeploy.model.overview import Overview, Standing, Unasked
from ecsdeploy.model.request import OverviewRequest
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.lines import concerns
from ecsdeploy.rollout.overview import standing, worst_first

SECONDS = 20.0
"""So long calls are asked again, all of them together; then each that is left has one try, until one has failed."""
QUIET_SECONDS = 2.0
"""What takes longer is told, as often as this."""
_PER_CALL = 10
_MOST_PAGES = 1000
"""No cluster has as many services; an endpoint that repeats its tokens must not hold us for ever."""
_GONE = "MISSING"


class OverviewReads:
    """The reads of one look at a cluster."""

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
        """Errors: those of ListServices' first page; those of DescribeServices where it answers for nothing at all;
        `Refused` in another account.
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
        """Each ARN once; a page after the first that cannot be had leaves the list short, and that is said."""
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

    def _standings(self, arns: tuple[str, ...]) -> list[Standing]:
        found: list[Standing] = []
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

    def _ten(self, arns: tuple[str, ...]) -> list[Standing]:
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


def _stands(service: Service) -> Standing:
    primary = service.primary
    events = since(service, primary.created_at if primary else None)
    line, hindered = trouble(tuple(each for each in events if primary is None or concerns(each, primary.id)))
    return standing(service, trouble=line.removeprefix(f"(service {service.name}) "), hindered=hindered)
