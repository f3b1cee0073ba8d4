import { format } from "oxfmt";
import { endpoints, type Endpoint } from "../src/endpoints.ts";
import { openApiDocument } from "./document.ts";

const titles = {
  forum: "Forum",
  users: "Forum: users",
  threads: "Forum: threads",
  posts: "Forum: posts",
};

/** The text of every OpenAPI document by the name of its file, formatted as everything in this repository is. */
export async function documents(): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, title] of Object.entries(titles)) {
    const isAnswered = ({ service }: Endpoint) => name === "forum" || service === "every" || service === name;
    const document = openApiDocument(title, endpoints.filter(isAnswered));
    const { code } = await format(`${name}.json`, JSON.stringify(document, withoutIdlePattern), { printWidth: 120 });
    texts[`${name}.json`] = code;
  }
  return texts;
}

/** A pattern says of a number or a date what its type and its format say better. */
function withoutIdlePattern(_key: string, value: unknown): unknown {
  const schema = value as { type?: unknown; format?: unknown } | null;
  const isIdle = schema?.type === "integer" || schema?.format === "date-time";
  return isIdle ? { ...schema, pattern: undefined } : value;
}
