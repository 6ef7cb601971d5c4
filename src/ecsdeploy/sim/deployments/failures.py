"""Why a deployment failed, in the words of each place that says it."""

from __future__ import annotations

from dataclasses import dataclass

from ecsdeploy.sim.state.service import Json

ROLLED_BACK = "Service deployment rolled back because"
# Observed, with status ROLLBACK_FAILED, where no completed deployment existed to roll back to.
NO_CANDIDATE = "No rollback candidate was found to run the rollback."
TRIPPED = "the circuit breaker threshold was exceeded."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a deployment failed.

    `because` follows `Service deployment rolled back because`. `said` follows `deployment failed:` in the events.
    `mechanism` begins `rolloutStateReason`. `rollback` says whether the service is configured to roll back.
    """

    mechanism: str
    because: str
    said: str
    rollback: bool = True

    @property
    def reason(self) -> str:
        """`rolloutStateReason`. AWS documents its form for the circuit breaker; we use it for the others too.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
        """
        return f"ECS deployment {self.mechanism}: {self.said}"


def tripped(configuration: Json) -> Failure:
    """The circuit breaker tripped.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
    """
    return Failure(
        mechanism="circuit breaker",
        because=TRIPPED,
        said="tasks failed to start.",
        rollback=bool(configuration["deploymentCircuitBreaker"]["rollback"]),
    )


def alarmed(configuration: Json) -> Failure:
    """An alarm rang. The event and the `statusReason` were observed.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """
    return Failure(
        mechanism="alarm",
        because="of one or more active alarms.",
        said="alarm detected.",
        rollback=bool((configuration.get("alarms") or {}).get("rollback")),
    )


def stage_failed(because: str) -> Failure:
    """A lifecycle stage failed. The event repeats the whole `statusReason` (observed).

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
    """
    return Failure(mechanism="lifecycle", because=because, said=f"{ROLLED_BACK} {because}")


def hook_failed(stage: str, why: str) -> Failure:
    return stage_failed(f"{stage} lifecycle hook(s) failed. {why}")
