"""All tasks and services of one region, and the time that goes by for them.

Nothing runs in the background: whenever somebody asks, the ticks since the last question are made up for.
"""

import ipaddress
import threading
import time
from typing import Any

import neighbours
from fate import Fate
from moto.ec2.models import ec2_backends
from rollout import Rollout
from service import Service
from task import Task

#: Ticks that are made up for at most; after that, things go on with the next question.
MOST_TICKS = 10_000


class Clock:
    """How fast time goes."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        #: Seconds.
        self.tick = 0.005


clock = Clock()
#: What tests have said, the latest first.
fates: list[Fate] = []
#: Requests are answered side by side.
lock = threading.RLock()


class World:
    """What lives in one region of one account."""

    def __init__(self, ecs: Any) -> None:
        self.ecs = ecs
        self.services: dict[str, Service] = {}
        self.one_offs: list[Task] = []
        self.addresses = 0
        self.now = time.monotonic()

    def catch_up(self) -> None:
        """Lets the time go by that has gone by."""
        ticks = int((time.monotonic() - self.now) / clock.tick)
        self.now += ticks * clock.tick
        for _ in range(min(ticks, MOST_TICKS)):
            if not any([*[one.step() for one in self.services.values()], *[self.advance(one) for one in self.one_offs]]):
                return

    def advance(self, task: Task) -> bool:
        """Lets one tick go by for a one-off task."""
        had_started = task.started_at is not None
        changed = task.advance()
        if task.started_at and not had_started:
            neighbours.write_log(self.ecs, task)
        return changed

    def tasks(self) -> list[Task]:
        return self.one_offs + [task for service in self.services.values() for _, task in service.tasks]

    def run_one_off(self, cluster: Any, request: dict[str, Any]) -> Task:
        definition = self.ecs.describe_task_definition(request["taskDefinition"])
        overrides = request.get("overrides") or {}
        commands = [" ".join(one.get("command") or []) for one in overrides.get("containerOverrides", [])]
        told = ["overrides", "startedBy", "launchType", "tags", "enableExecuteCommand", "capacityProviderStrategy"]
        known = {"group": f"family:{definition.family}", **{key: request[key] for key in told if key in request}}
        fate = self.fate(definition, True, commands)
        task = Task(cluster, definition, fate, self.address(request["networkConfiguration"]), True, known)
        self.one_offs.append(task)
        return task

    def launch(self, service: Service, rollout: Rollout) -> Task:
        """Starts a task of a service."""
        definition = self.ecs.describe_task_definition(rollout.spec["taskDefinition"])
        strategy = rollout.spec.get("capacityProviderStrategy") or [{"capacityProvider": "FARGATE"}]
        known = {
            "group": f"service:{service.stored.name}",
            "startedBy": rollout.id,
            "launchType": "FARGATE",
            "capacityProviderName": strategy[0]["capacityProvider"],
            "enableExecuteCommand": service.spec.get("enableExecuteCommand", False),
            "tags": service.stored.tags if service.spec.get("propagateTags") == "SERVICE" else [],
        }
        fate = self.fate(definition, False, [])
        address = self.address(service.spec["networkConfiguration"])
        return Task(self.ecs._get_cluster(service.stored.cluster_name), definition, fate, address, False, known)

    def fate(self, definition: Any, one_off: bool, commands: list[str]) -> Fate:
        names = [definition.arn, definition.container_definitions[0]["image"], *commands]
        return next((fate for fate in fates if fate.is_meant_for(one_off, names)), Fate())

    def address(self, configuration: dict[str, Any]) -> str:
        """The next free address of the subnets that are given."""
        subnets = configuration["awsvpcConfiguration"]["subnets"]
        self.addresses += 1
        subnet = ec2_backends[self.ecs.account_id][self.ecs.region_name].get_subnet(subnets[self.addresses % len(subnets)])
        # AWS keeps the first ones for itself.
        return str(ipaddress.ip_network(subnet.cidr_block)[3 + self.addresses])


def world_of(ecs: Any) -> World:
    """The world of an ECS backend, up to date. A reset backend has lost its own."""
    world = ecs.__dict__.setdefault("world", World(ecs))
    world.catch_up()
    return world
