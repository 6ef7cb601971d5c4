"""What holds under every strategy, whatever images, hooks, alarms and other people do."""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ecsdeploy.sim import World
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.service import Service
from tests.unit.sim.builders import deploy, image, the_service, world
from tests.unit.sim.strategies import BALANCER, SMOKE, answers, every_event

ORDER = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
)
BACK = ("SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT", "TEST_TRAFFIC_SHIFT", "CLEAN_UP")
RECURRING = {"PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"}
_LAMBDA = [stage for stage in ORDER if stage not in ("SCALE_UP", "BAKE_TIME", "CLEAN_UP")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A service, its deployment, and what happens to it, as TOML."""

    service: str
    more: str
    desired: int
    interfered: bool

    def begin(self) -> World:
        w = world(self.service, self.more)
        deploy(w)
        return w


@st.composite
def cases(draw: st.DrawFn) -> Case:
    desired = draw(st.integers(0, 4))
    strategy = draw(st.sampled_from(["BLUE_GREEN", "LINEAR", "CANARY"]))
    deployment = [f'strategy = "{strategy}"', f"bake_time_in_minutes = {draw(st.integers(0, 3))}"]
    if strategy == "LINEAR":
        percent = draw(st.integers(200, 1000)) / 10
        deployment.append(f"linear_configuration = {{ step_percent = {percent}, step_bake_time_in_minutes = 1 }}")
    if strategy == "CANARY":
        percent = draw(st.integers(1, 1000)) / 10
        deployment.append(f"canary_configuration = {{ canary_percent = {percent}, canary_bake_time_in_minutes = 1 }}")
    deployment.append(f'circuit_breaker = "{draw(st.sampled_from(["rollback", "rollback", "stop"]))}"')
    deployment.append('alarms = { enable = true, rollback = true, alarm_names = ["x"] }')
    stages = draw(st.lists(st.sampled_from(_LAMBDA), min_size=1, max_size=3, unique=True))
    hook = f'{{ hook_target_arn = "{SMOKE}", lifecycle_stages = [{", ".join(map(repr, stages))}] }}'
    deployment.append(f"lifecycle_hooks = [{hook}]")
    balancer = draw(st.sampled_from([BALANCER, ""]))
    others = draw(st.lists(_interference(), max_size=2))
    return Case(
        service=f"desired = {desired}\n{balancer}\ndeployment = {{ {', '.join(deployment)} }}",
        more=draw(_behaviours()) + draw(_answers()) + "".join(others),
        desired=desired,
        interfered=any('"scale"' in text or '"deploy"' in text for text in others),
    )


@st.composite
def _behaviours(draw: st.DrawFn) -> str:
    run = draw(st.sampled_from(["healthy", "exit", "oom", "exec-format"]))
    # Later than 40 s the task has counted as healthy, which clears the breaker: it may crash for ever.
    after = draw(st.integers(0, 35))
    return image(f'run = "{run}"\nafter = {after}\nfails = {draw(st.integers(0, 5))}')


@st.composite
def _answers(draw: st.DrawFn) -> str:
    listed = draw(st.lists(st.sampled_from(["SUCCEEDED", "SUCCEEDED", "IN_PROGRESS", "FAILED"]), max_size=4))
    return answers(*listed, "SUCCEEDED")


@st.composite
def _interference(draw: st.DrawFn) -> str:
    act = draw(
        st.sampled_from(
            [
                'do = "alarm"\nalarm = "x"',
                'do = "stop-deployment"',
                'do = "scale"\ndesired = 3',
                'do = "deploy"\nimage = "registry.example.com/team/web:3"',
            ]
        )
    )
    return f"[[at]]\ntime = {draw(st.integers(0, 400))}\n{act}\n"


def _check_weights(w: World, service: Service) -> None:
    for rule in w.region.rules.values():
        assert sum(rule.weights.values()) == ALL
    for record in service.history:
        if record.course is not None:
            assert 0 <= record.course.production <= ALL
            assert 0 <= record.course.test <= ALL


def _stage_of(service: Service) -> tuple[str, str, bool] | None:
    record = service.history[-1]
    course = record.course
    if course is None or course.stage is None or not course.entered:
        return None
    return record.arn, course.stage, course.reversing


@given(case=cases())
@settings(max_examples=60, deadline=None)
def test_a_deployment_keeps_its_order_its_weights_and_its_end(case: Case) -> None:
    w = case.begin()
    service = the_service(w)
    ends: dict[str, str] = {}
    stages: list[tuple[str, str, bool]] = []
    for _ in every_event(w):
        _check_weights(w, service)
        for record in service.history:
            assert ends.get(record.arn, record.status) == record.status
            if record.ended:
                ends[record.arn] = record.status
        seen = _stage_of(service)
        if seen is not None and (not stages or stages[-1] != seen):
            stages.append(seen)
    assert all(record.ended for record in service.history)
    _check_order(stages)
    _check_return(service)


def _check_order(stages: list[tuple[str, str, bool]]) -> None:
    for (arn, before, back), (next_arn, after, next_back) in pairwise(stages):
        if arn != next_arn or back != next_back:
            continue
        order = BACK if back else ORDER
        forward = order.index(after) > order.index(before)
        assert forward or (not back and {before, after} <= RECURRING)


def _check_return(service: Service) -> None:
    """A rollback that succeeded has taken everything back."""
    record = service.history[-1]
    if record.status == "ROLLBACK_SUCCESSFUL" and record.course is not None:
        assert (record.course.test, record.course.production) == (0.0, 0.0)
        assert service.primary is not record.deployment
        assert service.primary.rollout_state == "COMPLETED"


@given(case=cases())
@settings(max_examples=40, deadline=None)
def test_the_old_revision_serves_in_full_until_all_traffic_has_moved(case: Case) -> None:
    w = case.begin()
    service = the_service(w)
    record, blue = service.history[-1], service.sources[0]
    for _ in every_event(w):
        if case.interfered or record.course is None or record.course.production == ALL or record.ended:
            continue
        assert sum(is_healthy(task, w.clock.time()) for task in blue.tasks) >= case.desired


@given(case=cases())
@settings(max_examples=15, deadline=None)
def test_the_same_scenario_goes_the_same_way(case: Case) -> None:
    told = []
    for _ in range(2):
        w = case.begin()
        w.settle()
        told.append((list(the_service(w).events), list(w.region.bus), w.region.hook_calls))
    assert told[0] == told[1]
