/**
 * What stands beside nginx so that it behaves as a load balancer with target groups: finds the tasks of each service,
 * checks their health, and tells nginx, as its DNS server, which of them get requests. Runs nginx and ends with it.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { forum, hostOf } from "../../forum.ts";
import { questionOf, responseTo } from "./dns.ts";
import { targetGroup, type TargetGroup } from "./group.ts";

/** UDP port, inside the container only. */
const DNS_PORT = 5353;
/** Milliseconds between two looks at who is there. */
const LOOK = 1000;

const say = (text: string) => process.stderr.write(`registrar: ${text}\n`);
const groups = new Map<string, TargetGroup>(
  forum.services.map((service) => [hostOf(service), targetGroup({ ...forum, host: hostOf(service), say })]),
);

const socket = createSocket("udp4", (query, { port, address }) => {
  try {
    const { name } = questionOf(query);
    socket.send(responseTo(query, groups.get(name)?.inService() ?? []), port, address);
  } catch (error) {
    say(`no answer to what is no question: ${(error as Error).message}`);
  }
});
socket.bind(DNS_PORT, "127.0.0.1");
await once(socket, "listening");

const every = (ms: number, work: (group: TargetGroup) => Promise<void>) => {
  const round = async () => {
    await Promise.all([...groups.values()].map(work));
    setTimeout(() => void round(), ms);
  };
  return round();
};
await every(LOOK, (group) => group.register());
void every(forum.healthCheck.interval * 1000, (group) => group.check());

const nginx = spawn("nginx", process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGQUIT", "SIGINT", "SIGHUP"] as const) process.on(signal, () => nginx.kill(signal));
const [code] = (await once(nginx, "exit")) as [number | null];
process.exit(code ?? 1);
