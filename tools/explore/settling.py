"""Whole runs of the shipped release in which every answer is chosen, with the watches in them cut out.

A run is repeated from its beginning for each list of choices: what comes between two watches is short. A watch is not
run but handed over to the search, which gives back how it may end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from unittest.mock import patch

from ecsdeploy.engine.commands.release import ReleaseCommand
from ecsdeploy.engine.follow.poller import EndedWatch, Watcher
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsRefused, EcsDeployError, ReplyLost, Terminated
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import PointService
from ecsdeploy.rollout.state import State
from tools.explore import ecs, values
from tools.explore.ecs import BACK, FIRST, OURS, SECOND, Rules, World
from tools.explore.plane import Plane, a_clock, a_run
from tools.explore.watching import FAILURES, Client, RuleBroken, shifted

STRAYS_LATER = 1
"""Turns off the usual way after a watch: each of its many ends leads on."""


class Moment(NamedTuple):
    """What is so, and what was so at the two looks before: reads may show any of them."""

    now: World
    before: World
    earlier: World


class Watched(NamedTuple):
    """How a watch ended: with a verdict, or (None) with a signal."""

    moment: Moment
    ended: EndedWatch | None


class Choices(NamedTuple):
    """Everything that leads to a point of a run: the answers chosen, and how its watches ended."""

    script: tuple[int, ...] = ()
    watched: tuple[Watched, ...] = ()


class WatchBegins(BaseException):
    """The run has come to a watch that is not explored yet."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state


class Paused(NamedTuple):
    """A run that waits for the end of a watch."""

    choices: Choices
    moment: Moment
    client: Client
    run: tuple[object, ...]
    """What the run has noted: with it, two runs at the same point go on alike."""


class Done(NamedTuple):
    """A run that is over."""

    choices: Choices
    moment: Moment
    outcome: Outcome


@dataclass(slots=True)
class _Course:
    """The world along one run: each read, sleep and write may go in several ways."""

    rules: Rules
    readable: bool
    choices: Choices
    strays: int
    """How many more choices may be other than the first one, until the next watch."""
    moment: Moment
    taken: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    watches: int = 0
    shown: list[values.Listed] = field(default_factory=list)
    """What the reads since the last watch have shown."""
    updates: list[str] = field(default_factory=list)
    signalled: bool = False

    def choose(self, ways: int) -> int:
        place, script = len(self.taken), self.choices.script
        chosen = script[place] if place < len(script) else 0
        self.taken.append(chosen)
        self.ways.append(ways if self.strays > 0 else 1)
        self.strays -= bool(chosen)
        return chosen

    def _move(self) -> None:
        """Somebody, or ECS, may act before this call arrives."""
        follow = ecs.moves(self.moment.now, self.rules)
        chosen = self.choose(1 + len(follow))
        if chosen:
            self.moment = Moment(follow[chosen - 1], self.moment.now, self.moment.before)

    def see_service(self) -> Service:
        self._move()
        seen = tuple(dict.fromkeys(values.listed(each) for each in self.moment))
        chosen = self.choose(len(seen) + 2)
        if chosen >= len(seen):
            raise FAILURES[("throttled", "unreachable")[chosen - len(seen)]]
        if seen[chosen].status == "INACTIVE":
            raise FAILURES["missing"]
        self.shown.append(seen[chosen])
        return values.service(seen[chosen], self.rules)

    def see_record(self, which: int) -> ServiceDeployment | None:
        if not self.readable:
            raise FAILURES["denied"]
        records = tuple(dict.fromkeys(values.recorded(each, which) for each in self.moment[:2]))
        chosen = self.choose(len(records) + 1)
        if chosen >= len(records):
            raise FAILURES["throttled"]
        found = records[chosen]
        return None if found is None else values.service_deployment(found, self.rules)

    def see_history(self) -> tuple[PastDeployment, ...]:
        if not self.readable:
            raise FAILURES["denied"]
        if self.choose(2):
            raise FAILURES["throttled"]
        return values.history(self.moment.now)

    def see_tasks(self, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        return values.tasks(values.listed(self.moment.now), deployment_id, stopped=stopped)

    def update(self, step: PointService, revision: str) -> Service:
        """Applied and answered; applied and lost; lost; throttled; refused."""
        self._move()
        chosen = self.choose(5)
        if chosen == 3:
            raise FAILURES["throttled"]
        if chosen == 4 or self.moment.now.status != "ACTIVE":
            raise AwsRefused("Refused.")
        if chosen != 2:
            self._apply(revision)
        if chosen:
            raise ReplyLost("The reply was lost.")
        return values.service(values.listed(self.moment.now), self.rules)

    def _apply(self, revision: str) -> None:
        which = OURS if revision == values.revision(OURS) else BACK
        if not revision:
            return
        if which in self.moment.now.order:
            raise RuleBroken("nothing is written twice")
        self._spares_others("an update")
        self.updates.append(revision)
        self.moment = Moment(ecs.deploy(self.moment.now, which), self.moment.now, self.moment.before)

    def _spares_others(self, what: str) -> None:
        """What a read has shown to be somebody else's is not written over."""
        now = self.moment.now.primary
        others = any(each.primary == now for each in self.shown)
        if now in (FIRST, SECOND) and others:
            raise RuleBroken(f"nothing of others' is written: {what}")

    def stop(self, which: int) -> None:
        """Done; done and lost; lost; refused."""
        self._move()
        if which not in (OURS, BACK):
            raise RuleBroken("nothing of others' is written: a stop")
        stopped, chosen = ecs.stop(self.moment.now, which), self.choose(4)
        if stopped is None or chosen == 3:
            raise AwsRefused("It cannot be stopped.")
        if chosen != 2:
            self.moment = Moment(stopped, self.moment.now, self.moment.before)
        if chosen:
            raise ReplyLost("The reply was lost.")

    def watch(self, state: State) -> EndedWatch:
        """Stands in for the watch: hand it over, or go on with the end that was found."""
        if self.watches == len(self.choices.watched):
            raise WatchBegins(state)
        watched = self.choices.watched[self.watches]
        self.watches += 1
        self.moment, self.shown, self.strays = watched.moment, [], STRAYS_LATER
        if watched.ended is None:
            self.signalled = True
            raise Terminated
        return watched.ended


def runs(
    request: DeployRequest, rules: Rules, choices: Choices, *, readable: bool, strays: int
) -> Iterator[Paused | Done]:
    """Every way in which the run may go on from where `choices` lead.

    Until its first watch it takes at most `strays` turns off the usual way, and one after each watch.
    """
    fixed, script = len(choices.script), list(choices.script)
    while True:
        course, ended = _run(request, rules, Choices(tuple(script), choices.watched), readable=readable, strays=strays)
        yield ended
        script, place = course.taken, len(course.taken) - 1
        while place >= fixed and script[place] + 1 >= course.ways[place]:
            place -= 1
        if place < fixed:
            return
        script = [*script[:place], script[place] + 1]


def _run(
    request: DeployRequest, rules: Rules, choices: Choices, *, readable: bool, strays: int
) -> tuple[_Course, Paused | Done]:
    world = ecs.begin(rules)
    course = _Course(
        rules=rules,
        readable=readable,
        choices=choices,
        strays=strays,
        moment=Moment(world, world, world),
    )
    clock = a_clock(course._move)
    run = a_run(Plane(of=course), clock, request.budget.seconds, clock.monotonic())
    release = ReleaseCommand(run=run, request=request)
    with patch.object(Watcher, "follow", lambda _, state: course.watch(state)):
        try:
            outcome = _performed(release, run)
        except RuleBroken as broken:
            broken.add_note(f"choices: {course.taken}\n{choices.watched}\n{course.moment}")
            raise
        except WatchBegins as begins:
            client = Client(shifted(begins.state, clock.seconds), (), 0)
            known = run.progress
            noted = (
                known.from_revision,
                known.deployment_id,
                known.baseline,
                known.phase,
                known.rollback,
                len(course.updates),
            )
            at = Choices(tuple(course.taken), choices.watched)
            return course, Paused(at, course.moment, client, noted)
    return course, Done(Choices(tuple(course.taken), choices.watched), course.moment, outcome)


def _performed(release: ReleaseCommand, run: Run) -> Outcome:
    """As `api.deploy` does it."""
    try:
        return release.perform()
    except KeyboardInterrupt as signal:
        return run.outcome_told() or release.interrupted(signal)
    except EcsDeployError as error:
        return run.finish(run.verdict_of(error), error)
