"""Plans that tests tell: what would be changed, what was held, and what there is nothing to change of."""

from dataclasses import replace

from ecsdeploy.model.difference import Difference, How
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.settings import Breaker
from ecsdeploy.model.steps import Finding, Setting, Usual
from tests.render.builders import (
    NEW,
    OLD,
    PLANNED,
    Timeline,
)

SIDECARS = replace(
    PLANNED,
    changes=(
        *PLANNED.changes,
        ImageChange(container="cron", before="acme/web:b82e40d", after="acme/web:b82e40d"),
    ),
    findings=(
        Finding(code="W-TAG-PINNED", subjects=("otel", "envoy")),
        Finding(code="C-CODEDEPLOY-GROUP", subjects=("web",), blocking=True),
    ),
)
HELD = (
    Finding(code="C-FARGATE-SIZE"),
    Finding(code="C-IMAGE-MISSING", subjects=("acme/web:b82e40d",)),
    Finding(code="C-IMAGE-PLATFORM", subjects=("linux/arm64",)),
    Finding(code="C-SECRET-MISSING", subjects=("a", "b", "c")),
    Finding(code="C-DEADLOCK"),
    Finding(code="C-OF-A-LATER-VERSION"),
)
DRY_RUN: Timeline = ((0, replace(SIDECARS, held=HELD)),)
COMPARED = replace(
    SIDECARS,
    changes=(
        replace(PLANNED.changes[0], digest=f"sha256:9d1e{'0' * 58}77", platforms=("linux/arm64",)),
        *SIDECARS.changes[1:],
    ),
    setting=Setting(desired=10, running=10, running_compared=9),
    usual=Usual(seconds=160, of=12),
    held=HELD,
    compared=OLD,
    back=OLD,
    containers=("app", "cron", "otel", "log"),
    differences=(
        Difference(
            container="app", member="image", how=How.CHANGED, before="acme/web:7f3c9a1", after="acme/web:b82e40d"
        ),
        Difference(
            container="app", member="environment", name="LOG_LEVEL", how=How.CHANGED, before="#a31f", after="#90bc"
        ),
        Difference(container="app", member="environment", name="DATABASE_URL", how=How.REMOVED, before="#77aa"),
        Difference(container="app", member="secrets", name="DATABASE_URL", how=How.ADDED, after="#0c1d"),
        Difference(container="app", member="command", how=How.REMOVED, before="#e924"),
        Difference(
            container="app",
            member="portMappings",
            how=How.CHANGED,
            before='[{"containerPort":8080}]',
            after="[" + ",".join(f'{{"containerPort":{port}}}' for port in range(8080, 8090)) + "]",
        ),
        Difference(container="log", member="container", how=How.ADDED, after="fluent/fluent-bit:3"),
        Difference(container="old", member="container", how=How.REMOVED, before="acme/old:1"),
        Difference(member="memory", how=How.CHANGED, before="512", after="1024"),
    ),
    resized=(
        Difference(member="desiredCount", how=How.CHANGED, before="10", after="12"),
        Difference(member="maximumPercent", how=How.CHANGED, after="150"),
    ),
)
BY_CODE_DEPLOY = replace(
    COMPARED,
    steps=("register", "codedeploy"),
    appspec=(
        "version: 0.0",
        "Resources:",
        "  - TargetService:",
        "      Type: AWS::ECS::Service",
        "      Properties:",
        '        TaskDefinition: "<the new revision>"',
        "        # the hook's token: ghp_0123456789abcdefghijklmnopqrstuvwxyz",
        "Hooks:",
        "  - BeforeAllowTraffic: smoke",
    ),
)
NOTHING_NEW = replace(
    PLANNED,
    setting=Setting(
        desired=10,
        minimum_healthy_percent=100,
        maximum_percent=200,
        breaker=Breaker(enabled=True, rollback=True),
        running=10,
        running_compared=10,
    ),
    usual=Usual(seconds=95, of=1),
    compared=OLD,
    back=OLD,
    base=NEW,
    containers=("app",),
    changes=(ImageChange(container="app", before="acme/web:7f3c9a1", after="acme/web:7f3c9a1"),),
)
