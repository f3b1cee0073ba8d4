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
  withdrawnAccounts,
} from "../../chassis/src/index.ts";
import { postRoutes } from "./routes.ts";
import { postStore } from "./store.ts";
import { threadExists } from "./threads.ts";

await main({
  name: "posts",
  config: { ...serviceModuleConfig, PEER_SECRET: kinds.secret, USERS_URL: kinds.httpUrl, THREADS_URL: kinds.httpUrl },
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const users = createPeer("users", config.USERS_URL);
    const threads = createPeer("threads", config.THREADS_URL);
    const keys = peerKeys(users, "/api/users/keys", log);
    const withdrawn = withdrawnAccounts(database);
    const posts = await openModule({ name: "posts", side: "service", ...serviceModule(config), database, log });
    const store = postStore(database, posts);
    return {
      routes: [
        posts.routes(
          postRoutes({
            store,
            authenticate: authenticator(keys.find, withdrawn.has),
            threadExists: (threadId) => threadExists(threads, threadId),
          }),
        ),
        posts.passOn(
          eventRoutes(config.PEER_SECRET, {
            "thread-deleted": ({ threadId }) => store.forgetThread(threadId),
            "account-withdrawn": ({ userId }) => withdrawn.add(userId),
          }),
        ),
      ],
      async stop() {
        keys.stop();
        await posts.stop();
        await Promise.all([users.close(), threads.close()]);
      },
    };
  },
});
