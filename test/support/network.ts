import type { StartedNetwork } from "testcontainers";
import { eventually } from "./eventually.ts";

/** Removes a network. The engine may hold the endpoints of containers for a moment after these are gone. */
export const removeNetwork = (network: StartedNetwork): Promise<void> => eventually(() => network.stop(), 15_000);
