import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { smallTagList } from "../tags.ts";

export interface TaskDefinitionSpec extends Pick<
  RegisterTaskDefinitionCommandInput,
  "cpu" | "memory" | "networkMode" | "requiresCompatibilities" | "executionRoleArn" | "taskRoleArn" | "runtimePlatform"
> {
  family: string;
  containerDefinitions: ContainerDefinition[];
}

export const taskDefinition: Kind<TaskDefinitionSpec> = {
  title: "Task definition",
  attributes: ["taskDefinitionArn"],

  create: ({ spec, tags }) => [
    call(
      "ecs",
      "RegisterTaskDefinition",
      { ...spec, tags: smallTagList(tags) },
      { gives: ({ taskDefinition }) => attributes(taskDefinition, "taskDefinitionArn") },
    ),
  ],
};
