"""The events that a look gives: contact, ECS's events, judgements, pauses and progress, each told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ecsdeploy.model.events import (
    Counts,
    Delayed,
    Doomed,
    Event,
    FoundContact,
    Paused,
    Progress,
    Reconsidered,
    Said,
    Warned,
)
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.service import ServiceEvent
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.values import replace
from ecsdeploy.rollout.observation import Observation, Standing
from ecsdeploy.rollout.state import Advance, State

MOST_EVENTS = 100
"""How many events ECS shows of a service: the newest ones.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
"""
HEARTBEAT_SECONDS = 30.0
"""If nothing changes, progress is told again after this time."""


def in_contact(state: State, seen: Observation, now: float) -> Advance:
    """Note that a look had an answer. If we told that contact was lost, tell that it is back."""
    since = state.unseen_since
    found = (FoundContact(seconds=now - since),) if state.contact_told and since is not None else ()
    listed = state.seen or seen.standing is not Standing.NOT_SEEN
    return replace(state, unseen_since=None, contact_told=False, missing_since=None, seen=listed), found


def tell_news(state: State, seen: Observation) -> Advance:
    """Tell ECS's new events, the oldest first. Equal messages are told once, with how many there were.

    ECS lists the newest first, and several may have the same time: so we turn the list round before we sort it.
    """
    unknown = [each for each in reversed(seen.events) if each.id not in state.known_events]
    fresh = sorted(unknown, key=lambda each: each.at)
    known, times = state.known_events | {each.id for each in fresh}, Counter(each.message for each in fresh)
    first = {each.message: each for each in reversed(fresh)}
    once = (each for each in fresh if each is first[each.message])
    told = tuple(Said(id=e.id, at=e.at, message=e.message, times=times[e.message]) for e in once)
    return replace(state, known_events=known), (*_lost(fresh), *told)


def _lost(fresh: Sequence[ServiceEvent]) -> tuple[Event, ...]:
    """A warning if all events that ECS shows are new: then there were more since the last look."""
    if len(fresh) < MOST_EVENTS:
        return ()
    return (Warned(finding=Finding(code="W-EVENTS-LOST", subjects=(str(MOST_EVENTS),))),)


def tell_judgement(state: State, known: Judgement) -> Advance:
    """Tell what `known` adds to the last judgement, and keep it.

    * A doom, the reason why our deployment cannot succeed: once when it is found, and once if it no longer holds.
    * What our deployment waits for: each time that it changes.
    """
    before, told = state.judgement, list[Event]()
    if known.doom and not before.doom:
        told.append(Doomed(doom=known.doom, ends=state.ends_early))
    if before.doom and not known.doom:
        told.append(Reconsidered(doom=before.doom))
    if known.waits_for != before.waits_for:
        told.append(Delayed(reason=known.waits_for))
    return replace(state, judgement=known), tuple(told)


def tell_pause(state: State, seen: Observation) -> Advance:
    """Tell each hook that waits until somebody continues it, once."""
    fresh = tuple(each for each in seen.awaiting if each.id not in state.paused)
    told = tuple(
        Paused(
            hook=each.id,
            stage=seen.stage,
            service_deployment=seen.service_deployment_arn,
            expires_at=each.expires_at,
            timeout_action=each.timeout_action,
        )
        for each in fresh
    )
    return replace(state, paused=state.paused | {each.id for each in fresh}), told


def tell_progress(state: State, seen: Observation, now: float) -> Advance:
    """Tell the counts, stage and traffic if they have changed, or if HEARTBEAT_SECONDS have passed without a word."""
    if seen.standing is Standing.NOT_SEEN:
        return state, ()
    before = state.last_seen
    changed = _figures(seen) != (_figures(before) if before else (Counts(), seen.old, "", None))
    if not changed and now < state.told + HEARTBEAT_SECONDS:
        return state, ()
    progress = Progress(
        new=seen.new,
        old=seen.old,
        elapsed=now - state.started,
        stage=seen.stage,
        traffic=seen.traffic,
        breaker=seen.breaker,
        still=not changed,
        # CodeDeploy deploys only services behind a load balancer.
        checked=seen.checked or seen.deployer == "codedeploy",
    )
    return replace(state, told=now, changed=now if changed else state.changed), (progress,)


def _figures(seen: Observation) -> tuple[Counts, Counts, str, float | None]:
    return seen.new, seen.old, seen.stage, seen.traffic
