import type { Resource } from "../resource.ts";
import type { Step } from "../step.ts";

/** What has to happen to a resource. */
export interface Change {
  action: "create";
  resource: Resource;
  steps: Step[];
}
