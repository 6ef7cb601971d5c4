"""What Express mode shows of a service that it manages.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ECSExpressGatewayService.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Express:
    """An Express service: its ARN, and by task definition the primary container of each revision that is active."""

    arn: str
    containers: Mapping[str, Mapping[str, object]] = field(repr=False)
    """As ECS describes them, with members that we do not know."""

    def container_of(self, revision: str) -> Mapping[str, object]:
        """The primary container of this task definition's ARN; empty if the service shows none of it."""
        name = revision_name(revision)
        return next((each for arn, each in self.containers.items() if revision_name(arn) == name), {})
