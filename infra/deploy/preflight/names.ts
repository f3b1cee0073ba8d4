/** What AWS accepts as names. */
import type { KindName, SpecOf } from "../kinds/index.ts";
import type { Resource } from "../resource.ts";

interface Naming<K extends KindName> {
  name: (spec: SpecOf<K>) => string;
  most: number;
  permitted: RegExp;
}

const LETTERS_AND_HYPHENS = /^(?!-)[A-Za-z0-9-]+(?<!-)$/;
const WORDS = /^[A-Za-z0-9_-]+$/;

/** Lengths and characters, from the API reference of each service. */
const namings: { [K in KindName]?: Naming<K> } = {
  "load-balancer": { name: ({ Name }) => Name, most: 32, permitted: /^(?!-|internal-)[A-Za-z0-9-]+(?<!-)$/ },
  "target-group": { name: ({ Name }) => Name, most: 32, permitted: LETTERS_AND_HYPHENS },
  "security-group": {
    name: ({ GroupName }) => GroupName,
    most: 255,
    permitted: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/,
  },
  repository: {
    name: ({ repositoryName }) => repositoryName,
    most: 256,
    permitted: /^(?=..)[a-z0-9]+(?:[._/-][a-z0-9]+)*$/,
  },
  role: { name: ({ RoleName }) => RoleName, most: 64, permitted: /^[\w+=,.@-]+$/ },
  cluster: { name: ({ clusterName }) => clusterName, most: 255, permitted: WORDS },
  "task-definition": { name: ({ family }) => family, most: 255, permitted: WORDS },
  service: { name: ({ serviceName }) => serviceName, most: 255, permitted: WORDS },
  "log-group": { name: ({ logGroupName }) => logGroupName, most: 512, permitted: /^[\w./#-]+$/ },
  secret: { name: ({ Name }) => Name, most: 512, permitted: /^[\w/+=.@-]+$/ },
  "db-cluster": {
    name: ({ DBClusterIdentifier }) => DBClusterIdentifier,
    most: 63,
    permitted: /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/,
  },
  "db-instance": {
    name: ({ DBInstanceIdentifier }) => DBInstanceIdentifier,
    most: 63,
    permitted: /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/,
  },
  namespace: { name: ({ Name }) => Name, most: 253, permitted: /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/ },
  "discovery-service": { name: ({ Name }) => Name, most: 63, permitted: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/ },
  alarm: { name: ({ AlarmName }) => AlarmName, most: 255, permitted: /^[\x20-\x7e]+$/ },
};

/** What is wrong with the name of a resource, if anything. */
export function nameMistakes({ kind, spec }: Resource): string[] {
  const naming = namings[kind as KindName];
  if (!naming) return [];
  const name = naming.name(spec as never);
  return [
    ...(name.length > naming.most ? [`the name "${name}" has ${name.length} characters; at most ${naming.most}`] : []),
    ...(naming.permitted.test(name) ? [] : [`the name "${name}" has characters, or a form, that AWS does not take`]),
  ];
}
