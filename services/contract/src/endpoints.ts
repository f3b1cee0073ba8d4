import * as z from "zod";
import { page } from "./pagination.ts";
import { changedPost, newPost, post, postParams } from "./posts.ts";
import type { ProblemKind } from "./problem.ts";
import { changedThread, newThread, thread, threadParams } from "./threads.ts";
import { changedUser, credentials, keySet, newUser, session, user, userParams } from "./users.ts";

/** The answer of a call that succeeds. */
export interface Success {
  status: 200 | 201 | 204;
  description: string;
  /** What the body is: JSON of a schema, or a fixed text; none with 204. */
  body?: z.ZodType | string;
  /** Headers that clients build on, beside those of every answer. */
  headers?: ("Location" | "Link" | "Cache-Control")[];
}

export interface Endpoint {
  /** Who answers it once the forum is services; "every" for what each process answers alike. */
  service: "every" | "users" | "threads" | "posts";
  method: "get" | "post" | "patch" | "delete";
  /** Parameters in braces, by the names that `params` has. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  /** Whether it needs `Authorization: Bearer`. */
  token: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  success: Success;
  /** What it refuses for reasons of its own. */
  problems: ProblemKind[];
}

/** What every endpoint that takes a body may say of it before it reads its fields. */
const badBody: ProblemKind[] = ["too-large", "unsupported-media-type"];

/** What every endpoint with a database behind it may answer, whatever was asked. */
const trouble: ProblemKind[] = ["internal", "unavailable"];

const noContent: Success = { status: 204, description: "Done; also when somebody else was faster." };
const one = (body: z.ZodType, description: string): Success => ({ status: 200, description, body });
const created = (body: z.ZodType, description: string): Success => ({
  status: 201,
  description,
  body,
  headers: ["Location"],
});
const pageOf = (body: z.ZodType, description: string): Success => ({
  status: 200,
  description: `${description}, oldest first.`,
  body: z.array(body),
  headers: ["Link"],
});

/**
 * Every endpoint: the source of the OpenAPI documents, and the list that the contract suite checks its own coverage
 * against.
 */
export const endpoints: Endpoint[] = [
  {
    service: "every",
    method: "get",
    path: "/",
    operationId: "getGreeting",
    summary: "Says that requests are taken",
    token: false,
    success: { status: 200, description: "A fixed text.", body: "Ready to receive requests" },
    problems: [],
  },
  {
    service: "every",
    method: "get",
    path: "/api/",
    operationId: "getApiGreeting",
    summary: "Says that requests to the API are taken",
    token: false,
    success: { status: 200, description: "A fixed text.", body: "API ready to receive requests" },
    problems: [],
  },
  {
    service: "users",
    method: "get",
    path: "/api/users",
    operationId: "listUsers",
    summary: "Lists the accounts, deleted ones included",
    token: false,
    query: page,
    success: pageOf(user, "Accounts"),
    problems: ["invalid-request", ...trouble],
  },
  {
    service: "users",
    method: "post",
    path: "/api/users",
    operationId: "createUser",
    summary: "Registers an account",
    token: false,
    body: newUser,
    success: created(user, "The new account."),
    problems: ["invalid-request", "conflict", ...badBody, ...trouble],
  },
  {
    service: "users",
    method: "post",
    path: "/api/users/sessions",
    operationId: "createSession",
    summary: "Logs in",
    description: "A wrong password and an unknown username get the same answer. Too many failures have to wait.",
    token: false,
    body: credentials,
    success: { status: 201, description: "A token, valid for an hour.", body: session },
    problems: ["invalid-request", "unauthenticated", "too-many-requests", ...badBody, ...trouble],
  },
  {
    service: "users",
    method: "get",
    path: "/api/users/keys",
    operationId: "getKeys",
    summary: "The public keys that tokens are checked with",
    token: false,
    success: { ...one(keySet, "A JWK Set."), headers: ["Cache-Control"] },
    problems: ["internal"],
  },
  {
    service: "users",
    method: "get",
    path: "/api/users/{userId}",
    operationId: "getUser",
    summary: "One account",
    token: false,
    params: userParams,
    success: one(user, "The account."),
    problems: ["invalid-request", "not-found", ...trouble],
  },
  {
    service: "users",
    method: "patch",
    path: "/api/users/{userId}",
    operationId: "changeUser",
    summary: "Changes name or biography; for its owner and moderators",
    token: true,
    params: userParams,
    body: changedUser,
    success: one(user, "The account as it is now."),
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", "conflict", ...badBody, ...trouble],
  },
  {
    service: "users",
    method: "delete",
    path: "/api/users/{userId}",
    operationId: "deleteUser",
    summary: "Deletes an account; for its owner and moderators",
    description: "It becomes anonymous, its username free, its tokens void. What it wrote stays.",
    token: true,
    params: userParams,
    success: noContent,
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", ...trouble],
  },
  {
    service: "threads",
    method: "get",
    path: "/api/threads",
    operationId: "listThreads",
    summary: "Lists the threads",
    token: false,
    query: page,
    success: pageOf(thread, "Threads"),
    problems: ["invalid-request", ...trouble],
  },
  {
    service: "threads",
    method: "post",
    path: "/api/threads",
    operationId: "createThread",
    summary: "Opens a thread",
    token: true,
    body: newThread,
    success: created(thread, "The new thread."),
    problems: ["invalid-request", "unauthenticated", ...badBody, ...trouble],
  },
  {
    service: "threads",
    method: "get",
    path: "/api/threads/{threadId}",
    operationId: "getThread",
    summary: "One thread",
    token: false,
    params: threadParams,
    success: one(thread, "The thread."),
    problems: ["invalid-request", "not-found", ...trouble],
  },
  {
    service: "threads",
    method: "patch",
    path: "/api/threads/{threadId}",
    operationId: "changeThread",
    summary: "Changes the title; for the author and moderators",
    token: true,
    params: threadParams,
    body: changedThread,
    success: one(thread, "The thread as it is now."),
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", ...badBody, ...trouble],
  },
  {
    service: "threads",
    method: "delete",
    path: "/api/threads/{threadId}",
    operationId: "deleteThread",
    summary: "Deletes a thread and its posts; for the author and moderators",
    description: "Its posts are gone within 5 seconds.",
    token: true,
    params: threadParams,
    success: noContent,
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", ...trouble],
  },
  {
    service: "posts",
    method: "get",
    path: "/api/posts",
    operationId: "listPosts",
    summary: "Lists all posts",
    token: false,
    query: page,
    success: pageOf(post, "Posts"),
    problems: ["invalid-request", ...trouble],
  },
  {
    service: "posts",
    method: "get",
    path: "/api/posts/in-thread/{threadId}",
    operationId: "listPostsInThread",
    summary: "Lists the posts of a thread",
    description: "An unknown thread has none.",
    token: false,
    params: threadParams,
    query: page,
    success: pageOf(post, "Posts of the thread"),
    problems: ["invalid-request", ...trouble],
  },
  {
    service: "posts",
    method: "post",
    path: "/api/posts/in-thread/{threadId}",
    operationId: "createPost",
    summary: "Posts into a thread",
    token: true,
    params: threadParams,
    body: newPost,
    success: created(post, "The new post."),
    problems: ["invalid-request", "unauthenticated", "not-found", ...badBody, ...trouble],
  },
  {
    service: "posts",
    method: "get",
    path: "/api/posts/by-user/{userId}",
    operationId: "listPostsByUser",
    summary: "Lists the posts of an account",
    description: "An unknown account has none.",
    token: false,
    params: userParams,
    query: page,
    success: pageOf(post, "Posts of the account"),
    problems: ["invalid-request", ...trouble],
  },
  {
    service: "posts",
    method: "get",
    path: "/api/posts/{postId}",
    operationId: "getPost",
    summary: "One post",
    token: false,
    params: postParams,
    success: one(post, "The post."),
    problems: ["invalid-request", "not-found", ...trouble],
  },
  {
    service: "posts",
    method: "patch",
    path: "/api/posts/{postId}",
    operationId: "changePost",
    summary: "Changes the text; for the author and moderators",
    token: true,
    params: postParams,
    body: changedPost,
    success: one(post, "The post as it is now."),
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", ...badBody, ...trouble],
  },
  {
    service: "posts",
    method: "delete",
    path: "/api/posts/{postId}",
    operationId: "deletePost",
    summary: "Deletes a post; for the author and moderators",
    token: true,
    params: postParams,
    success: noContent,
    problems: ["invalid-request", "unauthenticated", "forbidden", "not-found", ...trouble],
  },
];
