import {
  authenticator,
  createPeer,
  eventRoutes,
  kinds,
  main,
  openModule,
  peerKeys,
  serviceModule,
  serviceModuleConfig,
  startOutbox,
  withdrawnAccounts,
} from "../../chassis/src/index.ts";
import { threadRoutes } from "./routes.ts";
import { threadStore } from "./store.ts";

await main({
  name: "threads",
  config: { ...serviceModuleConfig, PEER_SECRET: kinds.secret, USERS_URL: kinds.httpUrl, POSTS_URL: kinds.httpUrl },
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const users = createPeer("users", config.USERS_URL);
    const posts = createPeer("posts", config.POSTS_URL);
    const outbox = startOutbox({ database, peers: { posts }, secret: config.PEER_SECRET, log });
    const keys = peerKeys(users, "/api/users/keys", log);
    const withdrawn = withdrawnAccounts(database);
    const threads = await openModule({ name: "threads", side: "service", ...serviceModule(config), database, log });
    const store = threadStore(database, threads, outbox);
    return {
      routes: [
        threads.routes(threadRoutes({ store, authenticate: authenticator(keys.find, withdrawn.has) })),
        eventRoutes(config.PEER_SECRET, { "account-withdrawn": ({ userId }) => withdrawn.add(userId) }),
      ],
      async stop() {
        keys.stop();
        await threads.stop();
        await outbox.stop();
        await Promise.all([users.close(), posts.close()]);
      },
    };
  },
});
