import type { Send } from "./ask.ts";
import { isReading } from "./ask.ts";
import type { ServiceName } from "./aws.ts";

/** How a client of the SDK is made. It is loaded only when it is used: all together they take half a second. */
const load: Record<ServiceName, () => Promise<new (config: object) => object>> = {
  acm: async () => (await import("@aws-sdk/client-acm")).ACM,
  "application-autoscaling": async () =>
    (await import("@aws-sdk/client-application-auto-scaling")).ApplicationAutoScaling,
  cloudwatch: async () => (await import("@aws-sdk/client-cloudwatch")).CloudWatch,
  ec2: async () => (await import("@aws-sdk/client-ec2")).EC2,
  ecr: async () => (await import("@aws-sdk/client-ecr")).ECR,
  ecs: async () => (await import("@aws-sdk/client-ecs")).ECS,
  elasticloadbalancing: async () => (await import("@aws-sdk/client-elastic-load-balancing-v2")).ElasticLoadBalancingV2,
  iam: async () => (await import("@aws-sdk/client-iam")).IAM,
  logs: async () => (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs,
  rds: async () => (await import("@aws-sdk/client-rds")).RDS,
  secretsmanager: async () => (await import("@aws-sdk/client-secrets-manager")).SecretsManager,
  servicediscovery: async () => (await import("@aws-sdk/client-servicediscovery")).ServiceDiscovery,
  sts: async () => (await import("@aws-sdk/client-sts")).STS,
  tag: async () => (await import("@aws-sdk/client-resource-groups-tagging-api")).ResourceGroupsTaggingAPI,
};

/** What a client is asked for. */
interface Client {
  middlewareStack: { add: (middleware: Middleware, options: { step: "initialize"; name: string }) => void };
  [operation: string]: unknown;
}
type Middleware = (
  next: (args: unknown) => Promise<unknown>,
  context: { commandName?: string },
) => (args: unknown) => Promise<unknown>;

/** Calls that were made. */
export interface CallCount {
  reading: number;
  changing: number;
}

export interface Aws {
  send: Send;
  calls: CallCount;
  region: string;
}

/** Attempts that the SDK makes where AWS is throttling or out of order, with growing pauses. */
const ATTEMPTS = 8;

/**
 * AWS in one region, with the credentials of the surroundings.
 * @param before called before each call, with what IAM calls it; may throw to keep it from being made
 */
export function aws(region: string, before: (service: ServiceName, operation: string) => void = () => {}): Aws {
  const calls: CallCount = { reading: 0, changing: 0 };
  const clients = new Map<ServiceName, Promise<Client>>();

  const client = async (service: ServiceName): Promise<Client> => {
    const Class = await load[service]();
    // A stand-in for AWS has one address for all services.
    const disableHostPrefix = process.env["AWS_ENDPOINT_URL"] !== undefined;
    const made = new Class({ region, maxAttempts: ATTEMPTS, disableHostPrefix }) as Client;
    made.middlewareStack.add(counting(service, calls, before), { step: "initialize", name: "counting" });
    return made;
  };
  const send: Send = async (service, operation, input) => {
    const made = clients.get(service) ?? client(service);
    clients.set(service, made);
    const method = operation[0]!.toLowerCase() + operation.slice(1);
    return ((await made) as unknown as Record<string, (input: object) => Promise<unknown>>)[method]!(input);
  };
  return { send, calls, region };
}

const counting =
  (service: ServiceName, calls: CallCount, before: (service: ServiceName, operation: string) => void): Middleware =>
  (next, { commandName = "" }) =>
  (args) => {
    const operation = commandName.replace(/Command$/, "");
    before(service, operation);
    calls[isReading(operation) ? "reading" : "changing"] += 1;
    return next(args);
  };
