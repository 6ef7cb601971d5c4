"""The search: every watch from every beginning, every run from every end of a watch, states merged where equal."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from ecsdeploy.engine.follow.poller import EndedWatch
from ecsdeploy.model.outcome import Phase, Verdict
from ecsdeploy.model.request import DeployRequest
from tests.truth.small import broken_by_result, broken_by_verdict
from tools.explore import values
from tools.explore.ecs import OURS, Rules, World, moves
from tools.explore.settling import Choices, Done, Moment, Paused, Watched, runs
from tools.explore.watching import Answers, Client, Looked, RuleBroken, look

T = TypeVar("T")
Node = tuple[int, int, int]
"""The world now, the one at the look before, and the client, by their numbers."""

LATE_SECONDS = 30.0
"""A verdict comes so long after the deadline at the latest, where reads work."""


class Case(NamedTuple):
    """What is explored: the world's rules, the request, and what the reads may do."""

    name: str
    rules: Rules
    request: DeployRequest
    readable: bool = True
    """Whether service deployments may be read."""
    failing: tuple[str, ...] = ()
    """How a look may fail."""
    lags: bool = False
    signals: bool = False
    moves: int = 2
    """How many things may happen between two looks."""
    strays: int = 2
    """How many turns off the usual way a run may take between two watches."""


@dataclass(slots=True)
class Found:
    """What a search counted, and what it found broken."""

    steps: int = 0
    looks: int = 0
    states: int = 0
    watches: int = 0
    runs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    exhausted: bool = True

    def add(self, other: "Found") -> None:
        self.steps += other.steps
        self.looks += other.looks
        self.states += other.states
        self.watches += other.watches
        self.runs += other.runs
        self.verdicts += other.verdicts
        self.broken += other.broken


class _Numbers(Generic[T]):
    """Small numbers for equal values."""

    def __init__(self) -> None:
        self.of: dict[T, int] = {}
        self.values: list[T] = []

    def __call__(self, value: T) -> int:
        number = self.of.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class Reached(NamedTuple):
    """What watches have come to: each state with the one before it, and the ends, by what was so and how."""

    parents: dict[Node, Node | None]
    ended: set[tuple[tuple[int, int], str]]


class Search:
    """Explores one case, up to `most` steps."""

    def __init__(self, case: Case, most: int) -> None:
        self.case, self.most, self.found = case, most, Found()
        self._worlds, self._clients, self._answers = _Numbers[World](), _Numbers[Client](), _Numbers[Answers]()
        self._looked: dict[tuple[int, int], tuple[int, Looked]] = {}
        self._within_of: dict[int, tuple[int, ...]] = {}
        self._views: dict[tuple[int, ...], tuple[tuple[int, ...], ...]] = {}
        self._reached: dict[object, Reached] = {}

    def explore(self) -> Found:
        """All of it, to the first rule that is broken; the parts of a run between watches are repeated."""
        try:
            self._explore()
        except RuleBroken as broken:
            self._break(str(broken), "\n".join(getattr(broken, "__notes__", ())))
        self.found.looks = len(self._looked)
        return self.found

    def _explore(self) -> None:
        waiting, begun = [Choices()], set[object]()
        while waiting and not self.found.broken:
            for each in self._runs(waiting.pop()):
                key = (each.moment, each.client, each.run, len(each.choices.watched))
                if key in begun:
                    continue
                begun.add(key)
                waiting.extend(self._watch(each))
                if self.found.steps >= self.most:
                    self.found.exhausted = False
                    return

    def _runs(self, choices: Choices) -> Iterator[Paused]:
        """Whatever may happen from here to the next watch; what ends before that is held to the rules."""
        case = self.case
        for each in runs(case.request, case.rules, choices, readable=case.readable, strays=case.strays):
            self.found.runs += 1
            self.found.steps += 1
            if isinstance(each, Paused):
                yield each
            else:
                self._hold(each)

    def _hold(self, done: Done) -> None:
        """The rules for a result."""
        self.found.verdicts[f"result {done.outcome.verdict.status}"] += 1
        if broken := broken_by_result(done.outcome, done.moment.now):
            self._break(broken, _told(done))

    def _break(self, rule: str, how: str) -> None:
        self.found.broken.append(f"{self.case.name}: {rule}\n{how}")

    def _watch(self, begun: Paused) -> Iterator[Choices]:
        """Explore a watch; each of its ends is a run that goes on, where something may follow.

        Runs that have noted the same go on alike: what one of them has reached, no other explores again.
        """
        self.found.watches += 1
        handle = begun.client.state.handle.deployment_id
        which = values.number_of(handle) if handle else OURS
        reached = self._reached.setdefault((begun.run, len(begun.choices.watched)), Reached({}, set()))
        start = (self._worlds(begun.moment.now), self._worlds(begun.moment.before), self._clients(begun.client))
        level = [] if start in reached.parents else [start]
        reached.parents.setdefault(start, None)
        while level and self.found.steps < self.most:
            following: list[Node] = []
            for node in level:
                yield from self._from(node, which, begun, reached, following)
                if self.found.broken:
                    return
            level = following

    def _from(
        self, node: Node, which: int, begun: Paused, reached: "Reached", following: list[Node]
    ) -> Iterator[Choices]:
        """Take every step from one state: fresh states go to `following`, and what may come after an end is given."""
        if self.case.signals and (node[:2], "signal") not in reached.ended:
            reached.ended.add((node[:2], "signal"))
            yield _gone_on(begun, Watched(self._moment(node), None))
        for after, verdict in self._steps(node, which):
            if verdict is None:
                if after not in reached.parents:
                    reached.parents[after] = node
                    self.found.states += 1
                    following.append(after)
                continue
            self._judge(after, verdict, node, reached.parents)
            if (after[:2], str(verdict.status)) not in reached.ended:
                reached.ended.add((after[:2], str(verdict.status)))
                ended = EndedWatch(state=self._clients.values[after[2]].state, verdict=verdict)
                yield _gone_on(begun, Watched(self._moment(after), ended))

    def _moment(self, node: tuple[int, ...]) -> Moment:
        now, before = self._worlds.values[node[0]], self._worlds.values[node[1]]
        return Moment(now, before, before)

    def _steps(self, node: Node, which: int) -> Iterator[tuple[Node, Verdict | None]]:
        """Whatever may happen until the next look is over: what ECS and others do, and what the reads show."""
        last, before, client = node
        for world in self._within(last):
            told: set[int] = set()
            for records in self._ways(world, last, before, which):
                for answers in records:
                    self.found.steps += 1
                    reached, looked = self._look(client, answers)
                    if reached not in told:
                        told.add(reached)
                        yield (world, last, reached), looked.verdict
                    if not looked.asked_record:
                        break

    def _look(self, client: int, answers: int) -> tuple[int, Looked]:
        """The look, and the number of the state that it leads to; equal looks are taken once."""
        known = self._looked.get((client, answers))
        if known is None:
            of, shown = self._clients.values[client], self._answers.values[answers]
            looked = look(of, shown, self.case.rules)
            self._in_time(of, shown, looked)
            known = self._looked[client, answers] = (self._clients(looked.client), looked)
        return known

    def _in_time(self, client: Client, answers: Answers, looked: Looked) -> None:
        """Where a look works after the deadline, there is a verdict half a minute after it."""
        state = client.state
        began = state.phase_began if state.phase is Phase.ROLLING_BACK else state.started
        late = -began - state.limit >= LATE_SECONDS and client.failures == 0
        if late and looked.verdict is None and not isinstance(answers.service, str):
            self._break("a verdict comes by the deadline + 30 s", f"{state}\n{answers}")

    def _within(self, world: int) -> tuple[int, ...]:
        known = self._within_of.get(world)
        if known is None:
            first = self._worlds.values[world]
            found, level = {first: None}, [first]
            for _ in range(self.case.moves):
                level = [each for one in level for each in moves(one, self.case.rules) if each not in found]
                found.update(dict.fromkeys(level))
            known = self._within_of[world] = tuple(self._worlds(each) for each in found)
        return known

    def _ways(self, world: int, last: int, before: int, which: int) -> tuple[tuple[int, ...], ...]:
        key = (world, last, before, which) if self.case.lags else (world, world, world, which)
        known = self._views.get(key)
        if known is None:
            known = self._views[key] = tuple(
                tuple(map(self._answers, records)) for records in self._answered(key[:3], which)
            )
        return known

    def _answered(self, which_worlds: tuple[int, ...], which: int) -> Iterator[tuple[Answers, ...]]:
        """What a look may find: for each state of the service, what the record may be."""
        worlds = [self._worlds.values[each] for each in dict.fromkeys(which_worlds)]
        services: list[values.Listed | str] = list(dict.fromkeys(map(values.listed, worlds)))
        services = [each if isinstance(each, str) or each.status != "INACTIVE" else "missing" for each in services]
        records: list[values.Recorded | str | None] = ["denied"]
        if self.case.readable:
            records = list(dict.fromkeys(values.recorded(each, which) for each in worlds[:2]))
            records += ["throttled"] if self.case.failing else []
        for service in services:
            yield tuple(Answers(service, record) for record in records)
        for failure in self.case.failing:
            yield (Answers(failure, None),)

    def _judge(
        self,
        reached: Node,
        verdict: Verdict,
        node: Node,
        parents: dict[Node, Node | None],
    ) -> None:
        """The rules for a verdict of the watch of our release."""
        self.found.verdicts[str(verdict.status)] += 1
        client = self._clients.values[reached[2]]
        world = self._worlds.values[reached[0]]
        if client.state.handle.deployment_id != values.identifier(OURS):
            return
        shown = any(each.startswith(f"completed {OURS} ") for each in client.state.known_events)
        if broken := broken_by_verdict(verdict, world, shown=shown):
            self._break(broken, self._path(reached, node, parents))

    def _path(
        self,
        reached: Node,
        node: Node | None,
        parents: dict[Node, Node | None],
    ) -> str:
        """The worlds on the way, one a line."""
        lines = [str(self._worlds.values[reached[0]]), str(self._clients.values[reached[2]])]
        while node is not None:
            lines.append(str(self._worlds.values[node[0]]))
            node = parents[node]
        return "\n".join(reversed(lines))


def _gone_on(begun: Paused, watched: Watched) -> Choices:
    return Choices(begun.choices.script, (*begun.choices.watched, watched))


def _told(done: Done) -> str:
    return "\n".join(
        (
            f"choices: {done.choices.script}",
            *map(str, done.choices.watched),
            str(done.moment.now),
            str(done.outcome),
        )
    )
