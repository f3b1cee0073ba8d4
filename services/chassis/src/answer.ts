import type { Response } from "express";

/** Sends a text that is JSON. Express would look for what is not used here: ETags, JSONP, other encodings. */
export function sendJson(res: Response, text: string): Response {
  const bytes = Buffer.from(text);
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Length", bytes.length);
  // To a HEAD request Node sends no body.
  return res.end(bytes);
}
