import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { importDump, sampleFolder } from "../../infra/import/src/import.ts";
import { newPost, newThread, newUser } from "../../services/contract/src/index.ts";
import { answer, bigDump, comment, question, realDump, user, writeDump } from "./dumps.ts";
import { startForumDatabases, type ForumDatabases, type ShapeName } from "./forum-databases.ts";

let forum: ForumDatabases;
before(async () => {
  forum = await startForumDatabases();
});
beforeEach(() => forum.empty());
after(() => forum.stop());

const load = (dir: string, shape: ShapeName, source = "test") =>
  importDump({ dir, source, databases: forum.urls[shape] });

for (const shape of ["monolith", "services"] as const) {
  describe(`into the ${shape}`, () => {
    test("loads the sample, and the second time nothing", async () => {
      const first = await load(sampleFolder, shape);
      assert.deepEqual(await forum.stored(shape), { users: 10, threads: 6, posts: 25 });
      assert.deepEqual([first.users.added, first.placeholders.added, first.complete], [8, 2, true]);
      const second = await load(sampleFolder, shape);
      assert.deepEqual(await forum.stored(shape), { users: 10, threads: 6, posts: 25 });
      for (const table of ["users", "placeholders", "threads", "posts"] as const) {
        assert.deepEqual(second[table], { added: 0, alreadyThere: first[table].added });
      }
    });

    test("loads a dump with authors of every kind", async () => {
      const { dump, expected } = bigDump();
      const summary = await load(await writeDump(dump), shape);
      assert.deepEqual(await forum.stored(shape), expected);
      assert.deepEqual(summary.leftOut, { posts: 30, comments: 30 });
      assert.equal(summary.placeholders.added, 8);
    });

    const skip = realDump ? false : "FORUM_DUMP names no folder with the dump of history.meta.stackexchange";
    test("loads history.meta.stackexchange", { skip }, async () => {
      const summary = await load(realDump!, shape);
      assert.deepEqual(await forum.stored(shape), { users: 2295 + 19, threads: 556, posts: 5105 });
      assert.deepEqual(summary.leftOut, { posts: 6, comments: 0 });
      const { users, threads, posts } = forum.urls[shape];
      const accounts = await forum.query<{ username: string; name: string; bio: string }>(
        users,
        "SELECT username, name, bio FROM users",
      );
      for (const account of accounts) newUser.parse({ ...account, password: "not used" });
      for (const row of await forum.query(threads, "SELECT title FROM threads")) newThread.parse(row);
      for (const row of await forum.query(posts, "SELECT text FROM posts")) newPost.parse(row);
    });

    test("keeps a thread's posts in their order, the question first", async () => {
      const same = { CreationDate: "2021-01-01T00:00:00.000" };
      const dir = await writeDump({
        users: [user(1)],
        posts: [
          answer(5, 7, { CreationDate: "2021-01-01T00:00:02.500" }),
          question(7, { ...same, Body: "first" }),
          answer(8, 7, { CreationDate: "2021-01-01T00:00:01.000" }),
        ],
        comments: [comment(1, 5, { CreationDate: "2021-01-01T00:00:03.000" }), comment(2, 7, same)],
      });
      await load(dir, shape);
      const posts = await forum.query<{ text: string; created_at: Date; updated_at: Date }>(
        forum.urls[shape].posts,
        "SELECT text, created_at, updated_at FROM posts ORDER BY created_at, id",
      );
      assert.deepEqual(
        posts.map((post) => post.text),
        ["first", "Remark 2", "<p>Text 8</p>", "<p>Text 5</p>", "Remark 1"],
      );
      assert.equal(posts[3]!.created_at.toISOString(), "2021-01-01T00:00:02.500Z");
      assert.deepEqual(posts[3]!.updated_at, posts[3]!.created_at);
    });

    test("leaves a deleted thread deleted, with all that belongs to it", async () => {
      const dump = { users: [user(1)], posts: [question(1), question(2)] };
      await load(await writeDump(dump), shape);
      const { threads, posts } = forum.urls[shape];
      await forum.query(threads, "DELETE FROM threads WHERE title = 'Question 1'");
      if (shape === "services") await forum.query(posts, "INSERT INTO deleted_threads VALUES (1)");
      const more = { ...dump, posts: [...dump.posts, answer(3, 1), answer(4, 2)] };
      const summary = await load(await writeDump(more), shape);
      assert.deepEqual([summary.threads.added, summary.posts.added, summary.leftOut.posts], [0, 1, 1]);
      if (shape === "services") await forum.query(posts, "TRUNCATE deleted_threads");
    });
  });
}

test("imported accounts cannot log in, and authors without an account get one by their name", async () => {
  const { urls, query } = forum;
  const posts = [question(1, { OwnerDisplayName: "Ghost" }), answer(2, 1), answer(3, 1, { OwnerDisplayName: "Ghost" })];
  for (const row of posts) delete row.OwnerUserId;
  await load(await writeDump({ users: [user(1)], posts, comments: [comment(1, 1, { UserId: 77 })] }), "monolith");
  const rows = await query<{ name: string; posts: number }>(
    urls.monolith.users,
    `SELECT name, count(posts.id)::integer AS posts FROM users LEFT JOIN posts ON posts.user_id = users.id
     WHERE password_hash IS NULL GROUP BY users.id ORDER BY users.id`,
  );
  assert.deepEqual(rows, [
    { name: "User 1", posts: 0 },
    { name: "Ghost", posts: 2 },
    { name: "Deleted user", posts: 2 },
  ]);
});

test("cuts what is too long and says so", async () => {
  const dir = await writeDump({
    users: [user(1, { AboutMe: "b".repeat(2001), DisplayName: "😀".repeat(101) })],
    posts: [
      question(1, { Title: "t".repeat(201), Body: "x".repeat(30_001) }),
      question(2, { Body: "x".repeat(30_000) }),
    ],
  });
  const summary = await load(dir, "monolith");
  assert.deepEqual(summary.cut, { names: 1, titles: 1, bios: 1, texts: 1 });
  const [row] = await forum.query<{ title: string; text: string }>(
    forum.urls.monolith.posts,
    "SELECT title, text FROM posts JOIN threads ON threads.id = thread_id ORDER BY posts.id",
  );
  assert.equal(row!.title, `${"t".repeat(199)}…`);
  assert.equal(row!.text, `${"x".repeat(29_999)}…`);
});

test("live data, another dump with the same ids and taken usernames do not collide", async () => {
  const { urls, query } = forum;
  await query(urls.monolith.users, "INSERT INTO users (username, name) VALUES ('User-1-1', 'was here before')");
  const dir = await writeDump({ users: [user(1)], posts: [question(1)] });
  await load(dir, "monolith", "one");
  await load(dir, "monolith", "two");
  const rows = await query<{ username: string }>(urls.monolith.users, "SELECT username FROM users ORDER BY id");
  assert.deepEqual(
    rows.map((row) => row.username),
    ["User-1-1", "user-1-1.2", "user-1-1.3"],
  );
  assert.equal((await forum.stored("monolith")).posts, 2);
});
