"""One deployment of a service: what it is to run, and how far it has come."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

#: What a service deployment takes over from the service.
FIELDS = ["taskDefinition", "networkConfiguration", "capacityProviderStrategy", "platformVersion"]


class Rollout:
    """What DescribeServices calls a deployment, together with the service deployment and the revision that it belongs to."""

    def __init__(self, service_arn: str, cluster_arn: str, spec: dict[str, Any], before: "Rollout | None"):
        self.id = f"ecs-svc/{random.randint(10**18, 10**19)}"
        self.spec = {key: spec[key] for key in FIELDS if key in spec}
        self.state = "IN_PROGRESS"
        self.reason = f"ECS deployment {self.id} in progress."
        self.failed_tasks = 0
        now = datetime.now(UTC)
        self.created_at = now
        self.revision = {
            **self.spec,
            "serviceRevisionArn": service_arn.replace(":service/", ":service-revision/") + f"/{self.id[8:]}",
            "serviceArn": service_arn,
            "clusterArn": cluster_arn,
            "createdAt": now,
        }
        self.record = {
            "serviceDeploymentArn": service_arn.replace(":service/", ":service-deployment/") + f"/{uuid4().hex[:21]}",
            "serviceArn": service_arn,
            "clusterArn": cluster_arn,
            "createdAt": now,
            "startedAt": now,
            "targetServiceRevision": {"arn": self.revision["serviceRevisionArn"]},
            "sourceServiceRevisions": [{"arn": before.revision["serviceRevisionArn"]}] if before else [],
            "deploymentConfiguration": spec.get("deploymentConfiguration", {}),
            "status": "IN_PROGRESS",
        }

    def finish(self, state: str, reason: str, status: str) -> None:
        """Ends it: state and reason of the deployment, status of the service deployment."""
        now = datetime.now(UTC)
        self.state, self.reason = state, reason
        self.record |= {"status": status, "statusReason": reason, "finishedAt": now, "updatedAt": now}

    def describe(self, status: str, desired: int, pending: int, running: int) -> dict[str, Any]:
        return {
            **self.spec,
            "id": self.id,
            "status": status,
            "desiredCount": desired,
            "pendingCount": pending,
            "runningCount": running,
            "failedTasks": self.failed_tasks,
            "createdAt": self.created_at,
            "updatedAt": datetime.now(UTC),
            "rolloutState": self.state,
            "rolloutStateReason": self.reason,
        }
