"""What a task is to others: a target of the load balancer, an instance of Cloud Map, a stream of log lines."""

import time
from typing import Any

from fate import lines_of
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup, elbv2_backends
from moto.logs.models import logs_backends
from moto.servicediscovery.models import ServiceInstance, servicediscovery_backends
from task import Task

REGISTERING = ("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
HEALTHY = ("healthy", None, None)
UNHEALTHY = ("unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")
DRAINING = ("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")


def health_of(task: Task) -> tuple[str, str | None, str | None]:
    """State, reason and description of the target that a task is."""
    if not task.alive:
        return DRAINING
    if task.healthy:
        return HEALTHY
    return UNHEALTHY if task.fate.kind in ("unhealthy", "ailing") and task.ticks_running > 1 else REGISTERING


def target_group(ecs: Any, arn: str) -> FakeTargetGroup | None:
    return elbv2_backends[ecs.account_id][ecs.region_name].target_groups.get(arn)


def has_balancer(ecs: Any, arn: str) -> bool:
    """Whether a listener or rule forwards to the target group."""
    return elbv2_backends[ecs.account_id][ecs.region_name]._any_listener_using(arn)


def show_to_balancer(ecs: Any, balancers: list[dict[str, Any]], task: Task) -> None:
    """Registers a running task, tells its health, and forgets one that has stopped."""
    for balancer in balancers:
        group = target_group(ecs, balancer["targetGroupArn"])
        if group is None or not task.started_at:
            continue
        if task.status == "STOPPED":
            group.targets.pop(task.address, None)
        else:
            target = {"Id": task.address, "Port": balancer["containerPort"], "health": health_of(task)}
            group.targets[task.address] = target


def show_to_cloud_map(ecs: Any, registries: list[dict[str, Any]], task: Task, service: str) -> None:
    """Lets the name of the service lead to the task while it runs."""
    backend = servicediscovery_backends[ecs.account_id][ecs.region_name]
    for registry in registries:
        found = backend.services.get(registry["registryArn"].split("/")[-1])
        if found is None:
            continue
        known = [one for one in found.instances if one.instance_id == task.id]
        if task.running and not known:
            attributes = {
                "AWS_INSTANCE_IPV4": task.address,
                "ECS_CLUSTER_NAME": task.cluster.name,
                "ECS_SERVICE_NAME": service,
                "ECS_TASK_DEFINITION_FAMILY": task.definition.family,
                "REGION": ecs.region_name,
            }
            found.instances.append(ServiceInstance(found.id, task.id, attributes=attributes))
        for gone in known if not task.alive else []:
            found.instances.remove(gone)


def write_log(ecs: Any, task: Task) -> None:
    """Writes the task's lines to where its definition says, as the awslogs driver does."""
    options = (task.container.get("logConfiguration") or {}).get("options") or {}
    lines = lines_of(task.fate, task.container)
    group = logs_backends[ecs.account_id][ecs.region_name].groups.get(options.get("awslogs-group"))
    if group is None or not lines:
        return
    name = f"{options.get('awslogs-stream-prefix')}/{task.container['name']}/{task.id}"
    now = int(time.time() * 1000)
    group.create_log_stream(name)
    group.put_log_events(name, [{"timestamp": now, "message": line} for line in lines])


def install() -> None:
    """Lets DescribeTargetHealth tell the health that tasks have."""
    always_healthy = FakeTargetGroup.health_for

    def health_for(self: FakeTargetGroup, target: dict[str, Any], ec2_backend: Any) -> FakeHealthStatus:
        known = self.targets.get(target["Id"])
        if known is None or "health" not in known:
            return always_healthy(self, target, ec2_backend)
        return FakeHealthStatus(known["Id"], known["Port"], self.health_check_port, *known["health"])

    FakeTargetGroup.health_for = health_for
