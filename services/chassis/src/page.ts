import type { Request, Response } from "express";
import { sendJson } from "./answer.ts";
import { encodeCursor, type Page } from "../../contract/src/index.ts";

/**
 * Sends one page of a list out of its rows as JSON. `rows` holds up to one row more than the page's limit, which tells whether there is a
 * next page without a second query; its address goes into the `Link` header (RFC 8288), relative to this one.
 */
export function sendPage(req: Request, res: Response, page: Page, rows: string[]): void {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  if (rows.length > page.limit && last) {
    const { createdAt, id } = JSON.parse(last) as { createdAt: string; id: number };
    const after = encodeCursor({ createdAt: Date.parse(createdAt), id });
    res.set("Link", `<${req.path}?limit=${page.limit}&after=${after}>; rel="next"`);
  }
  sendJson(res, `[${shown.join(",")}]`);
}

/**
 * Values for `WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`. Without a cursor the page begins
 * before everything, so that the statement, and with it the index it uses, is the same for every page.
 */
export function pageValues({ after, limit }: Page): [createdAt: string, id: number, rows: number] {
  const createdAt = after ? new Date(after.createdAt).toISOString() : "-infinity";
  return [createdAt, after?.id ?? 0, limit + 1];
}
