import {
  accountConfig,
  authenticator,
  createLogin,
  createPeer,
  ensureModerator,
  kinds,
  loginLimits,
  main,
  openModule,
  ownKeys,
  serviceModule,
  serviceModuleConfig,
  signingKeys,
  startOutbox,
} from "../../chassis/src/index.ts";
import { userRoutes } from "./routes.ts";
import { userStore } from "./store.ts";

await main({
  name: "users",
  config: {
    ...{ ...accountConfig, ...serviceModuleConfig },
    ...{ PEER_SECRET: kinds.secret, THREADS_URL: kinds.httpUrl, POSTS_URL: kinds.httpUrl },
  },
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const peers = { threads: createPeer("threads", config.THREADS_URL), posts: createPeer("posts", config.POSTS_URL) };
    const outbox = startOutbox({ database, peers, secret: config.PEER_SECRET, log });
    const users = await openModule({ name: "users", side: "service", ...serviceModule(config), database, log });
    const store = userStore(database, users, outbox);
    if (await users.isHere()) await ensureModerator(store, config, log);

    const keys = await signingKeys(config.TOKEN_KEYS);
    const login = createLogin({ database, keys, limits: loginLimits(config), find: store.credentials });
    const authenticate = authenticator(ownKeys(keys.published), store.isWithdrawn);
    return {
      routes: [users.routes(userRoutes({ store, authenticate, login, keys: keys.published }))],
      async stop() {
        await users.stop();
        await outbox.stop();
        await Promise.all(Object.values(peers).map((peer) => peer.close()));
      },
    };
  },
});
