"""What the user asks for with the commands that only look, beside `status`."""

from __future__ import annotations

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class HistoryRequest:
    """The newest `most` releases of a service; with `only_failed` those that did not succeed."""

    service: ServiceRef
    most: int = 20
    only_failed: bool = False
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class DifferenceRequest:
    """What differs between two revisions: numbers of the service's own family, `family:number`, or ARNs."""

    service: ServiceRef
    old: str
    new: str
    expect_account: str = ""
