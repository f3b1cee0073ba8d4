import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

/** What tasks without a way to the internet need of AWS. ECR keeps the layers of images in S3. */
const INTERFACES = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"];
/** ECS Exec talks through Systems Manager. */
const FOR_EXEC = ["ssmmessages"];

/** The VPC endpoints of a private network, with the route table of its task subnets. */
export function endpoints(plan: Blueprint, VpcId: string, subnets: string[]): Resource[] {
  const { region, exec } = plan.environment;
  const endpoint = (service: string) => ({
    Name: nameOf(plan, service),
    VpcId,
    ServiceName: `com.amazonaws.${region}.${service}`,
  });
  return [
    resource(plan, "route-table", "task", { Name: nameOf(plan, "task"), VpcId, SubnetIds: subnets }),
    resource(plan, "vpc-endpoint", "s3", {
      ...endpoint("s3"),
      VpcEndpointType: "Gateway",
      RouteTableIds: [refTo("route-table", "task", "RouteTableId")],
    }),
    ...[...INTERFACES, ...(exec ? FOR_EXEC : [])].map((service) =>
      resource(plan, "vpc-endpoint", service, {
        ...endpoint(service),
        VpcEndpointType: "Interface",
        SubnetIds: subnets,
        SecurityGroupIds: [refTo("security-group", "endpoints", "GroupId")],
      }),
    ),
  ];
}
