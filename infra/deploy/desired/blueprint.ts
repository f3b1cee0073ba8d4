import type { Application, Service } from "../../forum.ts";
import type { Contents } from "../content.ts";
import type { Environment } from "../environment.ts";
import type { KindName, SpecOf } from "../kinds/index.ts";
import { ref, type ResourceId } from "../reference.ts";
import type { Resource, Tags } from "../resource.ts";

/** What everything that is wanted is made from. */
export interface Blueprint {
  application: Application;
  environment: Environment;
  /** The services of the stage, the default one first. */
  services: Service[];
  /** Tags of the images that are built. */
  contents: Contents;
}

export function blueprint(application: Application, environment: Environment, contents: Contents = {}): Blueprint {
  const isDefault = ({ name }: Service) => name === application.defaultService;
  const services = application.services.filter((one) => environment.stage === "microservices" || isDefault(one));
  return {
    application,
    environment,
    services: services.toSorted((a, b) => Number(isDefault(b)) - Number(isDefault(a))),
    contents,
  };
}

/** A name on AWS: `forum-dev`, `forum-dev-users`. */
export const nameOf = ({ application, environment }: Blueprint, ...parts: string[]): string =>
  [application.name, environment.name, ...parts].join("-");

/** The tags by which the resources of an environment are known as its own. */
export const ownershipTags = (application: string, environment: string): Tags => ({
  [`${application}:environment`]: environment,
});

/** The tag that says which resource of the environment it is. */
export const resourceTag = (application: string): string => `${application}:resource`;

/** A wanted resource of the environment, tagged as its own. */
export function resource<K extends KindName>(
  { application, environment }: Blueprint,
  kind: K,
  name: string,
  spec: SpecOf<K>,
  after: ResourceId[] = [],
): Resource {
  const id: ResourceId = `${kind}/${name}`;
  const tags = { ...ownershipTags(application.name, environment.name), [resourceTag(application.name)]: id };
  return { kind, name, id, spec, after, tags };
}

/** A reference whose kind is checked. */
export const refTo = (kind: KindName, name: string, attribute: string): string => ref(`${kind}/${name}`, attribute);
