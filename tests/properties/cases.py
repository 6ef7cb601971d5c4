"""Generated runs: a service, its images, an API that fails, others at work, signals, and our command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, floor

from hypothesis import strategies as st

from tests.cli.worlds import NEW, OLD, REPOSITORY, behaves, later, limits, service, table
from tests.properties.troubles import blips, faults, lost_writes, neighbours, slow_plans

CANARY, OTHER_CANARY = "cAnary-1a2b3c", "hunter-9z8y7x6w5v"
"""A secret of each generated world, and another one to play the same world with."""
THEIRS, EARLIER = f"{REPOSITORY}:3", f"{REPOSITORY}:4"
_WHAT_WE_CALL = (
    "DescribeServices",
    "ListServiceDeployments",
    "DescribeServiceDeployments",
    "DescribeTaskDefinition",
    "RegisterTaskDefinition",
    "UpdateService",
    "StopServiceDeployment",
    "ListTasks",
    "DescribeTasks",
    "DescribeTargetHealth",
)
_WHAT_WE_WRITE = ("RegisterTaskDefinition", "UpdateService", "UpdateService", "StopServiceDeployment")
ALARM = "web-5xx"
_HOOK, _ROLE = "arn:aws:lambda:us-east-1:123456789012:function:", "arn:aws:iam::123456789012:role/ecs-hooks"
HOOKS = {"passes": ("SUCCEEDED",), "hesitates": ("IN_PROGRESS", "SUCCEEDED"), "fails": ("FAILED",)}

DESIRED = (0, *(1, 2, 3, 4) * 2, 6, 10, 10, 24)
"""Now and then so many tasks that some of a batch can fail while the rest of it lives."""

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What our command line asks for, as far as the truth of its verdict depends on it."""

    timeout: int
    on_failure: str = "leave"
    wait_until: str = "complete"
    min_stable: int = 0
    skip_unchanged: bool = False
    same_image: bool = False
    forced: bool = False
    desired: str = ""
    minimum: str = ""
    prunes: bool = False
    wanted: int = 0
    """So many tasks the service is to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario as it would stand in a file, which is what a failing run prints.

    `busy` is how many seconds before our command somebody else deployed; 0 = nobody did. `recovers`: the new image
    is good once some of its tasks have failed. `no_room`: the sizing lets ECS neither start a task nor stop one.
    `unseen`: which look at the service after our first write does not find it; 0 = all do.
    `group`: what the deployment group has besides, where CodeDeploy deploys; empty = ECS does.
    """

    text: str
    argv: tuple[str, ...]
    asked: Asked
    busy: int = 0
    recovers: bool = False
    no_room: bool = False
    unseen: int = 0
    group: Json = field(default_factory=dict)

    @property
    def served_before(self) -> tuple[str, ...]:
        """What may have served before our release."""
        return (OLD, EARLIER) if self.busy else (OLD,)

    def __repr__(self) -> str:
        before = f"# Others began to deploy `{EARLIER}` {self.busy} s before.\n" if self.busy else ""
        group = f"# The deployment group has {dict(self.group)}.\n" if self.group else ""
        unseen = f"# Look {self.unseen} after our first write does not find the service.\n" if self.unseen else ""
        return f"\n{before}{group}{unseen}{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What of the service the other parts depend on."""

    desired: int
    minimum: int
    maximum: int
    strategy: str
    balanced: bool
    checked: bool
    alarmed: bool


@st.composite
def runs(draw: st.DrawFn) -> Case:
    """Anything at all: most runs meet one or two troubles, few meet none."""
    shape, web = draw(_services())
    argv, asked = draw(command_lines(shape))
    hooks = "".join(table(f'[hooks."{_HOOK}{name}"]', {"returns": answers}) for name, answers in HOOKS.items())
    ours = draw(images(NEW, shape))
    parts = [web, hooks, ours, draw(images(THEIRS, shape))]
    parts += [draw(faults(_WHAT_WE_CALL)) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    parts += [draw(lost_writes(_WHAT_WE_WRITE)) for _ in range(draw(st.sampled_from([0, 0, 0, 1])))]
    parts += [draw(blips()) for _ in range(draw(st.sampled_from([0, 0, 0, 1])))]
    parts += [draw(slow_plans()) for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1])))]
    parts += [draw(acts(shape)) for _ in range(draw(st.sampled_from([0, 1, 1, 2])))]
    parts += [draw(neighbours()) for _ in range(asked.prunes)]
    parts.append(draw(the_limits(shape)))
    parts.append(table("[deploy]", {"args": argv}))
    return Case(
        text="\n".join(parts),
        argv=argv,
        asked=asked,
        recovers="fails" in ours and '"fails" = 0' not in ours,
        busy=draw(st.sampled_from([0, 0, 0, 0, 0, 5, 40, 90])),
        no_room=_leaves_no_room(shape, asked),
        unseen=draw(st.sampled_from([0] * 9 + [1, 2, 4])),
    )


@st.composite
def the_limits(draw: st.DrawFn, shape: Shape) -> str:
    return limits(
        throttle=draw(st.booleans()),
        capacity_tasks=draw(st.sampled_from([0, 0, 0, max(5, shape.desired + 1)])),
        latency_ms=draw(st.sampled_from([0, 0, 0, 200, 3000])),
    )


def _leaves_no_room(shape: Shape, asked: Asked) -> bool:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html"""
    desired, minimum = int(asked.desired or shape.desired), int(asked.minimum or shape.minimum)
    lower, upper = ceil(desired * minimum / 100), floor(desired * shape.maximum / 100)
    return shape.strategy == "ROLLING" and desired > 0 and upper <= desired <= lower


@st.composite
def _services(draw: st.DrawFn) -> tuple[Shape, str]:
    strategy = draw(st.sampled_from(("ROLLING",) * 5 + ("BLUE_GREEN", "LINEAR", "CANARY")))
    shape = Shape(
        desired=draw(st.sampled_from(DESIRED)),
        minimum=draw(st.sampled_from([100, 100, 50, 0])),
        maximum=draw(st.sampled_from([200, 200, 150, 100])),
        strategy=strategy,
        balanced=draw(st.integers(0, 9)) > 0 if strategy != "ROLLING" else draw(st.booleans()),
        checked=draw(st.booleans()),
        alarmed=draw(st.integers(0, 5)) == 0,
    )
    deployment: dict[str, object] = {
        "strategy": shape.strategy,
        "minimum_healthy_percent": shape.minimum,
        "maximum_percent": shape.maximum,
        "circuit_breaker": draw(st.sampled_from(["off", "stop", "rollback"])),
        **draw(_shifting(strategy)),
    }
    if shape.alarmed:
        deployment["alarms"] = {"enable": True, "rollback": draw(st.booleans()), "alarm_names": [ALARM]}
    members: dict[str, object] = {
        "desired": shape.desired,
        "launch_type": draw(st.sampled_from(["FARGATE", "FARGATE", "EC2"])),
        "containers": [
            {"name": "app", "image": OLD, "health_check": shape.checked, "environment": {"DB_PASSWORD": CANARY}},
        ],
        "deployment": deployment,
    }
    if shape.balanced:
        members["load_balancer"] = {
            "health_interval": 10,
            "healthy_threshold": 2,
            "deregistration_delay": draw(st.sampled_from([0, 30, 30, 300])),
            "grace_period": draw(st.sampled_from([0, 60])),
        }
    return shape, service(**members)


@st.composite
def _shifting(draw: st.DrawFn, strategy: str) -> Json:
    """Steps and bake times as short as ECS takes them, and hooks that decide, hesitate or wait for somebody."""
    if strategy == "ROLLING":
        return {"bake_time_in_minutes": draw(st.sampled_from([0, 0, 0, 0, 1]))}
    members: dict[str, object] = {"bake_time_in_minutes": draw(st.sampled_from([0, 1]))}
    if strategy == "LINEAR":
        members["linear_configuration"] = {"step_percent": 50.0, "step_bake_time_in_minutes": 1}
    if strategy == "CANARY":
        members["canary_configuration"] = {"canary_percent": 10.0, "canary_bake_time_in_minutes": 1}
    hook = draw(st.sampled_from(["", "", "PAUSE", *HOOKS]))
    if hook == "PAUSE":
        limit = {"timeout_in_minutes": 1, "action": draw(st.sampled_from(["CONTINUE", "ROLLBACK"]))}
        members["lifecycle_hooks"] = [
            {"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"], "timeout_configuration": limit}
        ]
    elif hook:
        stage = draw(st.sampled_from(["PRE_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"]))
        members["lifecycle_hooks"] = [
            {"hook_target_arn": f"{_HOOK}{hook}", "role_arn": _ROLE, "lifecycle_stages": [stage]}
        ]
    return members


@st.composite
def images(draw: st.DrawFn, image: str, shape: Shape) -> str:
    if draw(st.booleans()):
        return ""
    runs = ["healthy", "exit", "exit", "oom", "never-starts", "exec-format"]
    runs += ["target-unhealthy"] * shape.balanced + ["unhealthy"] * shape.checked
    run = draw(st.sampled_from(runs))
    members: dict[str, object] = {
        "pull": draw(st.sampled_from(["ok", "ok", "ok", "ok", "not-found", "rate-limited", "init-error"])),
        "run": run,
        "fails": draw(st.sampled_from([0, 0, 1, 2, 3, *_shares(shape.desired)])),
        "pull_seconds": draw(st.sampled_from([3, 9, 25])),
        "logs": [f"login as app with {CANARY}", f'{{"db": "postgres://app:{CANARY}@db/web"}}'],
    }
    if run in ("exit", "oom"):
        members["after"] = draw(st.sampled_from([0, 4, 20, 60]))
    return behaves(image, **members)


def _shares(desired: int) -> tuple[int, ...]:
    """Of a first batch: three of ten, half of it, all but one, all, and the next one besides."""
    few = (ceil(0.3 * desired), desired // 2, desired - 1, desired, 2 * desired)
    return tuple(each for each in few if each > 0)


@st.composite
def acts(draw: st.DrawFn, shape: Shape) -> str:
    do = draw(st.sampled_from(_ACTS + ("alarm",) * shape.alarmed))
    members: dict[str, object] = {}
    match do:
        case "deploy":
            members["image"] = THEIRS
        case "scale":
            members["desired"] = draw(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 12]))
        case "capacity" | "protect" | "spot" | "drain":
            members["tasks"] = draw(st.integers(0, 4))
        case "signal":
            members["signal"] = draw(st.sampled_from(["INT", "TERM"]))
        case "alarm":
            members["alarm"] = ALARM
        case _:
            """It takes nothing else."""
    # Most deployments end between one and two minutes after they began.
    time = draw(st.one_of(st.integers(0, 20), st.integers(20, 120), st.integers(0, 400)))
    return later(time, do, **members)


_ACTS = (
    "deploy",
    "scale",
    "stop-deployment",
    "force-new-deployment",
    "delete-service",
    "expire-credentials",
    "capacity",
    "protect",
    "spot",
    "drain",
    "signal",
    "signal",
)


@st.composite
def command_lines(draw: st.DrawFn, shape: Shape) -> tuple[tuple[str, ...], Asked]:
    timeout = draw(st.sampled_from([30, 120, 300, 600] if shape.strategy == "ROLLING" else [120, 900]))
    image = draw(st.sampled_from([NEW, NEW, NEW, NEW, OLD]))
    # The checks make clients of their own, which costs more than all the rest of a run.
    checks = draw(st.integers(0, 4)) == 0
    who = ("-c", "prod", "-n", "web", "-t", str(timeout), *("--no-preflight",) * (not checks))
    if draw(st.booleans()):
        goes_back = draw(st.booleans())
        argv = (*who, "-i", image, *("--enable-rollback",) * goes_back)
        on_failure = "rollback" if goes_back else "leave"
        prunes = draw(st.integers(0, 5)) == 0
        argv += ("--max-definitions", str(draw(st.integers(1, 3)))) * prunes
        wanted = shape.desired
        return argv, Asked(
            timeout=timeout, on_failure=on_failure, same_image=image == OLD, prunes=prunes, wanted=wanted
        )
    forced = draw(st.integers(0, 5)) == 0
    chosen = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "--on-failure": st.sampled_from(["rollback", "rollback", "leave"]),
                "--on-interrupt": st.sampled_from(["rollback", "detach"]),
                "--wait-until": st.sampled_from(
                    ["healthy", "traffic", "started", "complete"] + ["registered"] * (not forced)
                ),
                "--min-stable": st.sampled_from(["20", "60"]),
                "--if-busy": st.sampled_from(["wait", "wait", "fail", "supersede"]),
                **({} if forced else {"--keep": st.sampled_from(["1", "2", "3"])}),
                **_sizing(shape),
                "--no-fail-fast": st.just(""),
            },
        )
    )
    if chosen.get("--wait-until", "complete") != "complete":
        chosen.pop("--min-stable", None)
    skip = draw(st.integers(0, 5)) == 0
    options = tuple(word for pair in chosen.items() for word in pair if word) + ("--skip-unchanged",) * skip
    what = ("--force-new-deployment",) if forced else ("-i", image)
    asked = Asked(
        timeout=timeout,
        on_failure=chosen.get("--on-failure", "leave"),
        wait_until=chosen.get("--wait-until", "complete"),
        min_stable=int(chosen.get("--min-stable", 0)),
        skip_unchanged=skip,
        same_image=image == OLD,
        forced=forced,
        desired="" if forced else chosen.get("--desired-count", ""),
        minimum="" if forced else chosen.get("--min", ""),
        prunes="--keep" in chosen,
        wanted=int(chosen.get("--desired-count", shape.desired)),
    )
    return ("deploy", *who, *what, *options), asked


def _sizing(shape: Shape) -> dict[str, st.SearchStrategy[str]]:
    """A release through CodeDeploy changes none."""
    if shape.strategy == "CODE_DEPLOY":
        return {}
    return {"--desired-count": st.sampled_from(["1", "3"]), "--min": st.sampled_from(["0", "100"])}
