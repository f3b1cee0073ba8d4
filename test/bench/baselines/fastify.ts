/** Baseline: Fastify 5 with its plugin for pg and a schema for the answer, as their documentation shows it. */
import postgres from "@fastify/postgres";
import fastify from "fastify";
import "./pool.ts";
import { firstPage, PAGE, postsOfThread } from "./statements.ts";

const app = fastify();
await app.register(postgres, { connectionString: process.env["DATABASE_URL"]!, max: 10 });

const moment = { type: "string", format: "date-time" };
const post = {
  type: "object",
  properties: {
    id: { type: "integer" },
    thread: { type: "integer" },
    user: { type: "integer" },
    text: { type: "string" },
    createdAt: moment,
    updatedAt: moment,
  },
};
const schema = { response: { 200: { type: "array", items: post } } };

app.get<{ Params: { threadId: string } }>("/api/posts/in-thread/:threadId", { schema }, async (req) => {
  const { rows } = await app.pg.query({ ...postsOfThread, values: firstPage(Number(req.params.threadId)) });
  return rows.slice(0, PAGE);
});

await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
