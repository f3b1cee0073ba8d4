import type { Operation } from "@aws-sdk/client-servicediscovery";
import { own, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
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
  // Cloud Map does not tell the VPC of a namespace.
  fixed: ["Name", "Description"],

  read: async (ask, scope) => {
    const answers = await ask("servicediscovery", "ListNamespaces", {});
    const all = await Promise.all(
      answers
        .flatMap(({ Namespaces }) => Namespaces ?? [])
        .map(async ({ Id = "", Arn, Name, Description }) => {
          const [tags] = await ask("servicediscovery", "ListTagsForResource", { ResourceARN: Arn });
          return found(scope, tagsFrom(tags?.Tags), {
            name: Name,
            attributes: { NamespaceId: Id },
            spec: { Name, Description },
          });
        }),
    );
    // Another environment may have one of the same name, in its own VPC.
    return all.filter(({ owned }) => owned);
  },

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
        holds: ({ Operation }) => hasSucceeded(Operation),
        gives: ({ Operation }): Record<string, string> => {
          const NamespaceId = Operation?.Targets?.NAMESPACE;
          return NamespaceId ? { NamespaceId } : {};
        },
        seconds: 300,
      },
    ),
  ],

  remove: ({ name, attributes: { NamespaceId } }) => [
    call("servicediscovery", "DeleteNamespace", { Id: NamespaceId }, { tolerates: ["NamespaceNotFound"] }),
    wait(
      "servicediscovery",
      "ListNamespaces",
      {},
      {
        until: `the namespace ${name} is gone`,
        holds: ({ Namespaces }) => !Namespaces?.some(({ Id }) => Id === NamespaceId),
        seconds: 300,
      },
    ),
  ],
};

/** @throws Error with Cloud Map's reason when it has failed */
function hasSucceeded(operation: Operation | undefined): boolean {
  if (operation?.Status === "FAIL") throw new Error(`Cloud Map: ${operation.ErrorMessage}`);
  return operation?.Status === "SUCCESS";
}
