import { waves } from "../graph.ts";
import { kindOf } from "../kinds/index.ts";
import type { Resource } from "../resource.ts";
import type { Change } from "./change.ts";

/** The changes that an empty account needs, in waves of what can happen side by side. */
export const planForEmptyAccount = (resources: readonly Resource[]): Change[][] =>
  waves(resources).map((wave) =>
    wave.map((resource) => ({ action: "create", resource, steps: kindOf(resource.kind).create(resource) })),
  );
