import { before, after, beforeEach, describe } from "node:test";
import { accountCases } from "./accounts.ts";
import { bodyCases } from "./bodies.ts";
import { connectionCases } from "./connections.ts";
import { coverageCase } from "./coverage.ts";
import { openForum, type Target } from "./forum.ts";
import { httpCases } from "./http.ts";
import { listCases } from "./lists.ts";
import { oddInputCases } from "./odd-input.ts";
import { parameterCases } from "./parameters.ts";
import { permissionCases } from "./permissions.ts";
import { postCases } from "./posts.ts";
import { sessionCases } from "./sessions.ts";
import { threadCases } from "./threads.ts";
import { tokenCases } from "./tokens.ts";
import { traceCases } from "./trace.ts";
import { userCases } from "./users.ts";

export type { Target } from "./forum.ts";

/**
 * The contract as one suite, the same cases for every shape of the forum. It can be run again on a forum with data:
 * it looks only at what it has made itself.
 * @param target gives the forum; asked when the first case begins
 */
export function contractSuite(name: string, target: () => Target): void {
  describe(`contract: ${name}`, () => {
    const forum = openForum(target);
    let cases = 0;
    before(() => forum.settle());
    beforeEach(() => void cases++);
    after(() => console.log(`contract: ${cases} cases against ${name}`));

    describe("users", () => userCases(forum));
    describe("sessions", () => sessionCases(forum));
    describe("threads", () => threadCases(forum));
    describe("posts", () => postCases(forum));
    describe("lists", () => listCases(forum));
    describe("deleted accounts", () => accountCases(forum));
    describe("tokens", () => tokenCases(forum));
    describe("permissions", () => permissionCases(forum));
    describe("bodies", () => bodyCases(forum));
    describe("parameters", () => parameterCases(forum));
    describe("odd input", () => oddInputCases(forum));
    describe("HTTP", () => httpCases(forum));
    describe("connections", () => connectionCases(forum));
    describe("trace ids", () => traceCases(forum));
    coverageCase(forum);
  });
}
