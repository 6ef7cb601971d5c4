"""Reads what the checks before a release need, and runs the checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.prepare.timeback import read_groups
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, EcsDeployError, NoSuchResource
from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register
from ecsdeploy.model.surroundings import (
    Repository,
    Resource,
    ResourceType,
    ScalingLimits,
    StoredImage,
    TargetGroup,
)
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.duration import seconds_back
from ecsdeploy.plan.checks.history import is_passed_over
from ecsdeploy.plan.checks.naming import EcrImage, ecr_images, resources_of
from ecsdeploy.plan.checks.preflight import check
from ecsdeploy.plan.facts import Facts, with_details
from ecsdeploy.plan.revisions import way_back

MOST_SECONDS = 15.0
"""How long the reads may take, and one call more: later, no read begins, and its answer is unknown."""


def preflight(run: Run, request: DeployRequest, service: Service, facts: Facts, plan: Plan) -> Plan:
    """The plan with the findings of the checks. They run before the definition is registered."""
    registers = (step.definition for step in plan.steps if isinstance(step, Register))
    definition = next(registers, facts.base)
    attempt = Attempt(
        request=request,
        service=service,
        definition=definition,
        now=run.clock.now(),
        known_good=facts.known_good,
        running=facts.running,
    )
    reads = PreflightReads(run, attempt, facts)
    known = reads.known()
    run.progress = replace(run.progress, back_seconds=seconds_back(attempt, known))
    checked = check(attempt, known)
    plan = replace(plan, findings=plan.findings + checked.findings, held=checked.held)
    return with_details(plan, known.images, reads.durations() if run.context.monitored else ())


class PreflightReads:
    """The reads for the checks of one release: only what its definition and its service name.

    Each read is optional and made once. If AWS denies it or gives no answer, the check has no answer either, and one
    note names all such reads.
    """

    def __init__(self, run: Run, attempt: Attempt, facts: Facts) -> None:
        self._plane = run.plane
        self._around = run.plane.surroundings
        self._attempt = attempt
        self._facts = facts
        self._unread: list[str] = []
        until = run.clock.monotonic() + MOST_SECONDS
        # No second try: it takes more time than the answer is worth.
        self._read = OptionalReads(clock=run.clock, until=until, note=self._note).ask
        self._read_quietly = OptionalReads(clock=run.clock, until=until).ask

    def known(self) -> Known:
        """Make all the reads, one after another."""
        attempt, touches = self._attempt, self._attempt.touches_service
        newest = self._newest()
        target = self._target() if attempt.may_go_back else None
        references = [image for each in (attempt.definition, target) if each for image in each.images.values()]
        return Known(
            newest=newest,
            newest_failed=newest is not None and is_passed_over(attempt, newest) and self._has_failed(newest.arn),
            target=target,
            images=self._images(references),
            resources=dict(self._existence(resources_of(attempt.definition, attempt.service.arn))),
            target_groups=self._target_groups() if touches else {},
            limits=self._limits() if touches else None,
            expire_at=self._around.credentials_expire_at(),
            unread=tuple(self._unread),
        )

    def durations(self) -> tuple[float, ...]:
        """Seconds that the service's past successful releases took; empty, without a note, if they cannot be read."""
        attempt = self._attempt
        if not attempt.is_watched or attempt.service.controller != "ECS":
            return ()
        return self._read_quietly("durations", partial(self._plane.durations, attempt.request.service)) or ()

    def _newest(self) -> TaskDefinition | None:
        """The family's newest revision. It may be known already; None if it cannot be read or is not needed."""
        if self._facts.newest is not None or not self._attempt.starts_over:
            return self._facts.newest
        family, _ = split_revision(self._attempt.service.task_definition)
        return self._read(f"newest revision of {family}", partial(self._newest_active, family))

    def _newest_active(self, family: str) -> TaskDefinition | None:
        """The newest ACTIVE revision; None if the family has none."""
        try:
            return self._plane.definition(family)
        except NoSuchResource:
            return None

    def _has_failed(self, revision: str) -> bool:
        """Whether a deployment of this revision failed, by the service or its history. We read the history quietly."""
        service = self._attempt.service
        if any(each.has_failed for each in service.deployments if each.task_definition == revision):
            return True
        if service.controller != "ECS":
            return False
        past = self._read_quietly("history", partial(self._plane.history, self._attempt.request.service)) or ()
        last = next((each for each in past if each.revision == revision), None)
        return last is not None and (last.is_taken_back or last.was_stopped)

    def _target(self) -> TaskDefinition | None:
        """The definition that a rollback would go back to; None if there is none, or it cannot be read."""
        back = way_back(self._attempt.service, self._facts.known_good)
        if self._facts.base.arn == back or not back:
            return self._facts.base if back else None
        return self._read(f"revision {revision_name(back)}", partial(self._plane.definition, back))

    def _images(self, references: Iterable[str]) -> dict[str, StoredImage | None]:
        """The images in ECR by reference, with one call for each repository."""
        found: dict[str, StoredImage | None] = {}
        repositories: dict[Repository, list[EcrImage]] = {}
        for image in ecr_images(references):
            repositories.setdefault(image.repository, []).append(image)
        for where, group in repositories.items():
            identifiers = list(dict.fromkeys(each.identifier for each in group))
            read = partial(self._around.images, where, identifiers)
            stored = self._read(f"images of {where.path}", read) or {}
            found |= {each.reference: stored[each.identifier] for each in group if each.identifier in stored}
        return found

    def _existence(self, resources: Iterable[Resource]) -> Iterator[tuple[Resource, bool]]:
        """Whether each resource exists; without those that cannot be read."""
        parameters: dict[str, list[Resource]] = {}
        for each in resources:
            if each.type is ResourceType.PARAMETER:
                parameters.setdefault(each.region, []).append(each)
                continue
            there = self._read(f"{each.type} {each.name}", partial(self._is_there, each))
            if there is not None:
                yield each, there
        for region, group in parameters.items():
            yield from self._parameters(region, group)

    def _is_there(self, resource: Resource) -> bool:
        match resource.type:
            case ResourceType.ROLE:
                return self._around.role_exists(resource.name)
            case ResourceType.SECRET:
                return self._around.secret_exists(resource.name, region=resource.region)
            case _:
                return self._around.log_group_exists(resource.name, region=resource.region)

    def _parameters(self, region: str, group: list[Resource]) -> Iterator[tuple[Resource, bool]]:
        """Whether each parameter exists, with one call for all of a Region."""
        names = [each.name for each in group]
        read = partial(self._around.parameters_that_exist, names, region=region)
        there = self._read(f"parameters {', '.join(names)}", read)
        if there is not None:
            yield from ((each, each.name in there) for each in group)

    def _target_groups(self) -> Mapping[str, TargetGroup | None]:
        attempt = self._attempt
        return read_groups(self._around, attempt.service.target_groups, self._read, drains=attempt.is_watched)

    def _limits(self) -> ScalingLimits | None:
        if self._attempt.sizing.desired_count is None:
            return None
        return self._read("limits of auto scaling", partial(self._around.scaling_limits, self._attempt.request.service))

    def _note(self, what: str, error: EcsDeployError | None) -> None:
        why = "no time left" if error is None else "no answer"
        self._unread.append(f"{what} ({'access denied' if isinstance(error, AccessDenied) else why})")
