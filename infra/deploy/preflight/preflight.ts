/** Refuses what AWS would refuse later, when half of it is made: all problems at once. */
import type { Application } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Contents } from "../content.ts";
import { desired } from "../desired/desired.ts";
import type { Environment } from "../environment.ts";
import type { Resource } from "../resource.ts";
import { applicationMistakes } from "./application.ts";
import { nameMistakes } from "./names.ts";
import { networkMistakes } from "./network.ts";
import { resourceMistakes } from "./resources.ts";
import { settingMistakes, taskMistakes } from "./settings.ts";

/** Every problem that can be known without asking AWS, as a sentence that says where it is. */
export function problems(application: Application, environment: Environment): string[] {
  const first = [
    ...applicationMistakes(application, environment).map((mistake) => `infra/forum.ts: ${mistake}`),
    ...settingMistakes(application, environment),
    ...taskMistakes(application, environment),
    ...networkMistakes(environment),
  ];
  // Without a default service nothing can be wanted, and so no name be wrong.
  if (!application.services.some(({ name }) => name === application.defaultService)) return first;
  const resources = desired(application, environment);
  const found = [...first, ...resources.flatMap((one) => nameMistakes(one).map((mistake) => `${one.id}: ${mistake}`))];
  // What is wrong with the settings would be told again of what is made from them.
  return found.length > 0 ? found : resourceMistakes(resources);
}

/** The wanted resources. @throws UserError that lists every problem */
export function desiredWithoutProblems(
  application: Application,
  environment: Environment,
  contents: Contents = {},
): Resource[] {
  refuse(problems(application, environment));
  return desired(application, environment, contents);
}

/** @throws UserError that lists the problems, when there are any */
export function refuse(found: readonly string[]): void {
  if (found.length === 0) return;
  const list = found.map((problem) => `  ${problem}`).join("\n");
  throw new UserError(`AWS would refuse this; nothing was changed:\n${list}`);
}
