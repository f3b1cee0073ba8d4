/** The control of a running `npm start`, for other programs of this machine: the weights of the gateway's rules. */
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import type { Gateway } from "../balancer/gateway.ts";
import { listenerRules } from "../balancer/rules.ts";
import { forum } from "../forum.ts";

/** By module: how many percent of its requests go to the service first, the rest to the monolith. */
export type Weights = Record<string, number>;

/** What a running `npm start` writes for others, as `running.json`. */
export interface Running {
  pid: number;
  /** Address of the gateway. */
  url: string;
  /** Address of this control. */
  control: string;
  /** By service: where it serves requests and figures. */
  services: Record<string, { url: string; metrics: string }>;
}

/** The gateway's rules with these weights. */
function rulesWith(services: readonly string[], weights: Weights) {
  const chosen = services.filter((name) => name !== forum.defaultService);
  const shares = chosen.map((name) => {
    const percent = weights[name] ?? 100;
    return [name, { [name]: percent, [forum.defaultService]: 100 - percent }] as const;
  });
  return listenerRules(forum, { services: chosen, weights: Object.fromEntries(shares) });
}

export interface ControlOptions {
  gateway: Pick<Gateway, "setRules">;
  /** Names of the services behind the gateway. */
  services: readonly string[];
  /** Where weights are kept over a restart. */
  folder: string;
  /** When none are kept yet. */
  first: Weights;
}

/** Listens on loopback: `GET /weights`, `PUT /weights/MODULE {percent}`. */
export async function startControl({ gateway, services, folder, first }: ControlOptions) {
  const file = path.join(folder, "weights.json");
  const kept = await readFile(file, "utf8").catch(() => undefined);
  let weights = kept === undefined ? first : (JSON.parse(kept) as Weights);
  gateway.setRules(rulesWith(services, weights));

  // One after another: several modules may move at once, and all of them write the same file.
  let saved = Promise.resolve();
  const save = () =>
    (saved = saved
      .catch(() => {})
      .then(() => writeFile(`${file}.new`, JSON.stringify(weights)))
      .then(() => rename(`${file}.new`, file)));

  const app = express();
  app.get("/weights", (_req, res) => void res.json(weights));
  app.put("/weights/:module", express.json(), async (req, res) => {
    const { percent } = req.body as { percent: unknown };
    const { module } = req.params;
    if (!services.includes(module) || !Number.isInteger(percent) || Number(percent) < 0 || Number(percent) > 100) {
      res.status(400).json({ error: `a whole number of percent for one of ${services.join(", ")}` });
      return;
    }
    weights = { ...weights, [module]: Number(percent) };
    await save();
    gateway.setRules(rulesWith(services, weights));
    res.json(weights);
  });
  const failed: ErrorRequestHandler = (error: Error, _req, res, _next) =>
    void res.status(400).json({ error: error.message });
  app.use(failed);
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
