import { Router } from "express";
import {
  conflict,
  hashPassword,
  input,
  jsonBody,
  methodNotAllowed,
  notFound,
  requireOwner,
  sendPage,
  type Authenticate,
  type Login,
} from "../../../services/chassis/src/index.ts";
import {
  changedUser,
  credentials,
  newUser,
  page,
  userParams,
  type KeySet,
  type User,
} from "../../../services/contract/src/index.ts";
import type { UserStore } from "./store.ts";

export interface UserRoutes {
  store: UserStore;
  authenticate: Authenticate;
  login: Login;
  /** The public keys that tokens are checked with. */
  keys: KeySet;
}

export function userRoutes({ store, authenticate, login, keys }: UserRoutes): Router {
  const router = Router({ caseSensitive: true });

  const existing = async (userId: number): Promise<User> => {
    const user = await store.find(userId);
    if (!user) throw notFound(`There is no user ${userId}.`);
    return user;
  };

  router
    .route("/api/users")
    .get(async (req, res) => {
      const { query } = input(req, { query: page });
      sendPage(req, res, query, await store.list(query));
    })
    .post(jsonBody, async (req, res) => {
      const { username, password, name, bio } = input(req, { body: newUser }).body;
      const user = await store.create({ username, name, bio, passwordHash: await hashPassword(password) });
      res.status(201).location(`/api/users/${user.id}`).json(user);
    })
    .all(methodNotAllowed);

  router
    .route("/api/users/sessions")
    .post(jsonBody, async (req, res) => {
      const { body } = input(req, { body: credentials });
      res.status(201).json(await login(body, req.ip ?? ""));
    })
    .all(methodNotAllowed);

  router
    .route("/api/users/keys")
    .get((_req, res) => void res.set("Cache-Control", "public, max-age=60").json(keys))
    .all(methodNotAllowed);

  router
    .route("/api/users/:userId")
    .get(async (req, res) => {
      const { params } = input(req, { params: userParams });
      res.json(await existing(params.userId));
    })
    .patch(jsonBody, async (req, res) => {
      const account = await authenticate(req);
      const { params, body } = input(req, { params: userParams, body: changedUser });
      requireOwner(account, (await existing(params.userId)).id);
      const user = await store.change(params.userId, body);
      if (!user) throw conflict(`Account ${params.userId} has been deleted.`);
      res.json(user);
    })
    .delete(async (req, res) => {
      const account = await authenticate(req);
      const { params } = input(req, { params: userParams });
      requireOwner(account, (await existing(params.userId)).id);
      await store.anonymise(params.userId);
      res.status(204).end();
    })
    .all(methodNotAllowed);

  return router;
}
