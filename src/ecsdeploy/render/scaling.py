"""How a service is scaled, as lines and as JSON lines."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.scaling import ScaleStep, Scaling
from ecsdeploy.render.objects import object_of
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count

_HEADS = {
    Status.SUCCEEDED: "SUCCEEDED",
    Status.DETACHED: "DETACHED: ECS goes on",
    Status.FAILED: "FAILED",
    Status.SUPERSEDED: "SUPERSEDED",
    Status.TIMED_OUT: "TIMED OUT",
    Status.UNKNOWN: "OUTCOME UNKNOWN",
}


def show_scaling(plan: Scaling, stream: LineStream, style: Style) -> None:
    """Write the plan."""
    place = plan.place
    where = f"{place.service} @ {place.cluster} ({place.region}, {place.account})"
    stream.line(
        style.paint("bold", f"scale {where}: {plan.before} -> {plan.wanted} tasks of {revision_name(plan.revision)}")
    )
    if plan.limits:
        stream.line(f"auto scaling keeps it between {plan.limits.lowest} and {plan.limits.highest}")
    if plan.moved:
        stream.line(f"its limits become {plan.moved.lowest} and {plan.moved.highest}")
    if plan.unread:
        stream.line(style.paint("warn", f"the limits of auto scaling are not known: {plan.unread}"))


def scaling_object(plan: Scaling) -> str:
    """The plan: an object of the type `scale_plan` (`docs/reference/scale.schema.json`)."""
    return object_of(
        "scale_plan",
        plan.at,
        plan.place,
        revision=plan.revision,
        before=plan.before,
        wanted=plan.wanted,
        running=plan.running,
        pending=plan.pending,
        limits=plan.limits,
        moved=plan.moved,
        unread=plan.unread,
    )


def step_line(step: ScaleStep, plan: Scaling) -> str:
    """One step in words."""
    match step.kind:
        case "limits":
            return f"auto scaling keeps it {step.text}"
        case "updated":
            return f"the service wants {count(step.wanted, 'task')}"
        case "progress":
            return _counts(step)
        case "said":
            return f"ECS: {step.text}"
        case _:
            return _ended(step, plan)


def _counts(step: ScaleStep) -> str:
    healthy = f", {step.healthy} healthy" if step.healthy is not None else ""
    starting = f", {step.pending} starting" if step.pending else ""
    return f"{step.running}/{step.wanted} running{healthy}{starting}"


def _ended(step: ScaleStep, plan: Scaling) -> str:
    head = _HEADS[step.status or Status.UNKNOWN]
    if step.status is Status.SUCCEEDED:
        word = "running" if step.healthy is None else "healthy"
        return f"{head} {revision_name(plan.revision)} {step.running}/{step.wanted} {word}"
    return f"{head}. {step.text}".rstrip()


def step_object(step: ScaleStep, plan: Scaling, at: datetime) -> str:
    """One step: an object whose type is the step's kind."""
    return object_of(
        step.kind,
        at,
        plan.place,
        wanted=step.wanted,
        running=step.running,
        pending=step.pending,
        healthy=step.healthy,
        text=step.text,
    )
