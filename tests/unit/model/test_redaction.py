"""What redaction finds by the ways in which programs write secrets, and what it leaves alone."""

# ruff: noqa: E501 - what a program or AWS prints is one line

import time

import pytest

from ecsdeploy.model.redaction import redact

SECRET = "hunter2-Zx9"

WAYS = (
    "password=hunter2-Zx9",
    "password: hunter2-Zx9",
    'Password = "hunter2-Zx9"',
    '{"password":"hunter2-Zx9"}',
    '{"log":"{\\"password\\":\\"hunter2-Zx9\\",\\"user\\":\\"bob\\"}"}',
    '{"log":"{\\\\\\"password\\\\\\":\\\\\\"hunter2-Zx9\\\\\\"}"}',
    "{'password': 'hunter2-Zx9', 'user': 'bob'}",
    'password="correct hunter2-Zx9"',
    "password 'correct hunter2-Zx9' was refused",
    "password hunter2-Zx9",
    "the password is hunter2-Zx9",
    "DB_PASSWORD=hunter2-Zx9",
    "POSTGRES_PASSWORD: hunter2-Zx9",
    "DB_PASS=hunter2-Zx9",
    "passwd=hunter2-Zx9",
    "passphrase: hunter2-Zx9",
    "Server=db;User Id=sa;Pwd=hunter2-Zx9;Encrypt=yes",
    "Server=db;Password=hunter2-Zx9;Database=x",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=hunter2-Zx9==;EndpointSuffix=core",
    '"secret_key": "hunter2-Zx9"',
    "secret_key=hunter2-Zx9",
    "SECRET_KEY_BASE=hunter2-Zx9",
    "client_secret: hunter2-Zx9",
    '{"SecretString":"hunter2-Zx9"}',
    'SecretString={"username":"u","pin":"hunter2-Zx9"}',
    '"SecretString": "{\\"username\\":\\"u\\",\\"pin\\":\\"hunter2-Zx9\\"}"',
    "api_key=hunter2-Zx9",
    "apiKey: hunter2-Zx9",
    "x-api-key: hunter2-Zx9",
    "STRIPE_KEY=hunter2-Zx9",
    "token=hunter2-Zx9",
    "access_token: hunter2-Zx9",
    "//registry.npmjs.org/:_authToken=hunter2-Zx9",
    "token hunter2-Zx9 is refused",
    "Authorization: Bearer hunter2-Zx9",
    '"Authorization": "Bearer hunter2-Zx9"',
    '{\\"authorization\\":\\"Basic hunter2-Zx9\\"}',
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122, Signature=hunter2-Zx9",
    "sent Bearer hunter2-Zx9 to the API",
    "postgres://app:hunter2-Zx9@db.example.com/web",
    "redis://:hunter2-Zx9@cache:6379/0",
    "postgres://app:p@ss/hunter2-Zx9@db.example.com/web",
    "https://hunter2-Zx9hunter2-Zx9@github.com/acme/web",
    "https://example.com/hook?a=1&token=hunter2-Zx9&b=2",
    "https://s3.amazonaws.com/b/k?X-Amz-Signature=hunter2-Zx9&x=1",
    "https://account.blob.core.windows.net/c?sv=1&sig=hunter2-Zx9",
    "curl -u bob:hunter2-Zx9 https://example.com",
    "mysql --password hunter2-Zx9 --host db",
    "migrate --token=hunter2-Zx9",
    "<password>hunter2-Zx9</password>",
    "map[password:hunter2-Zx9 user:bob]",
    "Config{user=bob, password=hunter2-Zx9}",
    ':password=>"hunter2-Zx9"',
    "password := hunter2-Zx9",
    "Cookie: session=hunter2-Zx9; theme=dark",
    "machine db login bob password hunter2-Zx9",
    '{"auths":{"registry.example.com":{"auth":"hunter2-Zx9"}}}',
    "-----BEGIN RSA PRIVATE KEY----- hunter2-Zx9 -----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY----- hunter2-Zx9",
    "password%3Dhunter2-Zx9",
    "aws_secret_access_key = hunter2-Zx9",
    "SecretAccessKey: hunter2-Zx9",
    "AWS_SESSION_TOKEN=hunter2-Zx9",
    "pulling bob:hunter2-Zx9@registry.example.com/team/web:1",
    "ExternalId=hunter2-Zx9",
    "password=hun,ter2;hunter2-Zx9",
    "--external-id hunter2-Zx9",
    "private_key: 'hunter2-Zx9 and more'",
    "credentials=hunter2-Zx9",
    '{"name":"DB_PASSWORD","value":"hunter2-Zx9"}',
    '{"log":"{\\"name\\": \\"DB_PASSWORD\\", \\"value\\": \\"hunter2-Zx9\\"}"}',
    "{ name: 'DB_PASSWORD', value: 'hunter2-Zx9' }",
    '[{"Key":"API_TOKEN","Value":"hunter2-Zx9"}]',
    "name=DB_PASSWORD value=hunter2-Zx9",
    '<add key="password" value="hunter2-Zx9"/>',
    "DB_PASSWORD_PROD=hunter2-Zx9",
    "DB_PASSWORD_EU_2=hunter2-Zx9",
    "TOKEN_PROD=hunter2-Zx9",
    "token-staging: hunter2-Zx9",
    "API_KEY_PROD=hunter2-Zx9",
    "API_KEY_ACME=hunter2-Zx9",
    "VAULT_SECRET_ID=hunter2-Zx9",
    "password1=hunter2-Zx9",
    "passwords: hunter2-Zx9",
    'argv: ["--password","hunter2-Zx9"]',
    "['serve', '--db-token', 'hunter2-Zx9']",
    '{"cmd":"[\\"--password\\", \\"hunter2-Zx9\\"]"}',
    "password             = hunter2-Zx9",
    "password =                      hunter2-Zx9",
    "os.environ['DB_PASSWORD'] = 'hunter2-Zx9'",
    'ENV["API_TOKEN"]="hunter2-Zx9"',
    '{"password":{"value":"hunter2-Zx9"}}',
    '{"password":["hunter2-Zx9"]}',
    '{"password":["other", "hunter2-Zx9"]}',
    "dbPass=hunter2-Zx9",
    "userPass: hunter2-Zx9",
    "DB_PW=hunter2-Zx9",
    "pw=hunter2-Zx9",
    "{'password': b'hunter2-Zx9'}",
    "password=ab\\rest-hunter2-Zx9",
    "password=DOMAIN\\hunter2-Zx9",
    "app:hunter2-Zx9@tcp(db:3306)/web",
    "app:hunter2/Zx9@unix(/run/mysqld.sock)/web?password=hunter2-Zx9",
    "HTTPS_PROXY=bob:hunter2-Zx9@proxy:3128",
    "http_proxy: 'bob:hunter2-Zx9@proxy'",
    "bob:hunter2-Zx9@db:3306",
    "--aws-secret-key hunter2-Zx9",
)
SHAPES = (
    "using wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY now",
    "DB_SAK=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "key id AKIAIOSFODNN7EXAMPLE denied",
    "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    "xoxb-123456789012-abcdefghijkl",
    "sk_live_0123456789abcdefghijkl",
    "MIIEpAIBAAKCAQEA7Zk2v1xq9Wc3hR5tYb8mNfDgKjLpQs4uXzAoEiVrTyHwUaCe",
    "https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXXXXXXXXXX",
)
"""Told by their form alone."""
HARMLESS = (
    'password authentication failed for user "app"',
    'FATAL: password authentication failed for user "app"',
    "invalid token",
    "The security token included in the request is expired",
    "token expired at 2026-11-22T12:00:00Z",
    "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 5 time(s)",
    "Fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /stack/DD_API_KEY.",
    "secret arn:aws:secretsmanager:us-west-2:111122223333:secret:db-AbCdEf: AccessDeniedException",
    "Secrets Manager can't find the specified secret.",
    "The task can't retrieve the secret with ARN 'arn:aws:secretsmanager:us-west-2:1:secret:db' from AWS Secrets Manager.",
    "ASM secret resource: unable to find execution role credentials",
    "registry.example.com/team/token:2.1.0",
    "registry.example.com/team/password-service:abc1234",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "registry.example.com/team/web:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "commit 0123456789abcdef0123456789abcdef01234567",
    "max_tokens=4096",
    "tokens: 512",
    "primary_key: id",
    "passed=12 failed=0",
    "bypass: true",
    "token=None",
    "password=***",
    "password: null",
    "password=${DB_PASSWORD}",
    "passwordless login enabled",
    "KeyError: 'DATABASE_URL'",
    "KeyError: 'DB_PASSWORD'",
    "Missing environment variable API_KEY",
    "Listening on http://0.0.0.0:8080/",
    "connecting to postgres://db.example.com:5432/web",
    "GET https://example.com:8443/health?x=a@b 200",
    "mailto:bob@example.com",
    "basic authentication is off",
    "Bearer authentication required",
    "arn:aws:ecs:us-east-1:123456789012:task/prod/8637b461f0f94d649e9247e2f14d2a3c",
    "(service web) (task 8637b461f0f94d649e9247e2f14d2a3c) failed container health checks.",
    "Error: listen EADDRINUSE: address already in use :::8080",
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "/app/run": permission denied: unknown',
    "the author signed off: ok",
    "keyspace: events",
    "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----",
    "3 secrets were read",
    "invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try again.",
    "CannotPullContainerError: pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec/8637b461f0f94d649e9247e2f14 is not authorized to perform: secretsmanager:GetSecretValue",
    "The token `GITHUB_TOKEN` is not set",
    "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed",
    "Production is on auth-token:4 (2 running).",
    "deploy auth-token:1 -> new revision (registry.example.com/team/auth-token:2) service=auth-token cluster=prod1",
    "AWS does not know task definition `auth-token:9`: Unable to describe task definition.",
    "registered db-password:7",
    "AWS does not know cluster `api-key`: ClusterNotFoundException",
    "auth-token: rolling back to auth-token:3, 2 of 2 healthy",
    "auth-token: 2 of 2 healthy",
    "auth-token ecs-svc/8123456789012345678",
    "auth-token: ecs-svc/8123456789012345678",
    "secret:1a2b3c4d",
    "secret:1.2.3-rc1",
    "auth-token:latest",
    "Access denied for user 'root'@'10.0.0.5' (using password: YES)",
    "Access denied for user 'root'@'10.0.0.5' (using password: NO)",
    "Password: required field",
    "Password: please enter one",
    "password: Unable to read it",
    "Invalid password: expected 8 characters",
    "Invalid token: expected 3 parts",
    "secret_key_base: missing. Please set it.",
    "password: must not be blank",
    "+ curl -s http://localhost:8080/health",
    "CMD-SHELL curl -s -f localhost:8080/health || exit 1",
    "docker run -u 1000:1000 image",
    "docker run --user app:app image",
    "idempotency_key=20261130-1",
    "IDEMPOTENCY_KEY=20261130-1",
    "sort_key=created_at routing_key=orders.created.v2 cache_key=v2-home",
    "authorization: User bob is not authorized to perform ecs:UpdateService",
    "authorization: required for path /x",
    "failed to load credentials: /root/.aws/credentials1",
    "PASSWORD_FILE=/run/secrets/db",
    "token_endpoint=https://auth.example.com/oauth2/token",
    "token_type=bearer",
    "token_count=1234",
    "password_policy=strict2",
    "SECRET_NAME=prod/db1",
    "'--token', '--verbose'",
    '{"name":"LOG_LEVEL","value":"debug"}',
    "GET https://unpkg.com:443/react@18.2.0/umd",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
)


def test_s01_there_are_enough_ways_and_harmless_lines() -> None:
    assert len(WAYS) >= 30
    assert len(HARMLESS) >= 30


@pytest.mark.parametrize("line", WAYS)
def test_s01_a_secret_is_hidden_however_it_is_written(line: str) -> None:
    assert SECRET in line
    assert "Zx9" not in redact(line)
    assert "***" in redact(line)


@pytest.mark.parametrize("line", SHAPES)
def test_s01_a_secret_is_known_by_its_form(line: str) -> None:
    assert "***" in redact(line)


@pytest.mark.parametrize("line", HARMLESS)
def test_s01_a_line_without_a_secret_is_not_changed(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize("line", WAYS)
def test_s01_nothing_is_hidden_twice(line: str) -> None:
    assert redact(redact(line)) == redact(line)


def test_s01_a_long_secret_is_hidden_to_its_end() -> None:
    assert redact(f"token={'Zx9' * 2000} next") == "token=*** next"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "token:",
        "password=,",
        'password="{',
        "://:",
        "\\",
        '"',
        "key_",
        "api-",
        "secret ",
        "a:",
        "x@",
        "aA0+",
        "password ",
        "token_a",
        "password      =",
        '"--password","',
        "a_proxy=",
        "\\n",
    ],
)
def test_s01_the_time_does_not_grow_faster_than_the_text(piece: str) -> None:
    text = piece * (16_000 // len(piece))
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 2
