import { endpoints, type Endpoint } from "../../services/contract/src/endpoints.ts";
import { freshName, type Forum, type Method } from "./forum.ts";
import type { Test } from "supertest";

/** Larger than any id that was ever given, and still an id. */
export const UNKNOWN_ID = Number.MAX_SAFE_INTEGER;

/** A body that every endpoint which takes one accepts, made anew at each call. */
const bodies: Record<string, () => Record<string, unknown>> = {
  createUser: () => ({ username: freshName(), password: "correct horse", name: "Grace Hopper", bio: "Debugs" }),
  createSession: () => ({ username: freshName(), password: "correct horse" }),
  changeUser: () => ({ name: "Ada King", bio: "Counts still" }),
  createThread: () => ({ title: "Another thread" }),
  changeThread: () => ({ title: "A thread" }),
  createPost: () => ({ text: "Another post" }),
  changePost: () => ({ text: "A post" }),
};

export function sampleBody({ operationId }: Endpoint): Record<string, unknown> {
  const body = bodies[operationId];
  if (!body) throw new Error(`samples.ts has no body for ${operationId}`);
  return body();
}

/** The path of an endpoint with ids of things that are there, or with `id` in their place. */
export function samplePath({ path }: Pick<Endpoint, "path">, forum: Forum, id?: string | number): string {
  const ids: Record<string, number> = {
    "{userId}": forum.author.id,
    "{threadId}": forum.thread.id,
    "{postId}": forum.post.id,
  };
  return path.replace(/\{\w+\}/, (name) => String(id ?? ids[name]));
}

/** A call of an endpoint as its author may make it, with everything but a body. */
export function sampleCall(endpoint: Endpoint, forum: Forum, id?: string | number): Test {
  return forum.call(endpoint.method, samplePath(endpoint, forum, id), endpoint.token ? forum.author.token : undefined);
}

export const withBody = endpoints.filter(({ body }) => body);
export const withParams = endpoints.filter(({ params }) => params);
export const withQuery = endpoints.filter(({ query }) => query);
export const withToken = endpoints.filter(({ token }) => token);

/** How an endpoint is called in the name of a case. */
export const title = ({ method, path }: { method: Method; path: string }): string => `${method.toUpperCase()} ${path}`;

/** Names of the fields of an endpoint's body. */
export const fieldsOf = (endpoint: Endpoint): string[] => Object.keys(sampleBody(endpoint));
