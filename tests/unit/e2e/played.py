"""Cases as they may have been played."""

from collections.abc import Iterable

from e2e.cases import Case
from e2e.load import Answer
from e2e.play import Played, Ran

REFUSED = '{"message": "Target 172.17.0.5:80 connect error: [Errno 111] Connection refused"}'


def answered(version: str, *seconds: float) -> tuple[Answer, ...]:
    return tuple(Answer(at=at, status=200, said=version) for at in seconds)


def refused(at: float) -> Answer:
    return Answer(at=at, status=502, said=REFUSED)


def played(
    *answers: Answer, name: str = "good release", lasted: float = 4.0, excused: Iterable[str] = (), wrong: str = ""
) -> Played:
    return Played(
        case=Case(name=name, steps=(), answering=("v1",)),
        steps=(Ran(began=0.5, ended=3.5, code=0, wrong=()),),
        answers=answers,
        lasted=lasted,
        faults=0,
        excused=frozenset(excused),
        wrong=(wrong,) if wrong else (),
    )
