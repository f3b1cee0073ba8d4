import { own, type Kind } from "../resource.ts";
import { call, wait } from "../step.ts";
import { tagList } from "../tags.ts";

export interface NamespaceSpec {
  /** The domain. */
  Name: string;
  Vpc: string;
  Description: string;
}

export const namespace: Kind<NamespaceSpec> = {
  title: "Cloud Map namespace",
  attributes: ["NamespaceId"],

  create: (resource) => [
    call(
      "servicediscovery",
      "CreatePrivateDnsNamespace",
      { ...resource.spec, Tags: tagList(resource.tags) },
      { gives: ({ OperationId = "" }) => ({ OperationId }) },
    ),
    wait(
      "servicediscovery",
      "GetOperation",
      { OperationId: own(resource, "OperationId") },
      {
        until: `the namespace ${resource.spec.Name} exists`,
        holds: ({ Operation }) => {
          if (Operation?.Status === "FAIL") throw new Error(`Cloud Map: ${Operation.ErrorMessage}`);
          return Operation?.Status === "SUCCESS";
        },
        gives: ({ Operation }): Record<string, string> => {
          const NamespaceId = Operation?.Targets?.NAMESPACE;
          return NamespaceId ? { NamespaceId } : {};
        },
        seconds: 300,
      },
    ),
  ],
};
