import assert from "node:assert/strict";
import { connect } from "node:net";
import { it } from "node:test";
import { rawRequest } from "../balancer/raw-client.ts";
import type { Forum } from "./forum.ts";

/** What clients would not send: written byte by byte. The balancer may refuse it before the forum sees it. */
export function connectionCases(forum: Forum): void {
  const statusOf = async (requestLine: string, headers: [string, string][] = [], body = "") => {
    const { host } = new URL(forum.target.url);
    return exchange(forum.target.url, rawRequest(requestLine, [["Host", host], ...headers], body));
  };
  const isRefused = (status: number, what: string) => assert.ok(status >= 400 && status < 500, `${what}: ${status}`);

  it("refuses a header of 1 MB", async () => {
    const status = await statusOf("GET /api/threads HTTP/1.1", [["X-Long", "a".repeat(1024 * 1024)]]);
    assert.ok([400, 414, 431].includes(status), String(status));
  });

  it("refuses very long paths", async () => {
    for (const length of [5000, 20_000, 100_000]) {
      isRefused(await statusOf(`GET /api/threads/${"9".repeat(length)} HTTP/1.1`), String(length));
    }
  });

  it("refuses percent-encoding that is none, and bytes that are no UTF-8", async () => {
    for (const garbage of ["%", "%z", "%00", "1%00", "%zz", "%c3", "%ff", "%c0%80", "%ed%a0%80", "%u0041"]) {
      for (const path of [`/api/threads/${garbage}`, `/api/posts/in-thread/${garbage}`, `/api/users/${garbage}`]) {
        isRefused(await statusOf(`GET ${path} HTTP/1.1`), path);
      }
    }
  });

  it("leads no path out of its place", async () => {
    for (const path of [
      "/api/threads/../../internal/events",
      "/api/threads/%2e%2e/%2e%2e/ready",
      "/api/%2e%2e/etc/passwd",
    ]) {
      isRefused(await statusOf(`GET ${path} HTTP/1.1`), path);
    }
  });

  it("refuses bodies whose length is in doubt", async () => {
    const type: [string, string] = ["Content-Type", "application/json"];
    const doubts: [string, string][][] = [
      [["Content-Length", "abc"]],
      [["Content-Length", "-1"]],
      [
        ["Content-Length", "2"],
        ["Content-Length", "3"],
      ],
      [
        ["Content-Length", "2"],
        ["Transfer-Encoding", "chunked"],
      ],
      [["Transfer-Encoding", "chunked, nonsense"]],
    ];
    for (const headers of doubts) {
      const status = await statusOf("POST /api/users HTTP/1.1", [type, ...headers], "{}");
      assert.ok(status === 501 || (status >= 400 && status < 500), `${JSON.stringify(headers)}: ${status}`);
    }
  });

  it("refuses what is no HTTP", async () => {
    isRefused(await exchange(forum.target.url, "HELLO\r\n\r\n"), "HELLO");
    isRefused(await exchange(forum.target.url, `GET /api/threads HTTP/1.1\r\n\r\n`), "no Host");
  });

  it("survives clients that go away in the middle of a body", async () => {
    const { hostname, port } = new URL(forum.target.url);
    const head = rawRequest(
      "POST /api/users HTTP/1.1",
      [
        ["Host", hostname],
        ["Content-Length", "100"],
      ],
      "{",
    );
    for (let client = 0; client < 5; client++) {
      const socket = connect(Number(port), hostname);
      await new Promise((resolve) => socket.write(head, resolve));
      socket.destroy();
    }
    await forum.call("get", `/api/threads/${forum.thread.id}`).expect(200);
  });
}

/** Sends bytes and gives the status of the first answer; what comes after it, a reset included, does not matter. */
async function exchange(url: string, text: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    return await new Promise<number>((resolve, reject) => {
      let received = "";
      socket.setTimeout(5000, () => reject(new Error(`no answer within 5 s to ${text.slice(0, 100)}`)));
      socket.on("data", (bytes) => {
        received += bytes.toString("latin1");
        const status = /^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1];
        if (status !== undefined) resolve(Number(status));
      });
      socket.on("close", () => reject(new Error(`closed without an answer to ${text.slice(0, 100)}`)));
      socket.on("error", () => {});
      socket.write(text, "latin1");
    });
  } finally {
    socket.destroy();
  }
}
