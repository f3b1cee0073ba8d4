import { attributes, own, type Kind } from "../resource.ts";
import { found, isNamedFor, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface SecretSpec {
  Name: string;
  Description: string;
  /** May hold `${generated/…}`, which becomes known only when the call is made, and is never printed. */
  SecretString: string;
}

/** A value is made once and never read or changed by a deploy. */
export const secret: Kind<SecretSpec> = {
  title: "Secret",
  attributes: ["ARN"],
  fixed: ["Name"],

  read: async (ask, scope) => {
    const answers = await ask("secretsmanager", "ListSecrets", { Filters: [{ Key: "name", Values: [scope.prefix] }] });
    return answers
      .flatMap(({ SecretList }) => SecretList ?? [])
      .filter(({ Name, DeletedDate }) => isNamedFor(scope, Name) && !DeletedDate)
      .map(({ Name, ARN = "", Description, Tags }) =>
        found(scope, tagsFrom(Tags), { name: Name, attributes: { ARN }, spec: { Name, Description } }),
      );
  },

  create: ({ spec, tags }) => [
    call(
      "secretsmanager",
      "CreateSecret",
      { ...spec, Tags: tagList(tags) },
      { gives: (output) => attributes(output, "ARN") },
    ),
  ],

  change: (resource, existing) =>
    existing
      ? [
          call("secretsmanager", "UpdateSecret", {
            SecretId: own(resource, "ARN"),
            Description: resource.spec.Description,
          }),
        ]
      : [],

  remove: ({ attributes: { ARN } }) => [
    call(
      "secretsmanager",
      "DeleteSecret",
      // Kept for weeks otherwise, and so long the name could not be used again.
      { SecretId: ARN, ForceDeleteWithoutRecovery: true },
      { tolerates: ["ResourceNotFoundException"] },
    ),
  ],
};
