"""Which signals end a run, and as what."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from ecsdeploy.cli.session.signals import Signals, number_of
from ecsdeploy.errors import HungUp

CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    # Whoever runs the tests may have them ignored, as `nohup` has.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in CAUGHT}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", CAUGHT)
def test_a_signal_is_an_interrupt_that_says_which_one_came(number: signal.Signals) -> None:
    signals = Signals()
    signals.listen()
    with pytest.raises(KeyboardInterrupt) as raised:
        os.kill(os.getpid(), number)
    told = 0 if number == signal.SIGINT else number
    assert (number_of(raised.value), signals.number) == (told, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_same_signal_at_once_is_the_same_and_later_a_second(number: signal.Signals) -> None:
    times = iter((10.0, 10.02, 10.05, 10.2))
    Signals(lambda: next(times)).listen()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


def test_another_signal_at_once_is_another() -> None:
    Signals(lambda: 10.0).listen()
    for number in CAUGHT:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


def test_an_interrupt_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Signals().listen()
    os.kill(os.getpid(), signal.SIGINT)


def test_a_second_hangup_does_not_cut_off_the_end() -> None:
    Signals().listen()
    with pytest.raises(HungUp):
        os.kill(os.getpid(), signal.SIGHUP)
    os.kill(os.getpid(), signal.SIGHUP)


def test_what_nohup_has_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Signals().listen()
    os.kill(os.getpid(), signal.SIGHUP)


def test_no_hangups_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    Signals().listen()
