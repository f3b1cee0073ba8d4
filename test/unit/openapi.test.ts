import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { documents } from "../../services/contract/openapi/documents.ts";
import { endpoints } from "../../services/contract/src/endpoints.ts";

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; required?: boolean }[];
  responses: Record<string, { description?: string; $ref?: string }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

for (const [name, text] of Object.entries(await documents())) {
  const document = JSON.parse(text) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item).map((operation) => ({ path, operation })),
  );

  test(`${name} is what the contract says now; otherwise: npm run openapi`, async () => {
    assert.equal(await readFile(new URL(`../../services/contract/openapi/${name}`, import.meta.url), "utf8"), text);
  });

  test(`${name} refers only to what it has`, () => {
    const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(references.length > 0);
    for (const reference of references) assert.ok(resolve(document, reference), `${reference} leads nowhere`);
  });

  test(`${name} has what OpenAPI 3.1 asks for`, () => {
    assert.match(document.openapi, /^3\.1\.\d$/);
    assert.ok(document.info.title && document.info.version);
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.deepEqual(ids, [...new Set(ids)], "each operationId stands once");
    for (const { path, operation } of operations) {
      const { operationId, parameters = [], responses, security } = operation;
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      const described = parameters.filter((parameter) => parameter.in === "path");
      assert.deepEqual(described.map(({ name: parameter }) => parameter).sort(), inPath.sort(), operationId);
      assert.ok(described.every(({ required }) => required));
      for (const [status, response] of Object.entries(responses)) {
        assert.match(status, /^[1-5]\d\d$/);
        assert.ok(response.description ?? response.$ref, `${operationId} ${status} has no description`);
      }
      const schemes = security.flatMap((requirement) => Object.keys(requirement));
      for (const scheme of schemes) assert.ok(document.components["securitySchemes"]?.[scheme]);
    }
  });
}

test("the forum's document has every endpoint", async () => {
  const { paths } = JSON.parse((await documents())["forum.json"]!) as Document;
  const described = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((m) => `${m} ${path}`));
  assert.deepEqual(described.sort(), endpoints.map(({ method, path }) => `${method} ${path}`).sort());
});

/** What a JSON pointer of a `$ref` leads to. */
function resolve(document: unknown, reference: string): unknown {
  let place = document;
  for (const key of reference.replace(/^#\//, "").split("/")) {
    place = (place as Record<string, unknown> | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return place;
}
