/**
 * Takes new connections in fast enough. In a turn of its event loop Node accepts one connection for each listening
 * socket. A busy process has long turns: the others wait in the system's queue for seconds, where nobody can refuse them,
 * and beyond its length the system drops them. So the port is opened several times, and the system shares them out.
 */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";

/** Several times as many as requests are begun in a turn under overload, or refusing could not keep up. */
const DOORS = 16;

/**
 * Listens on `port` (0: any free one) with `server` and with others that hand their connections to it; answers these
 * others. Rejects when the port is taken. Where the system cannot open a port twice there are none.
 */
export async function openDoors(server: HttpServer, host: string, port: number): Promise<Server[]> {
  const taken = await listening(server, { host, port });
  if (process.platform !== "linux") return [];
  // Alone first: the system takes a port that is opened several times for free.
  server.close();
  await once(server, "close");
  const everywhere = { host, port: taken, reusePort: true };
  await listening(server, everywhere);
  const others = Array.from({ length: DOORS - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket)),
  );
  await Promise.all(others.map((other) => listening(other, everywhere)));
  return others;
}

async function listening(
  server: Server,
  options: { host: string; port: number; reusePort?: boolean },
): Promise<number> {
  server.listen(options);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
