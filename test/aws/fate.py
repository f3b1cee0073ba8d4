"""What becomes of tasks: what a test has said about some of them, and how each end looks on ECS."""

from dataclasses import dataclass, field
from typing import Any

#: How a task can end by itself, or not. `healthy` is what happens to tasks of which nobody has said anything.
KINDS = [
    "healthy",  # a task of a service runs and passes its checks; a one-off task exits with code 0
    "unhealthy",  # it runs, and the load balancer's checks fail
    "ailing",  # the same, but its service does not replace it: the grace period is not over
    "exits",  # it runs, and exits with `exitCode`
    "cannot-pull",  # there is no such image
    "exec-format",  # the image is for another architecture
    "secret-missing",  # a secret does not exist
    "never-starts",  # it stays PROVISIONING
    "never-ends",  # a one-off task that goes on running
]


@dataclass
class Fate:
    """What becomes of the tasks it is meant for."""

    kind: str = "healthy"
    #: Part of the image, of the task definition's ARN or of the command; empty for every task.
    task: str = ""
    #: "service", "one-off", or empty for both.
    of: str = ""
    exitCode: int = 1
    #: Lines that the task writes as soon as it runs.
    log: list[str] = field(default_factory=list)

    def is_meant_for(self, one_off: bool, names: list[str]) -> bool:
        if self.of and self.of != ("one-off" if one_off else "service"):
            return False
        return any(self.task in name for name in names)


@dataclass
class End:
    """How a task has ended, in the words of ECS."""

    code: str
    reason: str
    #: None for a container that never ran.
    exit_code: int | None = None
    container_reason: str | None = None


def end_of(fate: Fate, container: dict[str, Any]) -> End:
    """The end that a fate leads to; the texts are those that Fargate gives."""
    if fate.kind == "cannot-pull":
        image = container["image"]
        reason = (
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
            f"failed to resolve ref {image}: {image}: not found"
        )
        return End("TaskFailedToStart", reason, container_reason=reason)
    if fate.kind == "secret-missing":
        secret = (container.get("secrets") or [{"valueFrom": "arn:aws:secretsmanager:::secret:none"}])[0]["valueFrom"]
        reason = (
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: "
            f"service call has been retried 1 time(s): failed to fetch secret {secret} from secrets manager: "
            "ResourceNotFoundException: Secrets Manager can't find the specified secret."
        )
        return End("TaskFailedToStart", reason)
    exit_code = {"exits": fate.exitCode, "exec-format": 1}.get(fate.kind, 0)
    return End("EssentialContainerExited", "Essential container in task exited", exit_code)


def lines_of(fate: Fate, container: dict[str, Any]) -> list[str]:
    """What the task writes. The kernel's refusal is all that is seen of an image for another architecture."""
    if fate.kind == "exec-format":
        program = (container.get("entryPoint") or container.get("command") or ["/usr/local/bin/node"])[0]
        return [f"exec {program}: exec format error", *fate.log]
    return fate.log
