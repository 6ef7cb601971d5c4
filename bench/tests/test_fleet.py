"""The table of a release of many services: what is bounded, and when a bound is broken."""

from bench.fleet.__main__ import figures_of
from bench.fleet.release import Run


def a_run(services: int, *, wrong: int = 0, calls: int = 6, cpu: float = 20.0) -> Run:
    return Run(
        services=services,
        wrong=wrong,
        calls={"DescribeServices": calls * services},
        throttled=0,
        cpu_seconds=cpu * services / 1000,
        virtual_seconds=1500,
        peak_kib=80 * 1024,
        late=[1.0] * services,
    )


def test_a_release_within_its_bounds_holds() -> None:
    runs = {size: a_run(size) for size in (1, 2, 10, 1_000)}
    assert all(each.holds for each in figures_of(runs))


def test_a_wrong_verdict_too_many_calls_and_a_rising_cost_break_a_bound() -> None:
    runs = {1: a_run(1), 2: a_run(2), 10: a_run(10), 1_000: a_run(1_000, wrong=1, calls=9, cpu=40)}
    broken = [each.name for each in figures_of(runs) if not each.holds]
    assert broken == [
        "wrong verdicts",
        "1000 services, calls a service",
        "CPU a service, 1000 services over 10",
    ]
