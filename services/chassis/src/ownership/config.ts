import * as z from "zod";
import { kinds } from "../config.ts";
import { SIDES } from "./standing.ts";

/** What every process reads that is the home of modules which can move. */
export const moduleConfig = {
  /** Whether answers say who gave them: `X-Served-By: posts@service`. */
  SERVED_BY: z
    .enum(["on", "off"])
    .default("on")
    .transform((value) => value === "on"),
};

/** What a service reads on top. */
export const serviceModuleConfig = {
  ...moduleConfig,
  /** Where the module may be as well; without it, it cannot move. */
  MONOLITH_URL: kinds.httpUrl.optional(),
  /** Who owns the module when this database is new: the monolith at the beginning of a move. */
  FIRST_OWNER: z.enum(SIDES).default("service"),
};

/** The options of a service's module out of the environment's values. */
export const serviceModule = (config: z.output<z.ZodObject<typeof serviceModuleConfig>>) => ({
  otherUrl: config.MONOLITH_URL,
  firstOwner: config.FIRST_OWNER,
  servedBy: config.SERVED_BY,
});
