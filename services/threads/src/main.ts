import {
  authenticator,
  createPeer,
  eventRoutes,
  kinds,
  main,
  peerKeys,
  startOutbox,
  withdrawnAccounts,
} from "../../chassis/src/index.ts";
import { threadRoutes } from "./routes.ts";
import { threadStore } from "./store.ts";

await main({
  name: "threads",
  config: { PEER_SECRET: kinds.secret, USERS_URL: kinds.httpUrl, POSTS_URL: kinds.httpUrl },
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const users = createPeer("users", config.USERS_URL);
    const posts = createPeer("posts", config.POSTS_URL);
    const outbox = startOutbox({ database, peers: { posts }, secret: config.PEER_SECRET, log });
    const keys = peerKeys(users, "/api/users/keys", log);
    const withdrawn = withdrawnAccounts(database);
    return {
      routes: [
        threadRoutes({ store: threadStore(database, outbox), authenticate: authenticator(keys.find, withdrawn.has) }),
        eventRoutes(config.PEER_SECRET, { "account-withdrawn": ({ userId }) => withdrawn.add(userId) }),
      ],
      async stop() {
        keys.stop();
        await outbox.stop();
        await Promise.all([users.close(), posts.close()]);
      },
    };
  },
});
