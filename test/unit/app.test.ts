/** What surrounds a module's routes: health, logs, figures, headers, errors. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Router } from "express";
import { pino } from "pino";
import { createApp } from "../../services/chassis/src/app.ts";
import { openDatabase } from "../../services/chassis/src/database.ts";
import { methodNotAllowed } from "../../services/chassis/src/errors.ts";
import { createLog } from "../../services/chassis/src/log.ts";
import { createMetrics } from "../../services/chassis/src/metrics.ts";
import { listen } from "../../services/chassis/src/server.ts";
import { currentTrace } from "../../services/chassis/src/trace.ts";
import { get, send } from "../support/client.ts";

const lines: string[] = [];
const mixin = () => ({ traceId: currentTrace()?.id });
const log = pino({ mixin }, { write: (line: string) => lines.push(line) });
// Never asked: a pool makes no connection before its first query.
const database = openDatabase({
  url: "postgres://u@127.0.0.1:1/d",
  poolSize: 1,
  statementTimeout: 100,
  connectTimeout: 100,
  log: createLog("test", "silent"),
});
const metrics = createMetrics(database);

const routes = Router({ caseSensitive: true });
routes
  .route("/api/things/:id")
  .get((_req, res) => void res.json({}))
  .post(() => {
    throw new Error("inner secret");
  })
  .all(methodNotAllowed);
const parts = { database: true, traffic: true };
const ready = { database: async () => parts.database, traffic: () => parts.traffic };
const server = await listen(
  createApp({ log, metrics, trustedProxies: 1, maxRequests: 10, ready, routes: [routes] }),
  "127.0.0.1",
  0,
);
const url = `http://127.0.0.1:${server.port}`;
after(async () => {
  await server.drain({ delay: 0, timeout: 0 });
  await database.close();
});

test("/health says that the process lives, whatever it waits for", async () => {
  parts.database = false;
  assert.deepEqual((await get(`${url}/health`)).body, { status: "ok" });
  parts.database = true;
});

test("/ready says what it waits for", async () => {
  assert.deepEqual((await get(`${url}/ready`)).body, { status: "ready", checks: { database: "ok", traffic: "ok" } });
  parts.traffic = false;
  const { status, body } = await get(`${url}/ready`);
  assert.equal(status, 503);
  assert.deepEqual(body, { status: "not ready", checks: { database: "ok", traffic: "waiting" } });
  parts.traffic = true;
});

test("health checks are not logged: there is one every few seconds for ever", async () => {
  lines.length = 0;
  await Promise.all([get(`${url}/health`), get(`${url}/ready`)]);
  await get(`${url}/api/things/1`);
  assert.equal(lines.length, 1);
});

test("each line of a request has its trace id; none has a token or a password", async () => {
  lines.length = 0;
  const id = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${id}-b7ad6b7169203331-01`, cookie: "hidden" };
  await send("POST", `${url}/api/things/1`, { token: "hidden", body: { password: "hidden" }, headers });
  assert.equal(lines.length, 2, "the error and the request");
  for (const line of lines) {
    assert.equal((JSON.parse(line) as { traceId: string }).traceId, id);
    assert.doesNotMatch(line, /hidden|authorization/i);
  }
});

test("an unexpected error: 500 with the trace id, its reason only in the log", async () => {
  lines.length = 0;
  const { status, body, headers } = await send("POST", `${url}/api/things/1`);
  assert.equal(status, 500);
  assert.match(String(headers["content-type"]), /^application\/problem\+json/);
  assert.doesNotMatch(JSON.stringify(body), /secret|\.ts/);
  const logged = lines.join("");
  assert.match(logged, /inner secret/);
  assert.ok(logged.includes((body as { traceId: string }).traceId));
});

test("an unknown address, also one in another case: 404", async () => {
  for (const path of ["/nothing", "/API/things/1", "/api/Things/1"]) assert.equal((await get(url + path)).status, 404);
});

test("a method that an address does not know: 405 with those that it does", async () => {
  const { status, headers } = await send("DELETE", `${url}/api/things/1`);
  assert.equal(status, 405);
  assert.equal(headers["allow"], "GET, HEAD, OPTIONS, POST");
});

test("answers are not kept by anybody, are what they say, and do not tell what made them", async () => {
  const { headers } = await get(`${url}/api/things/1`);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["x-powered-by"], undefined);
});

test("figures: who sent a request", async () => {
  metrics.registry.resetMetrics();
  await get(`${url}/api/things/1`);
  await send("GET", `${url}/api/things/2`, { headers: { "x-forwarded-for": "192.0.2.1" } });
  await send("GET", `${url}/api/things/3`, { headers: { "x-forwarded-for": "192.0.2.1", "x-handed-on": "1" } });
  const counted = (await metrics.registry.metrics()).matchAll(/_seconds_count\{.*sender="(\w+)".*\} (\d+)/g);
  assert.deepEqual([...counted].map(([, sender, count]) => `${sender} ${count}`).toSorted(), [
    ...["balancer 1", "direct 1", "other_side 1"],
  ]);
});

test("figures: as many series as routes, however many addresses and methods are tried", async () => {
  metrics.registry.resetMetrics();
  for (let n = 1; n <= 5; n++) {
    await get(`${url}/api/things/${n}`);
    await get(`${url}/made-up-${n}`);
  }
  const [values] = (await metrics.registry.getMetricsAsJSON())
    .filter(({ name }) => name === "http_request_duration_seconds")
    .map(({ values }) => values);
  const series = new Set(values?.map(({ labels }) => `${labels["method"]} ${labels["route"]} ${labels["status"]}`));
  assert.deepEqual(series, new Set(["GET /api/things/:id 200", "other none 404"]));
});
