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
import {
  changedPost,
  newPost,
  page,
  postParams,
  threadParams,
  userParams,
  type Post,
} from "../../../services/contract/src/index.ts";
import type { PostStore } from "./store.ts";

export interface PostRoutes {
  store: PostStore;
  authenticate: Authenticate;
}

export function postRoutes({ store, authenticate }: PostRoutes): Router {
  const router = Router({ caseSensitive: true });

  const found = (postId: number, post: Post | undefined): Post => {
    if (!post) throw notFound(`There is no post ${postId}.`);
    return post;
  };

  router
    .route("/api/posts")
    .get(async (req, res) => {
      const { query } = input(req, { query: page });
      sendPage(req, res, query, await store.list(query));
    })
    .all(methodNotAllowed);

  router
    .route("/api/posts/in-thread/:threadId")
    .get(async (req, res) => {
      const { params, query } = input(req, { params: threadParams, query: page });
      sendPage(req, res, query, await store.listInThread(params.threadId, query));
    })
    .post(jsonBody, async (req, res) => {
      const account = await authenticate(req);
      const { params, body } = input(req, { params: threadParams, body: newPost });
      const post = await store.create(params.threadId, body, account.id);
      if (!post) throw notFound(`There is no thread ${params.threadId}.`);
      res.status(201).location(`/api/posts/${post.id}`).json(post);
    })
    .all(methodNotAllowed);

  router
    .route("/api/posts/by-user/:userId")
    .get(async (req, res) => {
      const { params, query } = input(req, { params: userParams, query: page });
      sendPage(req, res, query, await store.listByUser(params.userId, query));
    })
    .all(methodNotAllowed);

  router
    .route("/api/posts/:postId")
    .get(async (req, res) => {
      const { postId } = input(req, { params: postParams }).params;
      res.json(found(postId, await store.find(postId)));
    })
    .patch(jsonBody, async (req, res) => {
      const account = await authenticate(req);
      const { params, body } = input(req, { params: postParams, body: changedPost });
      requireOwner(account, found(params.postId, await store.find(params.postId)).user);
      res.json(found(params.postId, await store.change(params.postId, body)));
    })
    .delete(async (req, res) => {
      const account = await authenticate(req);
      const { postId } = input(req, { params: postParams }).params;
      requireOwner(account, found(postId, await store.find(postId)).user);
      await store.delete(postId);
      res.status(204).end();
    })
    .all(methodNotAllowed);

  return router;
}
