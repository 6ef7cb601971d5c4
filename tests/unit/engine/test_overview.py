"""The services of a cluster, read in pages and tens, with pages that fail, wait or come late."""

from dataclasses import dataclass, field, replace

import pytest

from ecsdeploy.engine.looking.overview import SECONDS, OverviewReads
from ecsdeploy.errors import AccessDenied, AwsRefused, EcsDeployError, NoSuchResource, Refused, ReplyLost, Throttled
from ecsdeploy.model.overview import Overview, Unasked
from ecsdeploy.model.report import Condition
from ecsdeploy.model.request import OverviewRequest
from ecsdeploy.model.service import Service
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import NOON, OUR_ID, event, old, ours, service_with

STEADY = service_with(ours("COMPLETED", running=2))
PROD = OverviewRequest(cluster="prod")


@dataclass
class Heard:
    """Keeps what was told on the way."""

    told: list[tuple[int, int]] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)

    def reading(self, done: int, listed: int) -> None:
        self.told.append((done, listed))

    def asked_again(self, seconds: float, error: Exception) -> None:
        self.waits.append(f"{seconds:.0f} s: {error}")


@dataclass(slots=True)
class OnePage(ScriptedPlane):
    """Each page of its list of services is this one."""

    page: tuple[tuple[str, ...], str] = ((), "")

    def services_page(self, cluster: str, token: str = "") -> tuple[tuple[str, ...], str]:
        return self.page


def named(name: str, service: Service = STEADY) -> Service:
    return replace(service, name=name, arn=f"{service.arn.rpartition('/')[0]}/{name}")


def cluster_of(number: int) -> ScriptedPlane:
    """A cluster of so many steady services, `web` the first."""
    return ScriptedPlane(now=STEADY, others=tuple(named(f"s{each:03}") for each in range(1, number)))


def look(plane: ScriptedPlane, request: OverviewRequest = PROD, heard: Heard | None = None) -> Overview:
    return OverviewReads(plane, plane.clock, request, heard or Heard()).overview()


def test_m09_two_hundred_services_are_read_with_few_calls() -> None:
    plane = cluster_of(200)
    found = look(plane)
    assert len(found.services) == 200
    assert (plane.made("services_page"), plane.made("services"), len(plane.calls)) == (2, 20, 22)


def test_m09_it_says_where_and_when_and_the_worst_first() -> None:
    failing = named("api", service_with(ours(failed=2), old()))
    found = look(ScriptedPlane(now=STEADY, others=(failing,)))
    assert (found.cluster, found.region, found.account) == ("prod", "eu-west-1", "111122223333")
    assert [(each.service.name, each.condition) for each in found.services] == [
        ("api", Condition.FAILING),
        ("web", Condition.STEADY),
    ]
    assert (found.worst, found.is_whole) == (Condition.FAILING, True)


@pytest.mark.parametrize(
    ("began", "reason"), [(20, ""), (0, "was unable to place a task because no container instance met all of its.")]
)
def test_m09_ecs_s_line_is_told_where_it_is_of_this_deployment(began: int, reason: str) -> None:
    line = "(service web) was unable to place a task because no container instance met all of its."
    primary = replace(ours(), created_at=event(began).at)
    found = look(ScriptedPlane(now=replace(service_with(primary, old()), events=(event(10, line),))))
    assert [each.reason for each in found.services] == [reason]


def test_m09_a_line_about_another_deployment_is_no_trouble_of_this_one() -> None:
    line = event(10, f"(service web) (deployment {OUR_ID}) deployment failed: tasks failed to start.")
    back = replace(old("IN_PROGRESS", status="PRIMARY"), created_at=NOON)
    assert look(ScriptedPlane(now=replace(service_with(back), events=(line,)))).worst is Condition.DEPLOYING
    ours_again = replace(ours(), created_at=NOON)
    assert look(ScriptedPlane(now=replace(service_with(ours_again), events=(line,)))).worst is Condition.STUCK


def test_m09_a_service_without_a_primary_deployment_is_read_too() -> None:
    assert look(ScriptedPlane(now=service_with())).worst is Condition.UNSTEADY


def test_m09_an_empty_cluster_has_no_services_and_is_whole() -> None:
    found = look(
        OnePage(), OverviewRequest(cluster="arn:aws:ecs:eu-west-1:111122223333:cluster/prod", expect_account="9")
    )
    assert (found.services, found.worst, found.is_whole) == ((), None, True)
    assert (found.cluster, found.region) == ("prod", "eu-west-1")


@pytest.mark.parametrize("error", [NoSuchResource("no such cluster"), AccessDenied("not allowed")])
def test_m09_a_list_that_cannot_be_had_at_all_is_an_error(error: EcsDeployError) -> None:
    plane = ScriptedPlane()
    plane.fail("services_page", error, times=ALWAYS)
    with pytest.raises(type(error)):
        look(plane)


def test_m09_a_list_cut_short_says_so_and_what_is_known_is_told() -> None:
    plane = cluster_of(150)
    plane.fail("services_page", AwsRefused("the token has expired."), after=1)
    found = look(plane)
    assert (len(found.services), found.unlisted, found.is_whole) == (100, "the token has expired", False)


def test_m09_services_that_cannot_be_asked_are_named_and_not_taken_for_gone() -> None:
    plane = cluster_of(25)
    plane.fail("services", AwsRefused("not today."), after=1)
    found = look(plane)
    assert len(found.services) == 15
    assert found.unasked == (Unasked(services=tuple(f"s{each:03}" for each in range(10, 20)), why="not today"),)


def test_m09_where_nothing_can_be_asked_it_is_an_error() -> None:
    plane = cluster_of(25)
    plane.fail("services", AccessDenied("not allowed"), times=ALWAYS)
    with pytest.raises(AccessDenied):
        look(plane)


@pytest.mark.parametrize(
    ("reason", "why"), [("MISSING", []), ("ACCESS", ["ACCESS"]), ("", ["ECS's reply says nothing of it"])]
)
def test_m09_only_what_ecs_calls_missing_is_missing(reason: str, why: list[str]) -> None:
    plane = cluster_of(3)
    plane.unanswered[plane.others[0].arn] = reason
    found = look(plane)
    assert len(found.services) == 2
    assert [each.why for each in found.unasked] == why


def test_m09_a_service_that_was_deleted_meanwhile_is_left_out() -> None:
    found = look(ScriptedPlane(now=STEADY, others=(named("api", replace(STEADY, status="INACTIVE")),)))
    assert [each.service.name for each in found.services] == ["web"]


def test_m09_what_is_throttled_or_lost_for_a_moment_is_asked_again() -> None:
    plane = cluster_of(15)
    plane.fail("services_page", Throttled("slow down"), times=2)
    plane.fail("services", ReplyLost("garbled"), times=2)
    assert look(plane).is_whole


def test_m09_all_that_fails_shares_one_time_and_the_rest_is_not_waited_for() -> None:
    plane = cluster_of(200)
    plane.fail("services", Throttled("slow down"), after=1, times=ALWAYS)
    began = plane.clock.seconds
    found = look(plane)
    assert SECONDS <= plane.clock.seconds - began < SECONDS + 5
    assert len(found.services) == 10
    assert [each.why for each in found.unasked] == ["slow down", *["no time was left"] * 18]


def test_m09_it_is_told_of_what_takes_longer_than_two_seconds() -> None:
    plane, heard = cluster_of(150), Heard()
    for call in ("services_page", "services"):
        plane.fail(call, Throttled("slow down"), times=1, takes=1.5)
    look(plane, heard=heard)
    assert heard.told
    assert heard.told[0] == (0, 100)
    quick = Heard()
    look(cluster_of(150), heard=quick)
    assert quick.told == []


def test_m09_a_wait_says_why() -> None:
    plane, heard = cluster_of(5), Heard()
    plane.fail("services_page", Throttled("slow down"), times=5)
    look(plane, heard=heard)
    assert len(heard.waits) == 1
    assert heard.waits[0].endswith("s: slow down")


def test_m09_services_of_another_account_are_not_looked_at() -> None:
    plane = cluster_of(5)
    with pytest.raises(Refused, match="444455556666"):
        look(plane, replace(PROD, expect_account="444455556666"))
    assert plane.calls == ["services_page"]


def test_m09_a_list_without_an_end_is_left() -> None:
    plane = OnePage(now=STEADY, page=((STEADY.arn,), "again"))
    found = look(plane)
    assert (len(found.services), found.unlisted) == (1, "its pages do not end")
    assert plane.made("services_page") < 5


def test_m09_it_is_of_one_moment() -> None:
    assert look(cluster_of(1)).at > NOON


def test_s01_an_overview_names_services_and_families_and_what_could_not_be_asked() -> None:
    found = look(cluster_of(2))
    assert found.names == ("s001", "web", "web", "web")
    assert replace(found, unasked=(Unasked(services=("db",), why="denied"),)).names[-1] == "db"
