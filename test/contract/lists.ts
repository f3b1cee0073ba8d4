import assert from "node:assert/strict";
import { it } from "node:test";
import type { Post, Thread } from "../../services/contract/src/index.ts";
import { expectJson, expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";
import { samplePath, title, UNKNOWN_ID, withQuery } from "./samples.ts";

interface Row {
  id: number;
  createdAt: string;
}

/** Lists and their pages. */
export function listCases(forum: Forum): void {
  /** Every page of a list, from that address to the last one. */
  const walk = async (path: string): Promise<Row[][]> => {
    const response = await forum.call("get", path).expect(200);
    const page = response.body as Row[];
    const link = response.headers["link"];
    if (link === undefined) return [page];
    const next = /^<([^<>]+)>; rel="next"$/.exec(link)?.[1];
    assert.ok(next, `Link: ${link}`);
    return [page, ...(await walk(next))];
  };

  /** A thread with five posts. */
  const filled = async (): Promise<{ thread: Thread; posts: Post[] }> => {
    const thread = await forum.newThread(forum.author);
    const posts: Post[] = [];
    for (let number = 1; number <= 5; number++) {
      posts.push(await forum.newPost(forum.author, thread, `Post ${number}`));
    }
    return { thread, posts };
  };

  it("walks the pages of a list by its Link headers", async () => {
    const { thread, posts } = await filled();
    const path = `/api/posts/in-thread/${thread.id}`;
    assert.deepEqual(await walk(`${path}?limit=2`), [posts.slice(0, 2), posts.slice(2, 4), posts.slice(4)]);
  });

  it("has no Link on a page that ends the list exactly", async () => {
    const { thread, posts } = await filled();
    const path = `/api/posts/in-thread/${thread.id}`;
    assert.deepEqual(await walk(`${path}?limit=5`), [posts]);
    assert.deepEqual(await walk(path), [posts]);
    const response = await forum.call("get", `${path}?limit=5`);
    expectJson(response, 200, posts);
    assert.equal(response.headers["link"], undefined);
  });

  it("keeps limit and path in the address of the next page", async () => {
    const { thread } = await filled();
    const path = `/api/posts/in-thread/${thread.id}`;
    const { headers } = await forum.call("get", `${path}?limit=3&other=1`);
    assert.match(headers["link"] as string, new RegExp(`^<${path}\\?limit=3&after=[\\w-]+>; rel="next"$`));
  });

  it("misses nothing and repeats nothing while rows come and go", async () => {
    const { thread, posts } = await filled();
    const path = `/api/posts/in-thread/${thread.id}`;
    const { headers } = await forum.call("get", `${path}?limit=2`);
    await forum.call("delete", `/api/posts/${posts[1]!.id}`, forum.author.token).expect(204);
    const late = await forum.newPost(forum.author, thread, "Late");
    const next = /<(.*)>/.exec(headers["link"] as string)![1]!;
    assert.deepEqual((await walk(next)).flat(), [...posts.slice(2), late]);
  });

  it("lists the posts of an account, of all its threads", async () => {
    const [writer, { thread }] = [await forum.register(), await filled()];
    const posts = [await forum.newPost(writer, forum.thread), await forum.newPost(writer, thread)];
    assert.deepEqual((await walk(`/api/posts/by-user/${writer.id}?limit=1`)).flat(), posts);
  });

  it("has no posts of an unknown thread or account", async () => {
    expectJson(await forum.call("get", `/api/posts/in-thread/${UNKNOWN_ID}`), 200, []);
    expectJson(await forum.call("get", `/api/posts/by-user/${UNKNOWN_ID}`), 200, []);
  });

  for (const path of ["/api/users", "/api/threads", "/api/posts"]) {
    it(`lists everything at ${path}, each once, oldest first`, async () => {
      const mine = { "/api/users": forum.author.id, "/api/threads": forum.thread.id, "/api/posts": forum.post.id };
      const pages = await walk(`${path}?limit=100`);
      assert.ok(pages.slice(0, -1).every((page) => page.length === 100));
      const rows = pages.flat();
      const places = rows.map(({ createdAt, id }) => `${createdAt} ${String(id).padStart(16, "0")}`);
      assert.deepEqual(places, [...new Set(places)].sort());
      assert.ok(rows.some(({ id }) => id === mine[path as keyof typeof mine]));
    });
  }

  for (const endpoint of withQuery) {
    const list = (query: string) => forum.call("get", `${samplePath(endpoint, forum)}?${query}`);

    it(`${title(endpoint)} takes a limit from 1 to 100`, async () => {
      for (const limit of [1, 100]) {
        const { body } = await list(`limit=${limit}`).expect(200);
        assert.ok((body as Row[]).length <= limit);
      }
      const bad = ["0", "-1", "101", "1000", "abc", "1.5", "1e1", "+1", "01", "", "%00", "1&limit=2", "%F0%9F%98%80"];
      for (const limit of bad) expectProblem(await list(`limit=${limit}`), "invalid-request", ["limit"]);
    });

    it(`${title(endpoint)} refuses a cursor that no Link header had`, async () => {
      const written = ["0.0", "1.-1", "1.1.1", "NaN.1", "999999999999999.1", "-999999999999999.1", "1'.1"];
      const cursors = written.map((text) => Buffer.from(text).toString("base64url"));
      for (const after of [...cursors, "", "x", "1", "%00", "a".repeat(65), `${cursors[0]}=`, "a&after=b"]) {
        expectProblem(await list(`after=${after}`), "invalid-request", ["after"]);
      }
      expectProblem(await list("after=x&limit=x"), "invalid-request", ["after", "limit"]);
    });

    it(`${title(endpoint)} ignores parameters that it does not know`, async () => {
      const query = "limit[]=x&after[a]=x&__proto__=x&constructor=x&LIMIT=x&&=&%E0%A4%A=1";
      await list(`${query}&limit=1`).expect(200);
    });
  }
}
