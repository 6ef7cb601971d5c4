"""What goes wrong around a generated run, and who else is there: calls, credentials, services of the same family."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.cli.worlds import fault, later, service

_TROUBLE = ("ThrottlingException", "http-500", "http-503", "reset", "reset-after", "delay")
_LOOKS = ("DescribeServices", "DescribeServices", "DescribeServiceDeployments", "ListTasks", "DescribeTasks")
_PLANS = ("DescribeServices", "DescribeTaskDefinition", "RegisterTaskDefinition", "RegisterTaskDefinition")
_ASKED_TO_PRUNE = ("ListClusters", "ListServices", "ListTaskDefinitions", "ListTasks", "DeregisterTaskDefinition")
_ELSEWHERE = "registry.example.com/team/worker"
HISTORY = [f"{_ELSEWHERE}:a", f"{_ELSEWHERE}:b"]


@st.composite
def faults(draw: st.DrawFn, calls: Sequence[str]) -> str:
    """A call that fails some times, or all calls of a kind for a while."""
    error = draw(st.sampled_from(_TROUBLE))
    members: dict[str, object] = {"error": error}
    if error == "delay":
        members["delay"] = draw(st.sampled_from([2, 7, 20]))
    if draw(st.integers(0, 3)) == 0:
        start = draw(st.integers(0, 120))
        window = members | {"from": start, "until": start + draw(st.sampled_from([20, 60, 200, 2000]))}
        return "\n".join(fault(operation=each, **window) for each in calls)
    members["operation"] = draw(st.sampled_from(calls))
    members["times"] = draw(st.sampled_from([1, 1, 2, 5]))
    members["after"] = draw(st.sampled_from([0, 0, 1, 3, 10]))
    return fault(**members)


@st.composite
def lost_writes(draw: st.DrawFn, writes: Sequence[str]) -> str:
    """A write whose answer is lost, whether it was carried out or not."""
    error = draw(st.sampled_from(["reset-after", "reset-after", "reset", "http-500"]))
    return fault(operation=draw(st.sampled_from(writes)), error=error, times=draw(st.sampled_from([1, 1, 2])))


@st.composite
def blips(draw: st.DrawFn) -> str:
    """One look in mid-wait that is not allowed, or whose credentials have just expired."""
    error = draw(st.sampled_from(["AccessDeniedException", "ExpiredTokenException"]))
    return fault(operation=draw(st.sampled_from(_LOOKS)), error=error, after=draw(st.sampled_from([3, 4, 6, 9])))


@st.composite
def slow_plans(draw: st.DrawFn) -> str:
    """What comes before the write takes most of the time that there is."""
    operation = draw(st.sampled_from(_PLANS))
    if draw(st.booleans()):
        return fault(operation=operation, error="ThrottlingException", times=draw(st.sampled_from([3, 4, 6, 9])))
    return fault(operation=operation, error="delay", delay=draw(st.sampled_from([8, 14, 40, 100])))


@st.composite
def neighbours(draw: st.DrawFn) -> str:
    """Another cluster's service, whose revisions are of the same family; it may be about to move to another one."""
    parts = [service(cluster="staging", desired=draw(st.integers(0, 2)), history=HISTORY, image=f"{_ELSEWHERE}:c")]
    if draw(st.booleans()):
        parts.append(later(draw(st.integers(0, 60)), "deploy", cluster="staging", image=f"{_ELSEWHERE}:d"))
    if draw(st.integers(0, 3)) == 0:
        error = draw(st.sampled_from(["AccessDeniedException", "ThrottlingException"]))
        parts.append(fault(operation=draw(st.sampled_from(_ASKED_TO_PRUNE)), error=error, times=0))
    return "\n".join(parts)
