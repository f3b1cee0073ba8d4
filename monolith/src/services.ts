import { createPeer, kinds } from "../../services/chassis/src/index.ts";

/** Where the modules go when they become services; none of it is there before. */
export const serviceConfig = {
  USERS_URL: kinds.httpUrl.optional(),
  THREADS_URL: kinds.httpUrl.optional(),
  POSTS_URL: kinds.httpUrl.optional(),
};

type Urls = { [Name in keyof typeof serviceConfig]?: string | undefined };

/** The services that exist by now: their addresses, and whom to send events. */
export function servicesOf({ USERS_URL, THREADS_URL, POSTS_URL }: Urls) {
  const peers = {
    ...(THREADS_URL && { threads: createPeer("threads", THREADS_URL) }),
    ...(POSTS_URL && { posts: createPeer("posts", POSTS_URL) }),
  };
  return {
    urls: { users: USERS_URL, threads: THREADS_URL, posts: POSTS_URL },
    peers,
    close: async () => void (await Promise.all(Object.values(peers).map((peer) => peer.close()))),
  };
}
