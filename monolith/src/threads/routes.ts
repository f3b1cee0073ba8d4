import { Router } from "express";
import {
  input,
  jsonBody,
  methodNotAllowed,
  notFound,
  requireOwner,
  sendPage,
  type Authenticate,
} from "../../../services/chassis/src/index.ts";
import { changedThread, newThread, page, threadParams, type Thread } from "../../../services/contract/src/index.ts";
import type { ThreadStore } from "./store.ts";

export interface ThreadRoutes {
  store: ThreadStore;
  authenticate: Authenticate;
}

export function threadRoutes({ store, authenticate }: ThreadRoutes): Router {
  const router = Router({ caseSensitive: true });

  const found = (threadId: number, thread: Thread | undefined): Thread => {
    if (!thread) throw notFound(`There is no thread ${threadId}.`);
    return thread;
  };

  router
    .route("/api/threads")
    .get(async (req, res) => {
      const { query } = input(req, { query: page });
      sendPage(req, res, query, await store.list(query));
    })
    .post(jsonBody, async (req, res) => {
      const account = await authenticate(req);
      const { body } = input(req, { body: newThread });
      const thread = await store.create(body, account.id);
      res.status(201).location(`/api/threads/${thread.id}`).json(thread);
    })
    .all(methodNotAllowed);

  router
    .route("/api/threads/:threadId")
    .get(async (req, res) => {
      const { threadId } = input(req, { params: threadParams }).params;
      res.json(found(threadId, await store.find(threadId)));
    })
    .patch(jsonBody, async (req, res) => {
      const account = await authenticate(req);
      const { params, body } = input(req, { params: threadParams, body: changedThread });
      requireOwner(account, found(params.threadId, await store.find(params.threadId)).createdBy);
      res.json(found(params.threadId, await store.change(params.threadId, body)));
    })
    .delete(async (req, res) => {
      const account = await authenticate(req);
      const { threadId } = input(req, { params: threadParams }).params;
      requireOwner(account, found(threadId, await store.find(threadId)).createdBy);
      await store.delete(threadId);
      res.status(204).end();
    })
    .all(methodNotAllowed);

  return router;
}
