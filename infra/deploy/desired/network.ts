import type { ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { endpoints } from "./endpoints.ts";

/** Where things are, own or given; ids may be references. */
export interface Network {
  vpc: string;
  publicSubnets: string[];
  taskSubnets: string[];
  databaseSubnets: string[];
  /** Tasks in public subnets reach AWS only with an address of their own. */
  assignPublicIp: "ENABLED" | "DISABLED";
  resources: Resource[];
  /** What must be there before the load balancer and tasks can use it. */
  ways: ResourceId[];
}

/** The network of the environment: a given one, or a VPC over two zones. */
export function network(plan: Blueprint): Network {
  const { environment } = plan;
  return typeof environment.network === "object" ? given(environment.network) : ownNetwork(plan);
}

function given(ids: Exclude<Blueprint["environment"]["network"], string>): Network {
  const { vpc, publicSubnets, taskSubnets, databaseSubnets } = ids;
  const assignPublicIp = taskSubnets ? "DISABLED" : "ENABLED";
  return {
    vpc,
    publicSubnets,
    taskSubnets: taskSubnets ?? publicSubnets,
    databaseSubnets,
    assignPublicIp,
    resources: [],
    ways: [],
  };
}

/** Third number of the first /24 of each use, in a VPC of /16. */
const BLOCKS = { public: 0, task: 10, database: 20 };

function ownNetwork(plan: Blueprint): Network {
  const { cidr, region, network, zones = [`${region}a`, `${region}b`] } = plan.environment;
  const VpcId = refTo("vpc", "main", "VpcId");
  const [first, second] = cidr.split(".");

  const subnets = (use: keyof typeof BLOCKS) =>
    zones.map((AvailabilityZone, index) =>
      resource(plan, "subnet", `${use}-${index + 1}`, {
        Name: nameOf(plan, use, String(index + 1)),
        VpcId,
        CidrBlock: `${first}.${second}.${BLOCKS[use] + index}.0/24`,
        AvailabilityZone,
      }),
    );
  const ids = (resources: Resource[]) => resources.map(({ name }) => refTo("subnet", name, "SubnetId"));

  const isPrivate = network === "private";
  const publicSubnets = subnets("public");
  const taskSubnets = isPrivate ? subnets("task") : [];
  const databaseSubnets = subnets("database");
  const privateWays = isPrivate ? endpoints(plan, VpcId, ids(taskSubnets)) : [];
  return {
    vpc: VpcId,
    publicSubnets: ids(publicSubnets),
    taskSubnets: ids(isPrivate ? taskSubnets : publicSubnets),
    databaseSubnets: ids(databaseSubnets),
    assignPublicIp: isPrivate ? "DISABLED" : "ENABLED",
    resources: [
      resource(plan, "vpc", "main", { Name: nameOf(plan), CidrBlock: cidr, EnableDnsHostnames: true }),
      resource(plan, "internet-gateway", "main", { Name: nameOf(plan), VpcId }),
      ...publicSubnets,
      ...taskSubnets,
      ...databaseSubnets,
      resource(plan, "route-table", "public", {
        Name: nameOf(plan, "public"),
        VpcId,
        InternetGatewayId: refTo("internet-gateway", "main", "InternetGatewayId"),
        SubnetIds: ids(publicSubnets),
      }),
      ...privateWays,
    ],
    ways: ["route-table/public", ...privateWays.map(({ id }) => id)],
  };
}
