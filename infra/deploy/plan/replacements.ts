import { valueText } from "../output/calls.ts";
import { kindOf } from "../kinds/index.ts";
import type { Change } from "./change.ts";

/**
 * Why target groups cannot be replaced, a sentence for each setting: what serves leads through them, another one of the same
 * name cannot stand beside them, and AWS has no way to change such a setting.
 */
export const replacementProblems = (changes: readonly Change[]): string[] =>
  changes
    .filter(({ kind, action }) => kind === "target-group" && action === "replace")
    .flatMap(({ id, kind, differences }) =>
      differences
        .filter(({ key }) => kindOf(kind).fixed?.some((one) => one === key))
        .map(
          ({ key, is, wanted }) =>
            `${id}: its ${key} is ${valueText(is)} and cannot become ${valueText(wanted)} while it is in use. ` +
            "Put the setting back, or deploy another environment (--env) and destroy this one.",
        ),
    );
