import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { shortOf } from "../arn.ts";
import { hashOf, SPEC_TAG } from "../hash.ts";
import { attributes, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { smallTagList } from "../tags.ts";
import { revisionsOf } from "./revisions.ts";

export interface TaskDefinitionSpec extends Pick<
  RegisterTaskDefinitionCommandInput,
  "cpu" | "memory" | "networkMode" | "requiresCompatibilities" | "executionRoleArn" | "taskRoleArn" | "runtimePlatform"
> {
  family: string;
  containerDefinitions: ContainerDefinition[];
}

/** ECS fills in and sorts what it is given, so a hash of what was wanted tells whether a new revision is needed. */
export const taskDefinition: Kind<TaskDefinitionSpec> = {
  title: "Task definition",
  attributes: ["taskDefinitionArn"],
  revisions: true,

  read: async (ask, scope) => {
    const revisions = await revisionsOf(ask, scope);
    return revisions.map(({ arn: taskDefinitionArn, tags }) =>
      found(scope, tagsFrom(tags), {
        name: shortOf(taskDefinitionArn),
        attributes: { taskDefinitionArn },
        spec: { hash: tagsFrom(tags)[SPEC_TAG] },
      }),
    );
  },

  compared: (spec) => ({ hash: hashOf(spec) }),

  create: ({ spec, tags }) => [
    call(
      "ecs",
      "RegisterTaskDefinition",
      { ...spec, tags: smallTagList(tags) },
      {
        completed: ({ tags = [], ...known }) => ({
          ...known,
          tags: [...tags, { key: SPEC_TAG, value: hashOf(known) }],
        }),
        gives: ({ taskDefinition }) => attributes(taskDefinition, "taskDefinitionArn"),
      },
    ),
  ],

  remove: ({ attributes: { taskDefinitionArn = "" } }) => [
    call("ecs", "DeregisterTaskDefinition", { taskDefinition: taskDefinitionArn }),
    call("ecs", "DeleteTaskDefinitions", { taskDefinitions: [taskDefinitionArn] }),
  ],
};
