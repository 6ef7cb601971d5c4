"""Whether a stored definition is the one that was sent: how a write whose reply was lost is settled."""

from collections.abc import Mapping, Sequence

from ecsdeploy.model.taskdef import TaskDefinition


def is_content_of(stored: TaskDefinition, sent: TaskDefinition) -> bool:
    """True when every member sent stands in `stored` with the same value; ECS may have added defaults."""
    return _covers(stored.payload, sent.registration())


def is_same_content(one: TaskDefinition, other: TaskDefinition) -> bool:
    """True when each is the content of the other: nothing was added, changed or taken away, defaults aside."""
    return is_content_of(one, other) and is_content_of(other, one)


def _covers(stored: object, sent: object) -> bool:
    if stored is None:
        return not sent
    if isinstance(sent, Mapping):
        return isinstance(stored, Mapping) and all(_covers(stored.get(key), value) for key, value in sent.items())
    if isinstance(sent, Sequence) and not isinstance(sent, str):
        return _covers_list(stored, sent)
    return stored == sent or str(stored) == str(sent)


def _covers_list(stored: object, sent: Sequence[object]) -> bool:
    if not isinstance(stored, Sequence) or isinstance(stored, str) or len(stored) != len(sent):
        return False
    if all(isinstance(each, Mapping) for each in sent):
        return _covers_in_any_order(stored, sent)
    return all(_covers(a, b) for a, b in zip(stored, sent, strict=True))


def _covers_in_any_order(stored: Sequence[object], sent: Sequence[object]) -> bool:
    """ECS gives lists of objects (environment, secrets, ports) back in an order of its own."""
    left = list(stored)
    for each in sent:
        found = next((index for index, candidate in enumerate(left) if _covers(candidate, each)), None)
        if found is None:
            return False
        del left[found]
    return True
