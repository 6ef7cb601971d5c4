"""Generated releases of a good image in a bad moment: the first batches fail in part, whole, or twice over."""

from math import ceil

from hypothesis import strategies as st

from tests.cli.worlds import NEW, OLD, behaves, service, table
from tests.properties.cases import CANARY, Asked, Case

_TIMEOUT = 600
_SIZES = ((2, 200), (3, 200), (4, 150), (6, 200), (10, 200), (10, 150), (24, 200), (24, 125), (24, 125))
"""How many tasks, and the maximum percentage: how many of them are started together follows."""
_NEVER_RUN = ("not-found", "init-error", "rate-limited")


@st.composite
def waves(draw: st.DrawFn) -> Case:
    """Nothing else goes wrong; a rollback is asked for, and must not be made too early."""
    (desired, maximum), balanced = draw(st.sampled_from(_SIZES)), draw(st.booleans())
    deployment = {
        "minimum_healthy_percent": 100,
        "maximum_percent": maximum,
        "circuit_breaker": draw(st.sampled_from(["off", "off", "stop", "rollback"])),
    }
    members: dict[str, object] = {
        "desired": desired,
        "containers": [{"name": "app", "image": OLD, "environment": {"DB_PASSWORD": CANARY}}],
        "deployment": deployment,
    }
    if balanced:
        members["load_balancer"] = {"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30}
    who, how = ("-c", "prod", "-n", "web"), ("-t", str(_TIMEOUT), "--no-preflight", "--on-failure", "rollback")
    argv = ("deploy", *who, "-i", NEW, *how)
    together = desired * maximum // 100 - desired
    parts = [service(**members), draw(_moments(together, balanced=balanced)), table("[deploy]", {"args": argv})]
    return Case(
        text="\n".join(parts),
        argv=argv,
        asked=Asked(timeout=_TIMEOUT, on_failure="rollback", wanted=desired),
        recovers=True,
    )


@st.composite
def _moments(draw: st.DrawFn, together: int, *, balanced: bool) -> str:
    """Of those that are started together some fail, or all, or those of the next batch too; then all is well."""
    shares = {1, ceil(0.3 * together), max(together - 1, 1), together, together + 1, 2 * together}
    members: dict[str, object] = {"fails": draw(st.sampled_from(sorted(shares))), "logs": [f"login with {CANARY}"]}
    if draw(st.booleans()):
        return behaves(NEW, pull=draw(st.sampled_from(_NEVER_RUN)), **members)
    runs = ("exit", "exit", "oom", "never-starts", "exec-format", *("target-unhealthy",) * balanced)
    members["run"] = draw(st.sampled_from(runs))
    if members["run"] in ("exit", "oom"):
        members["after"] = draw(st.sampled_from([0, 4, 8, 20]))
    return behaves(NEW, **members)
