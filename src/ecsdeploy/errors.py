"""The exception tree: every way a command ends without a verdict.

EcsDeployError
├── UsageError            you asked wrong: a flag, a value, a file, an image
│   └── ImageError        a text is no image reference
├── Refused               what was asked cannot be done here; nothing was changed
│   ├── NoSuchResource    a cluster, service, family or revision that does not exist
│   │   └── Unknown       AWS refused the request for that
│   ├── Lossy             ECS did not keep a member of the definition
│   └── NotBegun          another service of the same release has failed
├── AwsError              AWS said no or went silent
│   ├── AwsRefused        AWS understood and refused (``AccessDenied`` is one)
│   │   └── AccessDenied  a permission is missing
│   ├── CredentialsError  credentials or region are missing, invalid or expired
│   ├── Unreachable       the endpoint could not be reached; nothing was sent
│   ├── Throttled         AWS refused for its rate alone; nothing was applied
│   │   └── Unfinished    a long list was read in part; asking again goes on with it
│   └── ReplyLost         sent, but no usable reply: a write may have been applied
├── Untold                AWS does not tell what became of it: it may be so or not
└── Bug                   our own mistake

A deployment that fails is no exception: it is a ``Verdict``. Who wants one calls ``Outcome.raise_for_verdict``, which
raises ``NotSucceeded`` of ``ecsdeploy.model.outcome``.
"""

from __future__ import annotations


class EcsDeployError(Exception):
    """The root: ``message`` says what happened and to what, ``hint`` what to do.

    ``status`` is that of the result, once the run that the error ended has told one. It then decides the exit code,
    else ``exit_code`` does; the flag form has exit codes of its own (``cli.exits``).
    """

    exit_code = 1
    status = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.is_told = False
        """A renderer has told all of it, so that nobody tells it again."""


class UsageError(EcsDeployError):
    """The command line, a file or a value is not usable as it is."""

    exit_code = 64


class ImageError(UsageError):
    """A text is not an image reference."""


class Refused(EcsDeployError):
    """What was asked cannot or must not be done here; nothing was changed."""

    exit_code = 26


class NoSuchResource(Refused):
    """A cluster, service, task definition or revision does not exist where we look."""


class Unknown(NoSuchResource):
    """AWS itself refused the request: it does not know what was named."""


class Lossy(Refused):
    """The registered revision lacks a member that was sent; the service was not touched."""


class NotBegun(Refused):
    """A service of a release of several was not begun, because another one has failed; nothing of it was changed."""


class AwsError(EcsDeployError):
    """AWS answered with an error, or not at all.

    ``code`` is AWS's error code (empty without an answer), ``raw`` AWS's own text with its request id.
    """

    exit_code = 26
    says_no = False
    """Whether AWS would refuse this whoever asks: it has been done already, or it cannot be done."""

    def __init__(self, message: str, *, hint: str = "", code: str = "", raw: str = "", operation: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.raw = raw
        self.operation = operation


class AwsRefused(AwsError):
    """AWS understood the request and refused it; repeating it is no use."""

    says_no = True


class AccessDenied(AwsRefused):
    """The caller lacks a permission: for `action` (`ecs:TagResource`), which may be another one than was called."""

    says_no = False

    def __init__(self, message: str, *, action: str = "", **details: str) -> None:
        super().__init__(message, **details)
        self.action = action


class CredentialsError(AwsError):
    """Credentials or region are missing, invalid or expired."""


class Unreachable(AwsError):
    """No connection could be made (DNS, TLS, proxy, refused): nothing was sent."""


class Throttled(AwsError):
    """Refused for the rate of requests alone: nothing was applied, it may be sent again."""


class Unfinished(Throttled):
    """A part of a long list was read, and the rest must wait: ask again to go on from there."""


class ReplyLost(AwsError):
    """The request was sent and no usable reply came back: it may have been applied."""

    exit_code = 24


class Untold(EcsDeployError):
    """We cannot tell what became of something: we may not read it, or AWS no longer has it."""

    exit_code = 24


class Bug(EcsDeployError):
    """Something that cannot happen has happened."""


class HungUp(KeyboardInterrupt):
    """The terminal went away (SIGHUP): an interrupt that only ever detaches."""


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived: an interrupt with nobody to ask."""


class TakenBack(KeyboardInterrupt):
    """A release of several services is taken back, and this service with it: `why` says for which one."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
