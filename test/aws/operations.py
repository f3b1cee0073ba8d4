"""ECS's operations on services, deployments and tasks, in place of moto's and where moto has none."""

import functools
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import neighbours
from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException, ServiceNotFoundException
from moto.ecs.models import ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import ELBv2Backend
from moto.logs.models import LogsBackend
from moto.servicediscovery.models import ServiceDiscoveryBackend
from service import Service
from task import Task
from world import World, lock, world_of

#: Of moto's, before they were replaced.
moto_create_service = EC2ContainerServiceResponse.create_service
moto_delete_cluster = EC2ContainerServiceResponse.delete_cluster


def service_of(world: World, cluster: str, name: str) -> Service:
    """The service of that name or ARN. Those that are gone are still known, as long as no other has the name."""
    key = f"{world.ecs._get_cluster(cluster).name}:{name.split('/')[-1]}"
    if key not in world.services:
        raise ServiceNotFoundException
    return world.services[key]


def create_service(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    name, cluster = given["serviceName"], world.ecs._get_cluster(given.get("cluster", "default"))
    present = world.services.get(f"{cluster.name}:{name}")
    if present and present.stored.status == "ACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    if present and present.stored.status == "DRAINING":
        raise InvalidParameterException("Unable to Start a service that is still Draining.")
    for balancer in given.get("loadBalancers", []):
        arn = balancer["targetGroupArn"]
        if not neighbours.has_balancer(world.ecs, arn):
            message = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            raise InvalidParameterException(message)
    moto_create_service(response)
    stored = world.ecs.services[f"{cluster.name}:{name}"]
    definition = world.ecs.describe_task_definition(given["taskDefinition"]).arn
    service = Service(world.ecs, stored, {**given, "taskDefinition": definition}, world.launch)
    world.services[f"{cluster.name}:{name}"] = service
    return {"service": service.describe()}


def update_service(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    service = service_of(world, given.get("cluster", "default"), given["service"])
    if service.stored.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    if given.get("taskDefinition"):
        given["taskDefinition"] = world.ecs.describe_task_definition(given["taskDefinition"]).arn
        service.stored.task_definition = given["taskDefinition"]
    service.update(given)
    service.stored.desired_count = service.desired
    return {"service": service.describe()}


def delete_service(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    service = service_of(world, given.get("cluster", "default"), given["service"])
    if service.desired > 0 and not given.get("force"):
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    service.delete()
    return {"service": service.describe()}


def describe_services(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    cluster = world.ecs._get_cluster(given.get("cluster", "default"))
    found, failures = [], []
    for name in given["services"]:
        service = world.services.get(f"{cluster.name}:{name.split('/')[-1]}")
        if service is None:
            failures.append({"arn": name, "reason": "MISSING"})
        else:
            found.append(service.describe())
    for one in found if "TAGS" not in given.get("include", []) else []:
        del one["tags"]
    return {"services": found, "failures": failures}


def delete_cluster(response: Any, world: World, given: dict[str, Any]) -> Any:
    name = world.ecs._get_cluster(given["cluster"]).name
    if any(key.startswith(f"{name}:") and one.stored.status != "INACTIVE" for key, one in world.services.items()):
        message = "The Cluster cannot be deleted while Services are active."
        raise ECSException("ClusterContainsServicesException", message)
    return moto_delete_cluster(response)


def run_task(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    cluster = world.ecs._get_cluster(given.get("cluster", "default"))
    tasks = [world.run_one_off(cluster, given) for _ in range(given.get("count", 1))]
    return {"tasks": [task.describe() for task in tasks], "failures": []}


def tasks_of(world: World, cluster: str) -> list[Task]:
    name = world.ecs._get_cluster(cluster).name
    return [task for task in world.tasks() if task.cluster.name == name]


def list_tasks(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    wanted = given.get("desiredStatus", "RUNNING")
    described = [task.describe() for task in tasks_of(world, given.get("cluster", "default"))]
    if "serviceName" in given:
        service_of(world, given.get("cluster", "default"), given["serviceName"])
        described = [one for one in described if one["group"] == f"service:{given['serviceName'].split('/')[-1]}"]
    if "startedBy" in given:
        described = [one for one in described if one.get("startedBy") == given["startedBy"]]
    if "family" in given:
        described = [one for one in described if f"/{given['family']}:" in one["taskDefinitionArn"]]
    return {"taskArns": [one["taskArn"] for one in described if one["desiredStatus"] == wanted]}


def describe_tasks(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    known = {task.id: task for task in tasks_of(world, given.get("cluster", "default"))}
    asked = [(name, known.get(name.split("/")[-1])) for name in given["tasks"]]
    found = [task.describe() for _, task in asked if task]
    for one in found if "TAGS" not in given.get("include", []) else []:
        one.pop("tags", None)
    return {"tasks": found, "failures": [{"arn": name, "reason": "MISSING"} for name, task in asked if not task]}


def stop_task(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    for task in tasks_of(world, given.get("cluster", "default")):
        if task.id == given["task"].split("/")[-1]:
            task.stop("UserInitiated", given.get("reason", "Task stopped by user"), 143)
            return {"task": task.describe()}
    raise InvalidParameterException("The referenced task was not found.")


def execute_command(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Answers as if a session were open; nobody listens at its address."""
    described = describe_tasks(response, world, {**given, "tasks": [given["task"]]})["tasks"]
    if not described or described[0]["lastStatus"] != "RUNNING":
        raise InvalidParameterException("The referenced task was not found or is not running.")
    task = described[0]
    if not task.get("enableExecuteCommand"):
        message = (
            "The execute command failed because execute command was not enabled when the task was run or "
            "the execute command agent isn’t running."
        )
        raise InvalidParameterException(message)
    container = task["containers"][0]
    session = {
        "sessionId": f"ecs-execute-command-{uuid4().hex[:17]}",
        "streamUrl": f"wss://ssmmessages.{world.ecs.region_name}.amazonaws.com/v1/data-channel/none",
        "tokenValue": uuid4().hex,
    }
    return {
        "clusterArn": task["clusterArn"],
        "taskArn": task["taskArn"],
        "containerArn": container["containerArn"],
        "containerName": container["name"],
        "interactive": given["interactive"],
        "session": session,
    }


def list_service_deployments(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    service = service_of(world, given.get("cluster", "default"), given["service"])
    briefs = [
        {**rollout.record, "targetServiceRevisionArn": rollout.record["targetServiceRevision"]["arn"]}
        for rollout in service.history
        if rollout.record["status"] in (given.get("status") or [rollout.record["status"]])
    ]
    return {"serviceDeployments": briefs}


def describe_service_deployments(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    records = [rollout.record for service in world.services.values() for rollout in service.history]
    found = [one for one in records if one["serviceDeploymentArn"] in given["serviceDeploymentArns"]]
    missing = set(given["serviceDeploymentArns"]) - {one["serviceDeploymentArn"] for one in found}
    return {"serviceDeployments": found, "failures": [{"arn": arn, "reason": "MISSING"} for arn in missing]}


def describe_service_revisions(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    revisions = [rollout.revision for service in world.services.values() for rollout in service.history]
    found = [one for one in revisions if one["serviceRevisionArn"] in given["serviceRevisionArns"]]
    return {"serviceRevisions": found, "failures": []}


def stop_service_deployment(response: Any, world: World, given: dict[str, Any]) -> dict[str, Any]:
    arn = given["serviceDeploymentArn"]
    for service in world.services.values():
        for rollout in service.history:
            if rollout.record["serviceDeploymentArn"] != arn:
                continue
            if rollout.record["status"] != "IN_PROGRESS":
                raise ECSException("ConflictException", f"The service deployment is {rollout.record['status']}.")
            # Which error AWS gives here is not documented.
            if given.get("stopType", "ROLLBACK") == "ROLLBACK" and not service.last_complete():
                raise InvalidParameterException("There is no service revision to roll back to.")
            service.fail("ECS deployment was stopped by the user.", given.get("stopType", "ROLLBACK") == "ROLLBACK")
            return {"serviceDeploymentArn": arn}
    raise ECSException("ServiceDeploymentNotFoundException", "The service deployment was not found.")


OPERATIONS: list[Callable[[Any, World, dict[str, Any]], Any]] = [
    create_service,
    update_service,
    delete_service,
    describe_services,
    delete_cluster,
    run_task,
    list_tasks,
    describe_tasks,
    stop_task,
    execute_command,
    list_service_deployments,
    describe_service_deployments,
    describe_service_revisions,
    stop_service_deployment,
]


def as_method(operation: Callable[[Any, World, dict[str, Any]], Any]) -> Callable[[Any], ActionResult]:
    """An operation as moto has them: it takes its input from the request."""

    @functools.wraps(operation)
    def method(self: Any) -> ActionResult:
        with lock:
            answer = operation(self, world_of(self.ecs_backend), dict(self._get_params()))
            return answer if isinstance(answer, ActionResult) else ActionResult(answer)

    return method


def with_time(backend_class: Any, name: str) -> None:
    """Lets time go by before another service of AWS is asked about tasks."""
    original = getattr(backend_class, name)

    @functools.wraps(original)
    def method(self: Any, *args: Any, **options: Any) -> Any:
        with lock:
            world_of(ecs_backends[self.account_id][self.region_name])
            return original(self, *args, **options)

    setattr(backend_class, name, method)


def install() -> None:
    for operation in OPERATIONS:
        setattr(EC2ContainerServiceResponse, operation.__name__, as_method(operation))
    with_time(ELBv2Backend, "describe_target_health")
    with_time(ServiceDiscoveryBackend, "list_instances")
    with_time(LogsBackend, "filter_log_events")
    neighbours.install()
