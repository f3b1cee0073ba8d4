"""One task, from PROVISIONING to STOPPED, a state a tick."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fate import End, Fate, end_of

STARTING = ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"]
STOPPING = ["DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]
#: Ticks after which a running task has passed its checks, or failed too many of them.
HEALTHY_AFTER = 2
GIVEN_UP_AFTER = 5


class Task:
    """What ECS knows of a task. `request` holds what RunTask or the service says about all its tasks."""

    def __init__(self, cluster: Any, definition: Any, fate: Fate, address: str, one_off: bool, request: dict[str, Any]):
        self.id = uuid4().hex
        self.arn = f"{cluster.arn.replace(':cluster/', ':task/')}/{self.id}"
        self.cluster = cluster
        self.definition = definition
        self.container = definition.container_definitions[0]
        self.fate = fate
        self.address = address
        self.one_off = one_off
        self.request = request
        self.status = STARTING[0]
        self.ticks_running = 0
        self.created_at = datetime.now(UTC)
        self.started_at: datetime | None = None
        self.stopping_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.end: End | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs or is about to."""
        return self.end is None

    @property
    def running(self) -> bool:
        return self.alive and self.status == "RUNNING"

    @property
    def healthy(self) -> bool:
        return self.running and self.fate.kind == "healthy" and self.ticks_running >= HEALTHY_AFTER

    @property
    def given_up(self) -> bool:
        """Whether it has failed so many checks that its service replaces it."""
        return self.running and self.fate.kind == "unhealthy" and self.ticks_running >= GIVEN_UP_AFTER

    def stop(self, code: str, reason: str, exit_code: int | None = 0) -> None:
        """Ends it from outside; a task that has ended already stays as it is."""
        if self.alive:
            self.end = End(code, reason, exit_code if self.started_at else None)

    def advance(self) -> bool:
        """Goes on by one tick. Whether anything is different now."""
        if self.status == "STOPPED" or (self.alive and self.fate.kind == "never-starts"):
            return False
        if not self.alive:
            following = STOPPING.index(self.status) + 1 if self.status in STOPPING else 0
            self.status = STOPPING[following]
            self.stopping_at = self.stopping_at or datetime.now(UTC)
            if self.status == "STOPPED":
                self.stopped_at = datetime.now(UTC)
            return True
        if self.status == "PENDING" and self.fate.kind in ("cannot-pull", "secret-missing"):
            self.end = end_of(self.fate, self.container)
        elif self.status != "RUNNING":
            self.status = STARTING[STARTING.index(self.status) + 1]
            if self.status == "RUNNING":
                self.started_at = datetime.now(UTC)
        elif self.ends_now():
            self.end = end_of(self.fate, self.container)
        else:
            # Once it is healthy nothing changes any more.
            settled = self.ticks_running > GIVEN_UP_AFTER
            self.ticks_running += 1
            return not settled
        return True

    def ends_now(self) -> bool:
        """Whether a running task exits by itself at this tick."""
        if self.fate.kind in ("exits", "exec-format"):
            return True
        return self.one_off and self.fate.kind != "never-ends"

    def describe(self) -> dict[str, Any]:
        """As DescribeTasks tells it."""
        end = self.end
        stopped = self.status == "STOPPED"
        container = {
            "containerArn": self.arn.replace(":task/", ":container/") + f"/{self.id}",
            "taskArn": self.arn,
            "name": self.container["name"],
            "image": self.container.get("image"),
            "lastStatus": self.status if self.status in ("RUNNING", "STOPPED") else "PENDING",
            "healthStatus": "HEALTHY" if self.healthy else "UNKNOWN",
            "networkInterfaces": [{"attachmentId": self.id, "privateIpv4Address": self.address}],
        }
        if stopped and end.exit_code is not None:
            container["exitCode"] = end.exit_code
        if stopped and end.container_reason:
            container["reason"] = end.container_reason
        described = {
            **self.request,
            "taskArn": self.arn,
            "clusterArn": self.cluster.arn,
            "taskDefinitionArn": self.definition.arn,
            "lastStatus": self.status,
            "desiredStatus": "RUNNING" if self.alive else "STOPPED",
            "connectivity": "CONNECTED",
            "cpu": self.definition.cpu,
            "memory": self.definition.memory,
            "containers": [container],
            "healthStatus": container["healthStatus"],
            "createdAt": self.created_at,
            "startedAt": self.started_at,
            "stoppingAt": self.stopping_at,
            "stoppedAt": self.stopped_at,
        }
        if end:
            described |= {"stopCode": end.code, "stoppedReason": end.reason}
        return {key: value for key, value in described.items() if value is not None}
