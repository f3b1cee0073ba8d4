import {
  createDocument,
  type ZodOpenApiHeadersObject,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import type { Endpoint, Success } from "../src/endpoints.ts";
import { problem, problemKinds, type ProblemKind } from "../src/problem.ts";

/** An OpenAPI 3.1 document of these endpoints. */
export function openApiDocument(title: string, endpoints: Endpoint[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const endpoint of endpoints) (paths[endpoint.path] ??= {})[endpoint.method] = operation(endpoint);
  const document: ZodOpenApiObject = {
    openapi: "3.1.0",
    info: { title, version: "1.0.0", description: DESCRIPTION, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "http://localhost:8080" }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The token of `POST /api/users/sessions`.",
        },
      },
      // No operation can refer to them: they answer methods and headers that no operation describes.
      responses: {
        "method-not-allowed": problemResponses["method-not-allowed"],
        "headers-too-large": problemResponses["headers-too-large"],
      },
    },
  };
  return createDocument(document, {
    override({ jsonSchema, io }) {
      // Answers may get more fields one day; only requests are closed.
      if (io === "output") delete jsonSchema.additionalProperties;
    },
  });
}

const DESCRIPTION = `Users, threads and posts. The API is the same whether one process answers it or several services do.

**Ids** are positive integers. **Times** are UTC with milliseconds. **Writing** needs a token.

**Lists** are plain arrays, oldest first. When there is more, the header \`Link\` has the address of the next page with
\`rel="next"\`; on the last page it is absent.

**Errors** are RFC 9457 problem details, \`application/problem+json\`. \`traceId\` is the trace id of the request: that of
its header \`traceparent\` or \`X-Amzn-Trace-Id\`, or a new one. A 400 names every wrong field.

**Methods**: HEAD works wherever GET does. OPTIONS is answered by 204 with the header \`Allow\`, a method that an address
does not know by 405 with the same header. Headers over 64 kB are refused with 400, 414 or 431.

**Eventually consistent**, within 5 seconds: the posts of a deleted thread are gone, and the tokens of a deleted account
are void, everywhere. Everything else holds at once: what a call has answered, every later call sees.`;

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, body, success, problems } = endpoint;
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    ...(endpoint.description !== undefined && { description: endpoint.description }),
    tags: [endpoint.service === "every" ? "greeting" : endpoint.service],
    security: endpoint.token ? [{ bearer: [] }] : [],
    ...((params || query) && { requestParams: { ...(params && { path: params }), ...(query && { query }) } }),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      [success.status]: successResponse(success),
      ...Object.fromEntries(problems.map((kind) => [problemKinds[kind].status, problemResponses[kind]])),
    },
  };
}

const headers = {
  Location: {
    description: "Path of what was created.",
    required: true,
    schema: { type: "string", format: "uri-reference" },
  },
  Link: { description: 'Address of the next page, `rel="next"`; absent on the last one.', schema: { type: "string" } },
  "Cache-Control": { description: "How long the answer may be kept.", required: true, schema: { type: "string" } },
  "WWW-Authenticate": { description: "RFC 6750 challenge.", required: true, schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait.", required: true, schema: { type: "integer", minimum: 1 } },
  Allow: { description: "The methods that this address knows.", required: true, schema: { type: "string" } },
} satisfies ZodOpenApiHeadersObject;

function successResponse({ description, body, headers: names = [] }: Success): ZodOpenApiResponseObject {
  return {
    description,
    ...(names.length > 0 && { headers: Object.fromEntries(names.map((name) => [name, headers[name]])) }),
    ...(typeof body === "string" && { content: { "text/plain": { schema: { type: "string", const: body } } } }),
    ...(typeof body === "object" && { content: { "application/json": { schema: body } } }),
  };
}

/** Headers that belong to a problem. */
const problemHeaders: { [Kind in ProblemKind]?: keyof typeof headers } = {
  unauthenticated: "WWW-Authenticate",
  "method-not-allowed": "Allow",
  "too-many-requests": "Retry-After",
  unavailable: "Retry-After",
};

function problemResponse(kind: ProblemKind): ZodOpenApiResponseObject {
  const header = problemHeaders[kind];
  return {
    id: kind,
    description: problemKinds[kind].title,
    ...(header && { headers: { [header]: headers[header] } }),
    content: { "application/problem+json": { schema: problem } },
  };
}

/** One object each, because zod-openapi knows a shared component by its identity. */
const problemResponses = Object.fromEntries(
  (Object.keys(problemKinds) as ProblemKind[]).map((kind) => [kind, problemResponse(kind)]),
) as Record<ProblemKind, ZodOpenApiResponseObject>;
