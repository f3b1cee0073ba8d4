/** The gateway as a process of its own, so that it can be measured; `TARGETS` are addresses by name of service. */
import { createGateway } from "../../infra/balancer/gateway.ts";
import { listenerRules } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";

const targets = JSON.parse(process.env["TARGETS"]!) as Record<string, string>;
const services = Object.keys(targets).filter((name) => name !== forum.defaultService);
const { server } = createGateway({
  rules: listenerRules(forum, { services }),
  targets: Object.fromEntries(Object.entries(targets).map(([name, url]) => [name, [new URL(url)]])),
});
server.listen(Number(process.env["PORT"]), "127.0.0.1");
