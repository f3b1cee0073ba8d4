/** What ECS, Cloud Map and the load balancer know of tasks, read back from AWS without the deployer's descriptions. */
import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { Ask } from "../../../infra/deploy/ask.ts";

/** A task that was run to its end. */
export interface StoredTask {
  definition: TaskDefinition;
  /** What its container is told to do instead of what the definition says. */
  command?: string[] | undefined;
}

export interface StoredService {
  name: string;
  definition: TaskDefinition;
  desiredCount: number;
  /** Where its targets are registered, how they are asked whether they can serve, and on which TCP port. */
  targetGroup: { name: string; healthPath: string; port: number };
  /** Its DNS name in Cloud Map. */
  dnsName: string;
}

/** The tasks that have run to their end, in the order in which they were started. */
export async function readTasks(ask: Ask, cluster: string): Promise<StoredTask[]> {
  const listed = await ask("ecs", "ListTasks", { cluster, desiredStatus: "STOPPED" });
  const tasks = listed.flatMap(({ taskArns }) => taskArns ?? []);
  const answers = await ask("ecs", "DescribeTasks", { cluster, tasks });
  const oneOff = answers
    .flatMap(({ tasks }) => tasks ?? [])
    .filter(({ group }) => group?.startsWith("family:"))
    .toSorted((one, other) => Number(one.createdAt) - Number(other.createdAt));
  return Promise.all(
    oneOff.map(async ({ taskDefinitionArn, overrides }) => ({
      definition: await readDefinition(ask, taskDefinitionArn),
      command: overrides?.containerOverrides?.[0]?.command,
    })),
  );
}

/** The services of a cluster. */
export async function readServices(ask: Ask, cluster: string): Promise<StoredService[]> {
  const listed = await ask("ecs", "ListServices", { cluster });
  const services = listed.flatMap(({ serviceArns }) => serviceArns ?? []);
  const answers = await ask("ecs", "DescribeServices", { cluster, services });
  return Promise.all(
    answers
      .flatMap(({ services }) => services ?? [])
      .map(async ({ serviceName = "", desiredCount = 0, taskDefinition, loadBalancers, serviceRegistries }) => ({
        name: serviceName,
        desiredCount,
        definition: await readDefinition(ask, taskDefinition),
        targetGroup: await readTargetGroup(ask, loadBalancers?.[0]?.targetGroupArn),
        dnsName: await readDnsName(ask, serviceRegistries?.[0]?.registryArn),
      })),
  );
}

async function readDefinition(ask: Ask, taskDefinition: string | undefined): Promise<TaskDefinition> {
  const [answer] = await ask("ecs", "DescribeTaskDefinition", { taskDefinition });
  return answer!.taskDefinition!;
}

async function readTargetGroup(ask: Ask, arn = ""): Promise<StoredService["targetGroup"]> {
  const [answer] = await ask("elasticloadbalancing", "DescribeTargetGroups", { TargetGroupArns: [arn] });
  const { TargetGroupName: name = "", HealthCheckPath: healthPath = "", Port: port = 0 } = answer!.TargetGroups![0]!;
  return { name, healthPath, port };
}

async function readDnsName(ask: Ask, registryArn = ""): Promise<string> {
  const Id = registryArn.split("/").at(-1);
  const [answer] = await ask("servicediscovery", "GetService", { Id });
  const { Name, NamespaceId } = answer!.Service!;
  const [space] = await ask("servicediscovery", "GetNamespace", { Id: NamespaceId });
  return `${Name}.${space!.Namespace!.Name}`;
}

/** The values of secrets by ARN: what ECS puts into the environment of containers. */
export async function readSecrets(ask: Ask, definitions: TaskDefinition[]): Promise<Map<string, string>> {
  const secrets = definitions.flatMap(({ containerDefinitions }) => containerDefinitions?.[0]?.secrets ?? []);
  const arns = new Set(secrets.map(({ valueFrom = "" }) => valueFrom));
  const values = [...arns].map(async (arn) => {
    const [answer] = await ask("secretsmanager", "GetSecretValue", { SecretId: arn });
    return [arn, answer?.SecretString ?? ""] as const;
  });
  return new Map(await Promise.all(values));
}
