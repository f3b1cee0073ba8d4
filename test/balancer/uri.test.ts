import assert from "node:assert/strict";
import { test } from "node:test";
import { forwardedHost, parseAuthority } from "../../infra/balancer/host.ts";
import { connectTarget, normalisePath, parseRequestTarget } from "../../infra/balancer/uri.ts";

test("a path is decoded once, its slashes merged and its dot segments resolved", () => {
  const pairs: Record<string, string> = {
    "/": "/",
    "//": "/",
    "/api/users": "/api/users",
    "/api//users///1": "/api/users/1",
    "/api/./users/.": "/api/users/",
    "/api/x/../users": "/api/users",
    "/api/users/..": "/api/",
    "/%61pi/users": "/api/users",
    "/api%2Fusers": "/api/users",
    "/api/%2e%2E/api/users": "/api/users",
    "/a%252F": "/a%2F",
    "/a%3Fb%23c%25": "/a?b#c%",
    "/...": "/...",
    "/..a/.b": "/..a/.b",
    "/caf%C3%A9": "/caf\xc3\xa9",
  };
  for (const [raw, path] of Object.entries(pairs)) assert.equal(normalisePath(raw), path, raw);
});

test("a path that cannot be normalised has no normal form", () => {
  for (const raw of ["/..", "/a/../..", "/%2e%2e/", "/%", "/%4", "/%zz", "/%00"])
    assert.equal(normalisePath(raw), undefined, raw);
});

test("the query keeps the client's writing, and a fragment belongs to neither path nor query", () => {
  assert.deepEqual(parseRequestTarget("/a%2Fb//c?q=%26?#x?y"), {
    originForm: "/a%2Fb//c?q=%26?#x?y",
    path: "/a/b/c",
    query: "q=%26?",
  });
  assert.deepEqual(parseRequestTarget("/a#x?y"), { originForm: "/a#x?y", path: "/a", query: "" });
});

test("an absolute-form target names a host, and the target group gets its path", () => {
  assert.deepEqual(parseRequestTarget("http://Example.com:81/a//b?c"), {
    authority: { name: "example.com", port: "81" },
    originForm: "/a//b?c",
    path: "/a/b",
    query: "c",
  });
  assert.equal(parseRequestTarget("http://x")?.originForm, "/");
  assert.equal(parseRequestTarget("http://[::1]:80?q")?.originForm, "/?q");
});

test("other targets are malformed", () => {
  for (const target of [
    "",
    "*",
    "a",
    "http:/x/",
    "http:///x",
    "http://u@x/",
    "http://x#y",
    "/a b",
    "/a\x7f",
    "1://x/",
    "/\x00",
  ]) {
    assert.equal(parseRequestTarget(target), undefined, target);
  }
});

test("CONNECT takes a host and a port", () => {
  assert.equal(connectTarget("a:443")?.authority?.port, "443");
  for (const target of ["a", "/", "http://a/"]) assert.equal(connectTarget(target), undefined, target);
});

test("the host that rules see is lower-cased, without port and final dot", () => {
  assert.deepEqual(parseAuthority("Example.COM:8080"), { name: "example.com", port: "8080" });
  assert.deepEqual(parseAuthority("example.com.:"), { name: "example.com", port: undefined });
  assert.deepEqual(parseAuthority("[::1]:80"), { name: "[::1]", port: "80" });
  for (const host of [".a", "a_b", "a%41", "a,b", "1.2.3.4", "[v1.x]"]) assert.equal(parseAuthority(host)?.name, host);
});

test("a malformed host is none", () => {
  const malformed = [
    "",
    ".",
    ":80",
    "a/b",
    "a b",
    "a..b",
    "a:b",
    "a:80:80",
    "a:65536",
    "[::1",
    "[::1]x",
    "::1",
    "u@a",
    "\xe9",
  ];
  for (const host of malformed) assert.equal(parseAuthority(host), undefined, host);
});

test("the target's Host has a port exactly when the listener's port is not a default one", () => {
  assert.equal(forwardedHost({ name: "example.com", port: "80" }, 80), "example.com");
  assert.equal(forwardedHost({ name: "example.com", port: undefined }, 8080), "example.com:8080");
  assert.equal(forwardedHost({ name: "example.com", port: "9090" }, 8080), "example.com:9090");
});
