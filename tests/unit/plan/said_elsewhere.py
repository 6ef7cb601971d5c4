"""Said of Express services, of refused strategies and of releases that were not planned, for `test_checks_said`."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ecsdeploy.model.difference import Agreed
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.pausegate import PauseGate
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.steps import Finding, Plan
from ecsdeploy.plan.agreed import held_to, marks
from ecsdeploy.plan.checks import found
from ecsdeploy.plan.configuring import check_configuration
from ecsdeploy.plan.pausing import check_gate
from tests.unit.plan.attempts import RUNNING
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import OUR_ID, old, ours, service_with

PLACE = Place(service="web", cluster="prod", region="eu-west-1", account="111122223333")
PLAN = Plan(steps=(), base="web:1")
BALANCED = ServiceSettings(balanced=(Balanced(container="app", port=80),))


def _asked(strategy: str, service: Service) -> Iterable[Finding]:
    return check_configuration(service, {"strategy": strategy}, IfBusy.SUPERSEDE)


def _gated(service: Service) -> Iterable[Finding]:
    return check_gate(DeployRequest(service=WEB, gate=PauseGate(approve=True)), service)


SAID_ELSEWHERE: dict[str, tuple[Callable[[], Iterable[Finding]], str]] = {
    "C-EXPRESS-EDIT": (
        lambda: (found("C-EXPRESS-EDIT", "Main.user", "volumes"),),
        "Express mode manages the service, and its update cannot carry this change: `Main.user`, `volumes`.",
    ),
    "C-EXPRESS-GATE": (
        lambda: (found("C-EXPRESS-GATE", "web"),),
        (
            "Express mode manages the service `web`, and ECS makes the new revision only as it deploys it: no task of "
            "it can run before or after the release."
        ),
    ),
    "C-EXPRESS-MAIN": (
        lambda: (found("C-EXPRESS-MAIN", "web"),),
        (
            "Express mode takes only a task definition with a container `Main` that maps one port, with a name, and "
            "`web` has none."
        ),
    ),
    "C-EXPRESS-SIZING": (
        lambda: (found("C-EXPRESS-SIZING", "web"),),
        "Express mode manages the service `web`, and sets itself how many tasks run and how they are deployed.",
    ),
    "C-GATE-CONTROLLER": (
        lambda: _gated(replace(RUNNING, controller="CODE_DEPLOY")),
        (
        "The gate (`--smoke`, `--approve`) is a pause of ECS's own deployments, and `CODE_DEPLOY` deploys the service "
        "`web`."
        ),
    ),
    "C-GATE-FAMILY": (
        lambda: (found("C-GATE-FAMILY", "web", "jobs:7", "it is INACTIVE"),),
        (
        "A task before or after the release runs as those of the service `web` do, which cannot run `jobs:7`: it is "
        "INACTIVE."
        ),
    ),
    "C-GATE-STRATEGY": (
        lambda: _gated(RUNNING),
        (
        "The gate (`--smoke`, `--approve`) needs shifted traffic, and the strategy `ROLLING` of the service "
        "`web` shifts none."
        ),
    ),
    "C-GATE-NO-PAUSE": (
        lambda: _gated(replace(RUNNING, strategy="BLUE_GREEN")),
        "The service `web` has no PAUSE hook at `POST_TEST_TRAFFIC_SHIFT`, at which `--smoke` or `--approve` decides.",
    ),
    "C-STRATEGY-BALANCERS": (
        lambda: _asked("CANARY", replace(RUNNING, settings=BALANCED)),
        (
            "With the strategy `CANARY` ECS shifts traffic, and a load balancer of the service `web` has no "
            "`advancedConfiguration` that says how."
        ),
    ),
    "C-STRATEGY-EARLY-SUCCESS": (
        lambda: _asked("LINEAR", replace(RUNNING, ends_early=True)),
        "The service `web` has early success criteria, which the strategy `LINEAR` does not take.",
    ),
    "C-STRATEGY-BAKE-TIME": (
        lambda: _asked("BLUE_GREEN", RUNNING),
        "A move of the service `web` to the strategy `BLUE_GREEN` needs a bake time.",
    ),
    "C-STRATEGY-BUSY": (
        lambda: _asked("LINEAR", service_with(ours(), old())),
        (
            f"ECS changes no strategy during a deployment, and the deployment `{OUR_ID}` of the service `web` is "
            "under way."
        ),
    ),
    "C-PLAN-DIFFERS": (
        lambda: held_to(PLAN, PLACE, Agreed(key="00", marks=marks(replace(PLAN, base="web:2"), PLACE, "00"))).findings,
        (
            "This release is not the one of the plan that `--plan` names. Other than there: the definition that the "
            "edits start from."
        ),
    ),
}  # fmt: skip
