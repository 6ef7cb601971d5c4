"""Generated runs of a service that CodeDeploy deploys: its deployment group, and what the others have in common."""

from hypothesis import strategies as st

from tests.cli.worlds import NEW, OLD, service, table
from tests.properties.cases import (
    CANARY,
    DESIRED,
    THEIRS,
    Case,
    Json,
    Shape,
    acts,
    command_lines,
    images,
    the_limits,
)
from tests.properties.troubles import blips, faults, lost_writes, neighbours, slow_plans

_WHAT_WE_CALL = (
    "DescribeServices",
    "GetDeploymentGroup",
    "GetDeployment",
    "BatchGetDeploymentTargets",
    "ListDeployments",
    "BatchGetDeployments",
    "RegisterTaskDefinition",
    "CreateDeployment",
    "StopDeployment",
    "ListTasks",
    "DescribeTasks",
)
_WHAT_WE_WRITE = ("RegisterTaskDefinition", "CreateDeployment", "CreateDeployment", "StopDeployment")
_SHIFTS = ("ECSAllAtOnce", "ECSAllAtOnce", "ECSCanary10Percent5Minutes", "ECSLinear10PercentEvery1Minutes")
_ROLLS_BACK_ON = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST")


@st.composite
def releases(draw: st.DrawFn) -> Case:
    """As in any other run, most meet one or two troubles."""
    shape, web = draw(_services())
    argv, asked = draw(command_lines(shape))
    ours = draw(images(NEW, shape))
    parts = [web, ours, draw(images(THEIRS, shape))]
    parts += [draw(faults(_WHAT_WE_CALL)) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    parts += [draw(lost_writes(_WHAT_WE_WRITE)) for _ in range(draw(st.sampled_from([0, 0, 0, 1])))]
    parts += [draw(acts(shape)) for _ in range(draw(st.sampled_from([0, 1, 1, 2])))]
    parts += [draw(blips()) for _ in range(draw(st.sampled_from([0, 0, 0, 1])))]
    parts += [draw(slow_plans()) for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1])))]
    parts += [draw(neighbours()) for _ in range(asked.prunes)]
    parts += [draw(the_limits(shape)), table("[deploy]", {"args": argv})]
    return Case(
        text="\n".join(parts),
        argv=argv,
        asked=asked,
        recovers="fails" in ours and '"fails" = 0' not in ours,
        busy=draw(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 0, 5, 90])),
        group=draw(_groups()),
    )


@st.composite
def _services(draw: st.DrawFn) -> tuple[Shape, str]:
    shape = Shape(
        desired=draw(st.sampled_from(DESIRED)),
        minimum=100,
        maximum=200,
        strategy="CODE_DEPLOY",
        balanced=True,
        checked=draw(st.booleans()),
        alarmed=False,
    )
    members: dict[str, object] = {
        "desired": shape.desired,
        "controller": "CODE_DEPLOY",
        "launch_type": draw(st.sampled_from(["FARGATE", "FARGATE", "EC2"])),
        "containers": [
            {"name": "app", "image": OLD, "health_check": shape.checked, "environment": {"DB_PASSWORD": CANARY}},
        ],
        "load_balancer": {"health_interval": 10, "deregistration_delay": draw(st.sampled_from([0, 30]))},
    }
    return shape, service(**members)


@st.composite
def _groups(draw: st.DrawFn) -> Json:
    """How traffic is shifted, how long the old version is kept, and after which ends CodeDeploy goes back by itself."""
    rolls_back = draw(st.lists(st.sampled_from(_ROLLS_BACK_ON), unique=True))
    minutes = draw(st.sampled_from([0, 0, 1, 5]))
    return {
        "deploymentConfigName": f"CodeDeployDefault.{draw(st.sampled_from(_SHIFTS))}",
        "autoRollbackConfiguration": {"enabled": bool(rolls_back), "events": rolls_back},
        "blueGreenDeploymentConfiguration": {
            "terminateBlueInstancesOnDeploymentSuccess": {
                "action": "TERMINATE",
                "terminationWaitTimeInMinutes": minutes,
            }
        },
    }
