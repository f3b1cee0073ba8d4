import * as z from "zod";

/** What can go wrong: the last part of a problem's `type`, its HTTP status, its title. */
export const problemKinds = {
  "invalid-request": { status: 400, title: "The request is not valid" },
  unauthenticated: { status: 401, title: "A valid token is needed" },
  forbidden: { status: 403, title: "This is not yours to change" },
  "not-found": { status: 404, title: "There is no such thing" },
  "method-not-allowed": { status: 405, title: "This address does not know that method" },
  conflict: { status: 409, title: "The request contradicts what is stored" },
  "too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be application/json in UTF-8" },
  "too-many-requests": { status: 429, title: "Too many attempts" },
  "headers-too-large": { status: 431, title: "The request's headers are too large" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "Temporarily not available" },
} as const;

export type ProblemKind = keyof typeof problemKinds;

export const fieldError = z.object({
  field: z.string().meta({ description: "Name of the field in body, query or path.", examples: ["title"] }),
  message: z.string().meta({ examples: ["must have at most 200 characters"] }),
});
export type FieldError = z.output<typeof fieldError>;

/** RFC 9457 problem details, the body of every error. */
export const problem = z
  .object({
    type: z.string().meta({ examples: ["urn:problem:invalid-request"] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    traceId: z.string().meta({ description: "The trace id under which the request is logged." }),
    errors: z.array(fieldError).optional().meta({ description: "With 400: every field that is wrong." }),
  })
  .meta({ id: "Problem" });
export type ProblemDocument = z.output<typeof problem>;

/** The `type` of a kind of problem. */
export const problemType = (kind: ProblemKind): string => `urn:problem:${kind}`;
