"""Conducts a release of several services: each is a run of its own in the hub, and waits here for its turn."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from ecsdeploy.engine.fleet.gates import Between, Gates
from ecsdeploy.engine.fleet.hub import Hub, Promise, Strand
from ecsdeploy.engine.fleet.stream import FleetSink, FleetStream
from ecsdeploy.engine.ports import Permit, Question, Sink
from ecsdeploy.errors import Bug, EcsDeployError, HungUp, NotBegun, TakenBack, Terminated
from ecsdeploy.model.events import Paused, RollingBack, Started
from ecsdeploy.model.fleet import (
    FleetOutcome,
    FleetRequest,
    Member,
    MemberOutcome,
    OnMemberFailure,
    Stage,
    Standing,
    Wave,
)
from ecsdeploy.model.request import Answer, DeployRequest, OnInterrupt
from ecsdeploy.model.together import (
    FleetFinished,
    FleetHeld,
    FleetTakenBack,
    FleetTurn,
)
from ecsdeploy.model.values import replace
from ecsdeploy.release.order import Move, Next, next_move, touched, worst_of


class Perform(Protocol):
    """Carries out the run of one member, which tells its outcome as the last event. May raise an `EcsDeployError`."""

    def __call__(self, member: Member, sink: Sink, permit: Permit, /) -> object: ...


class _Seat:
    """One member: how it stands, and what it waits for."""

    def __init__(self, member: Member, turn: Promise[None], end: Promise[str]) -> None:
        self.member: Member = member
        self.turn: Promise[None] = turn
        self.end: Promise[str] = end
        self.strand: Strand | None = None
        self.ended: MemberOutcome = MemberOutcome(name=member.name)


class Conductor:
    """Carries out one release; `conduct` does it, once."""

    def __init__(
        self,
        request: FleetRequest,
        hub: Hub,
        perform: Perform,
        sink: FleetSink,
        gates: Gates,
        question: Question | None = None,
    ) -> None:
        self._request, self._hub, self._perform, self._question = request, hub, perform, question
        self._stream = FleetStream(request.id, hub, sink)
        self._seats = {each.name: _Seat(each, hub.promise(), hub.promise()) for each in request.members}
        self._standings = {each.name: Standing() for each in request.members}
        self._changed: Promise[None] = hub.promise()
        self._between = Between(hub, self._stream, gates, self._change)
        self._good: list[str] = []
        """The members that have succeeded, in this order."""
        self._is_over = False
        self._is_asked_back = False

    def conduct(self) -> FleetOutcome:
        """Release all, and return how each ended. The last event is `FleetFinished`."""
        hub, started_at, started = self._hub, self._hub.now(), self._hub.monotonic()
        hub.on_signal = self._on_signal
        for seat in self._seats.values():
            seat.strand = hub.spawn(partial(self._run, seat))
        hub.spawn(self._lead)
        hub.run()
        ended = tuple(each.ended for each in self._seats.values())
        outcome = FleetOutcome(
            id=self._request.id,
            members=ended,
            started_at=started_at,
            duration_seconds=round(hub.monotonic() - started, 3),
            status=worst_of(
                tuple(each.status for each in ended),
                asked_back=self._is_asked_back,
                is_broken=bool(self._between.course.broken)
                and any(each.has_begun for each in self._standings.values()),
            ),
        )
        self._stream.tell(FleetFinished(outcome=outcome))
        return outcome

    def _run(self, seat: _Seat) -> None:
        """The strand of one member."""
        sink = self._stream.of(seat.member.name, partial(self._hear, seat))
        error = None
        try:
            self._perform(seat.member, sink, _Permit(self, seat))
        except EcsDeployError as raised:
            error = raised
        except KeyboardInterrupt:
            pass
        except Exception as raised:  # noqa: BLE001 - the other members go on, and this one has told what it knows
            error = Bug(f"A bug in ecs-deploy: {type(raised).__name__}.")
        seat.ended = MemberOutcome(name=seat.member.name, outcome=sink.outcome, error=error)
        self._note(seat, replace(self._standing(seat), stage=Stage.ENDED, status=seat.ended.status))

    def _lead(self) -> None:
        """The strand that lets members begin, until there is nothing left to decide."""
        while not self._is_over:
            self._act(next_move(self._request, self._standings, self._between.course))
            if not self._is_over:
                self._changed = self._hub.promise()
                self._changed.wait()

    def _act(self, step: Next) -> None:
        match step.move:
            case Move.WAIT:
                return
            case Move.BEGIN:
                self._begin(step.members)
            case Move.SOAK | Move.ASK:
                self._between.wait(self._wave_of(step.members[0]), asks=step.move is Move.ASK)
            case Move.REFUSE | Move.STOP:
                self._end(step.why)
            case Move.TAKE_BACK:
                self._take_back(step.members, step.why)
            case Move.DONE:
                self._end("")

    def _begin(self, names: tuple[str, ...]) -> None:
        self._stream.tell(FleetTurn(members=names))
        for name in names:
            seat = self._seats[name]
            self._standings[name] = replace(self._standings[name], stage=Stage.UNDER_WAY)
            seat.turn.keep(_nothing)

    def _end(self, why: str) -> None:
        """Let nobody begin any more; those under way go on, and what has succeeded stays."""
        self._between.leave()
        self._is_over = True
        for name, seat in self._seats.items():
            if self._standings[name].stage is Stage.READY and not seat.turn.is_kept:
                seat.turn.keep(partial(_refuse, why))
            if not seat.end.is_kept:
                seat.end.keep(str)

    def _take_back(self, names: tuple[str, ...], why: str) -> None:
        """Have those under way go back at once, and what has succeeded too, the newest first."""
        self._stream.tell(FleetTakenBack(members=names, why=why))
        reason = f"the release is taken back, because `{why}` failed" if why else "the release is taken back, as asked"
        last = {name: number for number, name in enumerate(self._good)}
        for name in sorted(names, key=lambda each: -last.get(each, len(last))):
            seat = self._seats[name]
            # One that succeeds before the signal reaches it goes back from there.
            seat.end.keep(partial(str, reason))
            if self._standings[name].stage is Stage.UNDER_WAY and seat.strand is not None:
                self._hub.reach(seat.strand, TakenBack(reason))
        self._end(why)

    def _on_signal(self, signal: KeyboardInterrupt) -> None:
        """The user, or the system, wants this process to end. A second signal ends all waiting."""
        wish = OnInterrupt.DETACH if self._is_asked_back or isinstance(signal, HungUp) else self._wish(signal)
        if wish is OnInterrupt.DETACH:
            self._leave(signal)
        elif wish is OnInterrupt.ROLLBACK:
            self._is_asked_back = True
            self._take_back(touched(self._standings), "")

    def _wish(self, signal: KeyboardInterrupt) -> OnInterrupt | None:
        """What the request or the user wants; None to go on."""
        wish = self._request.on_interrupt
        if wish is not OnInterrupt.ASK:
            return wish
        if isinstance(signal, Terminated):
            goes_back = self._request.on_failure is OnMemberFailure.ROLLBACK
            return OnInterrupt.ROLLBACK if goes_back else OnInterrupt.DETACH
        answer = self._question() if self._question else Answer.DETACH
        return None if answer is Answer.CONTINUE else OnInterrupt(answer)

    def _leave(self, signal: KeyboardInterrupt) -> None:
        """End each run: what is under way goes on at AWS, and what has succeeded stays."""
        self._between.leave()
        self._is_over = True
        for name, seat in self._seats.items():
            stage = self._standings[name].stage
            if not seat.end.is_kept:
                seat.end.keep(str)
            if stage is Stage.READY and not seat.turn.is_kept:
                seat.turn.keep(partial(_raise, signal))
            elif stage in (Stage.PLANNING, Stage.UNDER_WAY) and seat.strand is not None:
                self._hub.reach(seat.strand, signal)
        self._change()

    def is_at(self, seat: _Seat, stage: Stage) -> None:
        """Take note that a member has come so far. If it is to go back, it learns that from `await_end` alone."""
        if stage is Stage.GOOD:
            self._good.append(seat.member.name)
            self._hub.forget(seat.strand, TakenBack)
        self._note(seat, replace(self._standing(seat), stage=stage))

    def _standing(self, seat: _Seat) -> Standing:
        return self._standings[seat.member.name]

    def _wave_of(self, name: str) -> tuple[int, Wave]:
        """The wave of a member, and how many are before it."""
        return next(each for each in enumerate(self._request.waves) if name in each[1].members)

    def _hear(self, seat: _Seat, event: Started | Paused | RollingBack) -> None:
        """A deployment has begun, or one that we released goes back by itself: then nobody needs to take it back."""
        if isinstance(event, RollingBack) and isinstance(seat.member.request, DeployRequest):
            self._hub.forget(seat.strand, TakenBack)
            self._note(seat, replace(self._standing(seat), fails=True))
        elif isinstance(event, Paused):
            name = seat.member.name
            self._stream.tell(FleetHeld(wave=self._wave_of(name)[1].name, member=name, stage=event.stage))
        elif isinstance(event, Started):
            self._note(seat, replace(self._standing(seat), has_begun=True))

    def _note(self, seat: _Seat, standing: Standing) -> None:
        """Take note of how a member stands now. That a deployment has begun is news for the others of one alone."""
        name = seat.member.name
        before, self._standings[name] = self._standings[name], standing
        if before.stage is Stage.PLANNING or before.has_begun == standing.has_begun or name == self._request.first:
            self._change()

    def _change(self) -> None:
        if not self._changed.is_kept:
            self._changed.keep(_nothing)


class _Permit:
    """What the run of one member waits for: see `Permit`."""

    def __init__(self, conductor: Conductor, seat: _Seat) -> None:
        self._conductor, self._seat = conductor, seat

    def await_turn(self) -> None:
        if self._seat.turn.is_kept:
            return
        self._conductor.is_at(self._seat, Stage.READY)
        self._seat.turn.wait()

    def await_end(self) -> str:
        self._conductor.is_at(self._seat, Stage.GOOD)
        return self._seat.end.wait()


def _nothing() -> None:
    return None


def _refuse(why: str) -> None:
    said = f"It was not begun, because `{why}` has failed or was refused." if why else "It was not begun."
    raise NotBegun(said, hint="Nothing of it was changed.")


def _raise(signal: KeyboardInterrupt) -> None:
    raise signal
