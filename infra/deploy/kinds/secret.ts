import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface SecretSpec {
  Name: string;
  Description: string;
  /** May hold `${generated/…}`, which becomes known only when the call is made, and is never printed. */
  SecretString: string;
}

export const secret: Kind<SecretSpec> = {
  title: "Secret",
  attributes: ["ARN"],

  create: ({ spec, tags }) => [
    call(
      "secretsmanager",
      "CreateSecret",
      { ...spec, Tags: tagList(tags) },
      { gives: (output) => attributes(output, "ARN") },
    ),
  ],
};
