import {
  accountConfig,
  authenticator,
  createLogin,
  ensureModerator,
  loginLimits,
  main,
  ownKeys,
  signingKeys,
} from "../../services/chassis/src/index.ts";
import { postRoutes } from "./posts/routes.ts";
import { postStore } from "./posts/store.ts";
import { threadRoutes } from "./threads/routes.ts";
import { threadStore } from "./threads/store.ts";
import { userRoutes } from "./users/routes.ts";
import { userStore } from "./users/store.ts";

await main({
  name: "monolith",
  config: accountConfig,
  migrations: new URL("../migrations/", import.meta.url),

  async build({ config, database, log }) {
    const users = userStore(database);
    await ensureModerator(users, config, log);

    const keys = await signingKeys(config.TOKEN_KEYS);
    const login = createLogin({ database, keys, limits: loginLimits(config), find: users.credentials });
    const authenticate = authenticator(ownKeys(keys.published), users.isWithdrawn);
    return {
      routes: [
        userRoutes({ store: users, authenticate, login, keys: keys.published }),
        threadRoutes({ store: threadStore(database), authenticate }),
        postRoutes({ store: postStore(database), authenticate }),
      ],
    };
  },
});
