/** Baseline: Express 5 and a pool of pg, as their documentation shows it. */
import express from "express";
import { pool, port } from "./pool.ts";
import { firstPage, PAGE, postsOfThread } from "./statements.ts";

const app = express();

app.get("/api/posts/in-thread/:threadId", async (req, res) => {
  const { rows } = await pool.query({ ...postsOfThread, values: firstPage(Number(req.params.threadId)) });
  res.json(rows.slice(0, PAGE));
});

app.listen(port, "127.0.0.1");
