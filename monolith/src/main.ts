import {
  accountConfig,
  authenticator,
  createLogin,
  ensureModerator,
  eventRoutes,
  kinds,
  loginLimits,
  main,
  moduleConfig,
  openModule,
  ownKeys,
  signingKeys,
  startOutbox,
} from "../../services/chassis/src/index.ts";
import { postRoutes } from "./posts/routes.ts";
import { postStore } from "./posts/store.ts";
import { serviceConfig, servicesOf } from "./services.ts";
import { threadRoutes } from "./threads/routes.ts";
import { threadStore } from "./threads/store.ts";
import { userRoutes } from "./users/routes.ts";
import { userStore } from "./users/store.ts";

await main({
  name: "monolith",
  config: { ...accountConfig, ...moduleConfig, ...serviceConfig, PEER_SECRET: kinds.secret.optional() },
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const services = servicesOf(config);
    const open = (name: "users" | "threads" | "posts") =>
      openModule({
        ...{ name, side: "monolith", firstOwner: "monolith", otherUrl: services.urls[name] },
        ...{ servedBy: config.SERVED_BY, database, log },
      });
    const [users, threads, posts] = await Promise.all([open("users"), open("threads"), open("posts")]);
    const secret = config.PEER_SECRET ?? "";
    const outbox = startOutbox({ database, peers: services.peers, secret, log });

    const accounts = userStore(database, users, outbox);
    if (await users.isHere()) await ensureModerator(accounts, config, log);
    const keys = await signingKeys(config.TOKEN_KEYS);
    const login = createLogin({ database, keys, limits: loginLimits(config), find: accounts.credentials });
    const authenticate = authenticator(ownKeys(keys.published), accounts.isWithdrawn);
    const store = postStore(database, posts, threads);
    const events = eventRoutes(secret, { "thread-deleted": ({ threadId }) => store.forgetThread(threadId) });
    return {
      routes: [
        users.routes(userRoutes({ store: accounts, authenticate, login, keys: keys.published })),
        threads.routes(threadRoutes({ store: threadStore(database, threads, outbox), authenticate })),
        posts.routes(postRoutes({ store, authenticate })),
        ...(secret ? [posts.passOn(events)] : []),
      ],
      async stop() {
        await outbox.stop();
        await Promise.all([users, threads, posts].map((module) => module.stop()));
        await services.close();
      },
    };
  },
});
