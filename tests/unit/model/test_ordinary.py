"""Which names hold secrets, and which values are none by their look."""

import pytest

from ecsdeploy.model.ordinary import is_ordinary, is_random, is_secret_name

HOLD = "DB_PASSWORD dbPassword API-KEY apiKey client.secret SLACK_WEBHOOK_URL sentryDsnUrl VAULT_SECRET_ID external-id"
SAY = "PASSWORD_FILE passwordFile secret-arn secretArn API_KEY_ID apiKeyId token-ttl tokenTtl AUTH_URL keyboard"


@pytest.mark.parametrize("name", HOLD.split())
def test_a_name_of_a_secret_holds_it(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", SAY.split())
def test_a_name_that_only_says_something_of_a_secret_holds_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("value", "random", "ordinary"),
    [
        ("aB3dE6gH9jK2mN5p", True, False),
        ("aB3dE6gH9jK2mN5", False, False),
        ("ab3de6gh9jk2mn5p", False, False),
        ("AB3DE6GH9JK2MN5P", False, False),
        ("aBcdEfgHijKlmNop", False, False),
        ("aB3dE6gH 9jK2mN5p", False, False),
        ("/aB3dE6gH9jK2mN5p", True, False),
        ("/etc/tls/server.key", False, True),
        ("eu-west-1", False, True),
        ("hunter2", False, False),
    ],
)
def test_a_value_is_told_by_its_look(value: str, random: bool, ordinary: bool) -> None:
    assert (is_random(value), is_ordinary(value)) == (random, ordinary)
