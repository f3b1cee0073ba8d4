import { isIPv4 } from "node:net";
import type { Environment, GivenNetwork } from "../environment.ts";

/** What is wrong with the network, as far as it can be known without asking AWS. */
export function networkMistakes({ network, cidr, zones, region }: Environment): string[] {
  if (typeof network === "object") return givenMistakes(network);
  return [
    ...(isPrivateBlock(cidr) ? [] : [`cidr "${cidr}" is no private block of 65,536 addresses, such as 10.42.0.0/16`]),
    ...(zones ? zoneMistakes(zones, region) : []),
  ];
}

function givenMistakes(network: GivenNetwork): string[] {
  const lists = Object.entries(network).flatMap(([name, ids]) => (Array.isArray(ids) ? [{ name, ids }] : []));
  return [
    ...(/^vpc-[0-9a-f]+$/.test(network.vpc) ? [] : [`network.vpc "${network.vpc}" is no id of a VPC`]),
    ...lists
      .filter(({ ids }) => new Set(ids).size < 2)
      .map(({ name }) => `network.${name} needs two subnets, in different zones`),
    ...lists
      .flatMap(({ name, ids }) => ids.map((id) => ({ name, id })))
      .filter(({ id }) => !/^subnet-[0-9a-f]+$/.test(id))
      .map(({ name, id }) => `network.${name}: "${id}" is no id of a subnet`),
  ];
}

function zoneMistakes(zones: string[], region: string): string[] {
  return [
    ...(new Set(zones).size === 2 && zones.length === 2 ? [] : [`zones has to name two different zones`]),
    ...zones.filter((zone) => !zone.startsWith(region)).map((zone) => `zone "${zone}" is not in ${region}`),
  ];
}

function isPrivateBlock(cidr: string): boolean {
  const [address = "", bits] = cidr.split("/");
  if (!isIPv4(address) || bits !== "16" || !address.endsWith(".0.0")) return false;
  const [first, second] = address.split(".").map(Number) as [number, number];
  return first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
}
