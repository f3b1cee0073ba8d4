import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from "jose";
import { keySet, type KeySet } from "../../../contract/src/index.ts";
import type { Logger } from "../log.ts";
import type { Peer } from "../peer.ts";
import { unavailable } from "../problem.ts";

/** Finds the public key that a token names. */
export type KeyFinder = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** Keys that this process has itself. */
export function ownKeys(keys: KeySet): KeyFinder {
  const find = createLocalJWKSet(keys as JSONWebKeySet);
  return (header, token) => find(header, token);
}

/** Milliseconds until the first fetch, unless a token comes before: a client is loaded for it, and being ready comes first. */
const FIRST = 1000;
/** Milliseconds between two fetches in the background, and between two for the sake of an unknown key. */
const REFRESH = 30_000;
const COOLDOWN = 2000;

/**
 * Keys that a peer publishes at `path`. They are fetched after a second and every 30 s, and at once when a token names an
 * unknown one; while the peer is away, those it published last are kept. Without any key yet: Problem 503.
 */
export function peerKeys(peer: Peer, path: string, log: Logger): { find: KeyFinder; stop: () => void } {
  let known: ReturnType<typeof createLocalJWKSet> | undefined;
  let fetchedAt = 0;
  let fetching: Promise<void> | undefined;

  const fetch = async () => {
    try {
      const { body } = await peer.get(path);
      known = createLocalJWKSet(keySet.parse(body) as JSONWebKeySet);
    } catch (error) {
      const reason = (error as Error).message;
      if (known) log.warn({ reason }, "keys not refreshed, the last ones are kept");
      else log.info({ reason }, "no keys yet");
    } finally {
      fetchedAt = Date.now();
      fetching = undefined;
    }
  };
  const refresh = () => (fetching ??= fetch());
  const timer = setInterval(() => void refresh(), REFRESH).unref();
  const first = setTimeout(() => void refresh(), FIRST).unref();

  return {
    stop() {
      clearInterval(timer);
      clearTimeout(first);
    },
    async find(header, token) {
      if (!known) await refresh();
      if (!known) throw unavailable("Tokens cannot be checked yet: the keys have not been had. Try again shortly.");
      try {
        return await known(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || Date.now() - fetchedAt < COOLDOWN) throw error;
        await refresh();
        return known(header, token);
      }
    },
  };
}
