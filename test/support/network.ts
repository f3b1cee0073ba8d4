import type { StartedNetwork } from "testcontainers";
import { eventually } from "./eventually.ts";

/** Removes a network. The engine may hold the endpoints of containers for a moment after these are gone. */
export async function removeNetwork(network: StartedNetwork): Promise<void> {
  await eventually(() => network.stop(), 15_000);
}
