import type { Express } from "express";

/** What `/ready` asks; each answers whether that part can serve. */
export type ReadyChecks = Record<string, () => boolean | Promise<boolean>>;

/** `GET /health`: the process lives. `GET /ready`: it can serve; 503 names what it waits for. */
export function addHealth(app: Express, checks: ReadyChecks): void {
  app.get("/health", (_req, res) => void res.json({ status: "ok" }));
  app.get("/ready", async (_req, res) => {
    const results = await Promise.all(Object.entries(checks).map(async ([name, ok]) => [name, await ok()] as const));
    const ready = results.every(([, ok]) => ok);
    res.status(ready ? 200 : 503).json({
      status: ready ? "ready" : "not ready",
      checks: Object.fromEntries(results.map(([name, ok]) => [name, ok ? "ok" : "waiting"])),
    });
  });
}
