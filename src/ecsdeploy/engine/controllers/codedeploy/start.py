"""CreateDeployment exactly once: after a lost reply, we look for the deployment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.lost_reply import LOOKS_FOR_EFFECT, OvertakenError
from ecsdeploy.errors import AwsError, ReplyLost
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.codedeploy import CodeDeployment, Route
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.plan.codedeploy import appspec_for


def start(run: Run, route: Route, revision: str, patience: Patience) -> Handle:
    """Have CodeDeploy deploy `revision`, and return the handle of that deployment.

    `ReplyLost` if we do not know whether it was created; `OvertakenError` if only somebody else has deployed.
    CreateDeployment takes no idempotency token, so a second request could make a second deployment.
    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    appspec = appspec_for(revision, route)
    describe = route.description or f"ecs-deploy: {revision_name(revision)}"

    def create() -> str:
        return patience.write(lambda: run.plane.codedeploy.create(route, appspec, describe))

    def find() -> str:
        return _find(run, patience.once_begun(), route, appspec)

    try:
        identifier = create()
    except ReplyLost as lost:
        identifier = _found(find, lost) or _again(create, find, lost)
    return Handle(deployment_id=identifier, revision=revision)


def _found(find: Callable[[], str], lost: ReplyLost) -> str:
    """The id that `find` finds, or an empty one. Raises `lost` if the search fails."""
    try:
        return find()
    except AwsError:
        raise lost from None


def _again(create: Callable[[], str], find: Callable[[], str], lost: ReplyLost) -> str:
    """Send the request a second time, and return the id of our deployment.

    If that fails, the group may be busy with the deployment of the first request, so we look for it again. If we do not
    find it, this raises `lost`: the first request may have arrived all the same.
    """
    try:
        return create()
    except AwsError:
        found = _found(find, lost)
    if not found:
        raise lost
    return found


def _find(run: Run, patience: Patience, route: Route, appspec: str) -> str:
    """The id of our deployment: the oldest new one of the group that has our AppSpec. Rollbacks do not count.

    We look several times, as lists lag behind writes by seconds. Empty if the group has no new deployment;
    `OvertakenError` if it has new ones, and none is ours.
    """
    newer: Sequence[CodeDeployment] = ()
    wanted = sha256(appspec.encode()).hexdigest()
    for attempt in range(LOOKS_FOR_EFFECT):
        patience.clock.sleep(backoff(attempt, patience.clock))
        newer = _newer(run, patience, route)
        ours = [each.id for each in newer if each.appspec_hash == wanted and not each.rolls_back]
        if ours:
            return ours[-1]
    if newer:
        raise OvertakenError(newer[0].id, str(route))
    return ""


def _newer(run: Run, patience: Patience, route: Route) -> tuple[CodeDeployment, ...]:
    """The deployments of the group that are newer than `route.newest`, newest first."""
    listed = patience.read(lambda: run.plane.codedeploy.deployments(route, route.newest_at))
    return tuple(each for each in listed if each.id != route.newest and not _is_older(each, route))


def _is_older(each: CodeDeployment, route: Route) -> bool:
    """Whether it began before the group's newest one. CodeDeploy takes whole seconds, and so may list older ones."""
    return each.created_at is not None and route.newest_at is not None and each.created_at < route.newest_at
