"""Runs by the number of a seed: a service, what becomes of it, what others do, and what the endpoint says instead.

A case prints itself as the Python that makes it, so that one which breaks a rule can be made smaller by hand and kept
as an example.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.foreign import fronts
from tests.foreign.bends import Breaks, Delays, Lags, Mangles, Misses, Mixes, Refuses, Window
from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import CANARY, Told, release
from tests.foreign.endpoint import Bend, Endpoint
from tests.foreign.external import External
from tests.foreign.replies import Replies
from tests.foreign.shapes import HERE, IMAGE, Json, Names, container


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What others do, in seconds after the beginning: `deploy`, `scale`, `delete`."""

    at: float
    what: str
    desired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run: `fate` is that of our release, `back` that of our way back.

    `external`: others make the service's task sets. `front`: what stands before its tasks, and `sees_targets`: whether
    the load balancer may be asked for them. `rollout_states`: whether deployments have one.
    """

    shape: Shape = Shape()
    fate: Fate = Fate()
    back: Fate = Fate()
    names: Names = HERE
    timeout: int = 300
    goes_back: bool = False
    flags: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    bends: tuple[Bend, ...] = ()
    records: bool = True
    external: bool = False
    front: str = ""
    sees_targets: bool = True
    rollout_states: bool = True

    def play(self) -> Told:
        course = Course(self.shape, self.fate, self.back)
        course.front = fronts.called(self.front, self.names)
        for act in self.acts:
            course.later(act.at, lambda act=act: _act(course, act))  # type: ignore[misc]
        bends = tuple(replace(each, said={}) if isinstance(each, Lags) else each for each in self.bends)
        world = Endpoint(
            course,
            names=self.names,
            replies=External if self.external else Replies,
            bends=bends,
            shows_targets=self.sees_targets and self.front in ("target-group", "lattice"),
            records=self.records,
            rollout_states=self.rollout_states,
            members=fronts.of_service(self.front, self.names) | self._scheduled() | self._defined(),
            parts=fronts.of_deployment(self.front, self.names) | (_ON_INSTANCES if self.shape.daemon else {}),
            definition=secretive() | ({"requiresCompatibilities": ["EC2"]} if self.shape.daemon else {}),
        )
        asked = ("--on-failure", "rollback") if self.goes_back else ()
        return release(world, "-t", str(self.timeout), *asked, *self.flags)

    def _scheduled(self) -> Json:
        """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service-options.html"""
        if not self.shape.daemon:
            return {}
        breaker = {"enable": self.shape.breaker, "rollback": self.shape.goes_back}
        sizing = {"maximumPercent": 100, "minimumHealthyPercent": 0, "deploymentCircuitBreaker": breaker}
        return {"schedulingStrategy": "DAEMON", "deploymentConfiguration": sizing, **_ON_INSTANCES}

    def _defined(self) -> Json:
        return {"taskDefinition": None} if self.external else {}


_ON_INSTANCES: Json = {"launchType": "EC2", "platformVersion": None, "platformFamily": None}


def _act(course: Course, act: Act) -> None:
    match act.what:
        case "deploy":
            course.begin(1, "others")
        case "scale":
            course.scale(act.desired)
        case _:
            course.delete()


def secretive() -> Json:
    """A definition with a canary in every member that may hold a secret."""
    log = {"logDriver": "splunk", "options": {"splunk-token": f"{CANARY}log-token", "splunk-url": "https://logs"}}
    return {
        "containerDefinitions": [
            container(
                f"{IMAGE}:1",
                environment=[{"name": "DB_PASSWORD", "value": f"{CANARY}environment"}],
                command=["serve", f"--token={CANARY}command"],
                dockerLabels={"com.example.key": f"{CANARY}label"},
                logConfiguration=log,
            )
        ]
    }


def case(seed: int) -> Case:
    """The case of this seed: most meet one or two troubles, few none."""
    dice = Random(f"case {seed}")
    front = dice.choice(_BEFORE)
    # A Classic load balancer's deployments never have a state, and where there is none no circuit breaker stands.
    stateless = front == "classic" or dice.random() < 0.2
    shape = _shape(dice, breaks=not stateless)
    goes_back = dice.random() < 0.4
    return Case(
        shape=shape,
        fate=_fate(dice, shape, front),
        back=Fate(starts=dice.choice([20, 20, 200]), bad=dice.choice([0, 0, 0, 1])),
        names=_names(dice),
        timeout=dice.choice([60, 120, 300, 300, 600]),
        goes_back=goes_back,
        flags=tuple(flag for flag in ("--no-fail-fast",) if dice.random() < 0.3),
        acts=tuple(_acts(dice, shape)),
        bends=tuple(_bend(dice) for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3]))),
        records=dice.random() < 0.7,
        external=not shape.daemon and dice.random() < 0.08,
        front=front,
        sees_targets=dice.random() < 0.7,
        rollout_states=not stateless,
    )


_BEFORE = ("", "", "", "", *fronts.FRONTS * 2)


def _names(dice: Random) -> Names:
    home = dice.choice([{}, {}, {"partition": "aws-cn", "region": "cn-north-1"}, {"partition": "aws-us-gov"}])
    return Names(short=dice.random() < 0.2, **home)


def _shape(dice: Random, *, breaks: bool) -> Shape:
    breaker = breaks and dice.random() < 0.55
    return Shape(
        desired=dice.choice([1, 2, 2, 4, 10, 30]),
        breaker=breaker,
        goes_back=breaker and dice.random() < 0.6,
        daemon=dice.random() < 0.15,
    )


def _fate(dice: Random, shape: Shape, front: str) -> Fate:
    """All is well, a few of the first tasks die, all of the first wave do, all for ever, or none ever runs."""
    some = dice.randint(1, max(1, shape.desired - 1))
    starts = Fate(
        bad=dice.choice([0, 0, 0, some, some, shape.desired, 100_000, 100_000]),
        starts=dice.choice([5, 20, 60]),
        gap=dice.choice([8, 15, 60]),
        settles=dice.choice([5, 12, 30]),
        hangs=dice.random() < 0.05,
    )
    if dice.random() < 0.4:
        return replace(starts, life=0, exit_code=None, reason=dice.choice(_NEVER_RAN))
    if front and dice.random() < 0.5:
        return replace(starts, ill=True, life=dice.choice([30, 70]), exit_code=143)
    return replace(starts, life=dice.choice([3, 8, 30]), exit_code=dice.choice([1, 1, 137, 0, None]))


_NEVER_RAN = (
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref: not found",
    f"ResourceInitializationError: unable to pull secrets: DB_PASSWORD={CANARY}environment",
    "Something that nobody has heard of",
)


def _acts(dice: Random, shape: Shape) -> list[Act]:
    """Half of all services are left alone."""
    if dice.random() < 0.5:
        return []
    what = dice.choice(["deploy", "deploy", "scale", "delete"])
    return [
        Act(at=dice.choice([0.15, 5, 30, 45, 60, 90, 150]), what=what, desired=dice.choice([0, 1, shape.desired + 2]))
    ]


_READS = ("DescribeServices", "ListTasks", "DescribeTasks", "ListServiceDeployments", "DescribeServiceDeployments")
_CALLS = (*_READS, "DescribeTaskDefinition", "RegisterTaskDefinition", "UpdateService")
_HTTP = ("reset", "half", "empty", "html", "list", "slow")


def _window(dice: Random, operations: tuple[str, ...]) -> Window:
    """For a while, some times, or always; of one operation, or of all of them."""
    chosen = (dice.choice(operations),) if dice.random() < 0.6 else operations
    first = dice.choice([0, 0, 20, 60])
    members: dict[str, Any] = dice.choice(
        [
            {"first": first, "until": first + dice.choice([15, 40, 200])},
            {"spares": dice.choice([0, 1, 2, 5, 8]), "times": dice.choice([1, 1, 2, 10])},
            {},
        ]
    )
    return Window(operations=chosen, **members)


_KINDS = ("mangles", "mangles", "mangles", "member", "refuses", "breaks", "lags", "delays", "mixes", "misses")


def _bend(dice: Random) -> Bend:
    seed, share = dice.randint(0, 999), dice.choice([0.1, 0.3, 1])
    match dice.choice(_KINDS):
        case "mangles":
            how = dice.choice(["dropped", "null", "empty", "kind", "word"])
            return Mangles(where=_window(dice, _READS), how=how, seed=seed, share=share)
        case "member":
            member = dice.choice(
                ["rolloutState", "id", "status", "createdAt", "taskDefinition", "events", "lastStatus"]
            )
            how = dice.choice(["dropped", "null", "empty", "word"])
            return Mangles(where=_window(dice, _READS), how=how, seed=seed, share=share, member=member)
        case "refuses":
            return _refusal(dice, share, seed)
        case "breaks":
            carried_out = dice.random() < 0.6
            return Breaks(where=_window(dice, _CALLS), how=dice.choice(_HTTP), carried_out=carried_out)
        case "lags":
            return Lags(where=_window(dice, _READS), seconds=dice.choice([3, 10, 30]))
        case "delays":
            return Delays(where=_window(dice, _CALLS), seconds=dice.choice([1, 4, 9]))
        case "misses":
            spares, times = dice.choice([1, 2, 4, 7]), dice.choice([1, 2, 3])
            return Misses(where=Window(operations=("DescribeServices",), spares=spares, times=times))
        case _:
            # A reply of something else every time is a service that cannot be seen: a few of them must do no harm.
            times, spares = dice.choice([1, 1, 2]), dice.choice([0, 1, 3, 6, 9])
            operation = dice.choice(["DescribeServices", "DescribeServiceDeployments", "UpdateService"])
            return Mixes(where=Window(operations=(operation,), times=times, spares=spares))


def _refusal(dice: Random, share: float, seed: int) -> Refuses:
    code, text, status = dice.choice(
        [
            ("ThrottlingException", "Rate exceeded", 400),
            ("ThrottlingException", "Rate exceeded", 400),
            ("ServerException", "Service Unavailable. Please try again later.", 500),
            (
                "ExpiredTokenException",
                f"The security token included in the request is expired: x-amz-security-token:{CANARY}session",
                400,
            ),
            ("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized to perform: ecs:Read", 400),
        ]
    )
    where = _window(dice, _CALLS)
    return Refuses(where=where, code=code, text=text, status=status, share=share, seed=seed)
