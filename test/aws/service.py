"""A service: it keeps as many tasks as it should, replaces old ones by new ones, and goes back when that fails."""

from datetime import UTC, datetime
from math import ceil
from typing import Any
from uuid import uuid4

import neighbours
from rollout import FIELDS, Rollout
from task import Task

#: A change of one of these begins a deployment.
DEPLOYED = [*FIELDS, "loadBalancers", "serviceRegistries"]
#: What UpdateService and CreateService take that DescribeServices does not tell.
NOT_TOLD = ["cluster", "service", "forceNewDeployment", "clientToken", "desiredCount", "tags", "role"]
EVENTS = 100
#: Ticks between the failure of a task and the next try: ECS takes its time, so whoever watches sees the first failure.
PAUSE = 50


class Service:
    """What ECS knows of a service. `launch` starts a task for a deployment of it."""

    def __init__(self, ecs: Any, stored: Any, spec: dict[str, Any], launch: Any):
        self.ecs, self.stored, self.launch = ecs, stored, launch
        #: As CreateService and UpdateService were told.
        self.spec = {"deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100}, **spec}
        self.created_at = datetime.now(UTC)
        self.events: list[dict[str, Any]] = []
        #: The first one is PRIMARY, the others are being replaced.
        self.rollouts: list[Rollout] = []
        #: Every one there ever was, the newest first.
        self.history: list[Rollout] = []
        self.tasks: list[tuple[Rollout, Task]] = []
        #: Ticks until tasks are started again.
        self.pause = 0
        self.begin()

    # What is asked of it

    def begin(self) -> None:
        """Begins a deployment. One that was under way is superseded."""
        before = self.rollouts[0] if self.rollouts else None
        if before and before.state == "IN_PROGRESS":
            before.finish("IN_PROGRESS", before.reason, "STOPPED")
        rollout = Rollout(self.stored.arn, self.stored.cluster_arn, self.spec, before)
        self.rollouts.insert(0, rollout)
        self.history.insert(0, rollout)

    def update(self, changes: dict[str, Any]) -> None:
        anew = any(key in changes and changes[key] != self.spec.get(key) for key in DEPLOYED)
        self.spec |= {key: value for key, value in changes.items() if value is not None}
        if anew or changes.get("forceNewDeployment"):
            self.begin()

    def delete(self) -> None:
        self.stored.status = "DRAINING"
        self.spec["desiredCount"] = 0
        for task in self.alive():
            task.stop("ServiceSchedulerInitiated", "Service was deleted")

    # What happens by itself

    def step(self) -> bool:
        """Goes on by one tick. Whether anything is different now."""
        changed = any([self.advance(rollout, task) for rollout, task in self.tasks])
        if self.stored.status == "DRAINING":
            if all(task.status == "STOPPED" for _, task in self.tasks):
                self.stored.status = "INACTIVE"
            return True
        if self.stored.status == "INACTIVE":
            return False
        return any([changed, self.start_missing(), self.stop_surplus(), self.judge()])

    def advance(self, rollout: Rollout, task: Task) -> bool:
        was_alive, had_started = task.alive, task.started_at is not None
        changed = task.advance()
        if task.given_up:
            group = (self.spec.get("loadBalancers") or [{}])[0].get("targetGroupArn")
            why = neighbours.UNHEALTHY[2]
            self.tell(f"(port {self.port()}) is unhealthy in (target-group {group}) due to (reason {why})")
            task.stop("ServiceSchedulerInitiated", f"Task failed ELB health checks in (target-group {group})", 143)
        if task.started_at and not had_started:
            neighbours.write_log(self.ecs, task)
        if was_alive and not task.alive:
            rollout.failed_tasks += 1
            self.pause = PAUSE
        if changed:
            neighbours.show_to_balancer(self.ecs, self.spec.get("loadBalancers") or [], task)
            registries = self.spec.get("serviceRegistries") or []
            neighbours.show_to_cloud_map(self.ecs, registries, task, self.stored.name)
        return changed

    def start_missing(self) -> bool:
        primary = self.rollouts[0]
        if self.pause > 0:
            self.pause -= 1
            return True
        most = self.desired * self.spec["deploymentConfiguration"].get("maximumPercent", 200) // 100
        missing = min(self.desired - len(self.alive(primary)), most - len(self.alive()))
        if primary.state == "FAILED" or missing <= 0:
            return False
        started = [self.launch(self, primary) for _ in range(missing)]
        self.tasks += [(primary, task) for task in started]
        self.tell(f"has started {missing} tasks: " + " ".join(f"(task {task.id})." for task in started))
        return True

    def stop_surplus(self) -> bool:
        """Stops what a deployment that has failed still runs, and old tasks as soon as the new ones are healthy."""
        primary = self.rollouts[0]
        healthy = [task for task in self.alive(primary) if task.healthy]
        replaced = [one for one in self.rollouts[1:] if one.state == "FAILED" or len(healthy) >= self.desired]
        surplus = [task for one in replaced for task in self.alive(one)] + self.alive(primary)[self.desired :]
        for task in surplus:
            task.stop("ServiceSchedulerInitiated", f"Scaling activity initiated by (deployment {primary.id})")
        if surplus:
            self.tell(f"has stopped {len(surplus)} running tasks: " + " ".join(f"(task {one.id})." for one in surplus))
        return bool(surplus)

    def judge(self) -> bool:
        """Whether the deployment under way has just ended, either way."""
        primary = self.rollouts[0]
        if primary.state != "IN_PROGRESS":
            return False
        old = [task for rollout in self.rollouts[1:] for task in self.alive(rollout)]
        if not old and len([task for task in self.alive(primary) if task.healthy]) >= self.desired:
            self.complete(primary)
            return True
        breaker = self.spec["deploymentConfiguration"].get("deploymentCircuitBreaker") or {}
        if breaker.get("enable") and primary.failed_tasks >= min(200, max(3, ceil(self.desired / 2))):
            self.tell(f"(deployment {primary.id}) deployment failed: tasks failed to start.")
            self.fail("ECS deployment circuit breaker: tasks failed to start.", bool(breaker.get("rollback")))
            return True
        return False

    def complete(self, primary: Rollout) -> None:
        for failed in self.rollouts[1:]:
            if failed.record["status"] == "ROLLBACK_IN_PROGRESS":
                failed.finish("FAILED", failed.reason, "ROLLBACK_SUCCESSFUL")
        primary.finish("COMPLETED", f"ECS deployment {primary.id} completed.", "SUCCESSFUL")
        self.rollouts = [primary]
        self.tell(f"(deployment {primary.id}) deployment completed.")
        self.tell("has reached a steady state.")

    def last_complete(self) -> Rollout | None:
        """The deployment that can be gone back to: its tasks run until another one is complete."""
        return next((one for one in self.rollouts[1:] if one.record["status"] == "SUCCESSFUL"), None)

    def fail(self, reason: str, go_back: bool) -> None:
        """Ends the deployment under way. Going back makes the last complete one PRIMARY again, under its old id."""
        failed, back = self.rollouts[0], self.last_complete()
        if not go_back or back is None:
            failed.finish("FAILED", reason, "STOPPED")
            return
        failed.finish("FAILED", reason, "ROLLBACK_IN_PROGRESS")
        failed.record["rollback"] = {
            "reason": reason,
            "startedAt": datetime.now(UTC),
            "serviceRevisionArn": back.revision["serviceRevisionArn"],
        }
        back.state, back.reason = "IN_PROGRESS", f"{reason} Rolling back to deploymentId {back.id}."
        self.spec |= back.spec
        self.rollouts = [back, *[one for one in self.rollouts if one is not back]]
        self.tell(f"rolling back to deployment {back.id}.")

    # What is told of it

    @property
    def desired(self) -> int:
        return self.spec.get("desiredCount", 0)

    def port(self) -> int | None:
        return (self.spec.get("loadBalancers") or [{}])[0].get("containerPort")

    def alive(self, of: Rollout | None = None) -> list[Task]:
        return [task for rollout, task in self.tasks if task.alive and (of is None or rollout is of)]

    def tell(self, message: str) -> None:
        event = {"id": str(uuid4()), "createdAt": datetime.now(UTC), "message": f"(service {self.stored.name}) {message}"}
        self.events = [event, *self.events][:EVENTS]

    def describe(self) -> dict[str, Any]:
        """As DescribeServices tells it."""
        counts = [self.counts(rollout) for rollout in self.rollouts]
        deployments = [
            rollout.describe("ACTIVE" if index else "PRIMARY", 0 if index else self.desired, *counts[index])
            for index, rollout in enumerate(self.rollouts)
        ]
        return {
            "schedulingStrategy": "REPLICA",
            "deploymentController": {"type": "ECS"},
            **{key: value for key, value in self.spec.items() if key not in NOT_TOLD},
            "serviceArn": self.stored.arn,
            "clusterArn": self.stored.cluster_arn,
            "status": self.stored.status,
            "desiredCount": self.desired,
            "pendingCount": sum(pending for pending, _ in counts),
            "runningCount": sum(running for _, running in counts),
            "deployments": [] if self.stored.status == "INACTIVE" else deployments,
            "events": self.events,
            "createdAt": self.created_at,
            "currentServiceDeployment": self.history[0].record["serviceDeploymentArn"],
            "tags": self.stored.tags,
        }

    def counts(self, rollout: Rollout) -> tuple[int, int]:
        """Tasks that are starting, and that run."""
        alive = self.alive(rollout)
        running = len([task for task in alive if task.running])
        return len(alive) - running, running
