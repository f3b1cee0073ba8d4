import {
  problemKinds,
  problemType,
  type FieldError,
  type ProblemDocument,
  type ProblemKind,
} from "../../contract/src/index.ts";

interface Details {
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An error that a client is told about: RFC 9457 problem details and the headers that belong to them. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(kind: ProblemKind, { detail, errors, headers = {}, cause }: Details = {}) {
    super(detail ?? problemKinds[kind].title, { cause });
    this.name = "Problem";
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }

  /** The body of the answer. */
  document(traceId: string): ProblemDocument {
    const { status, title } = problemKinds[this.kind];
    return {
      type: problemType(this.kind),
      title,
      status,
      ...(this.message !== title && { detail: this.message }),
      traceId,
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** 400, naming each field that is wrong. */
export const invalid = (errors: FieldError[]): Problem => new Problem("invalid-request", { errors });

/** 401. RFC 6750: no error code where no token was sent. */
export const unauthenticated = (detail: string, error?: "invalid_token"): Problem =>
  new Problem("unauthenticated", {
    detail,
    headers: { "WWW-Authenticate": error ? `Bearer realm="api", error="${error}"` : 'Bearer realm="api"' },
  });

/** 403. */
export const forbidden = (detail: string): Problem => new Problem("forbidden", { detail });

/** 404. */
export const notFound = (detail: string): Problem => new Problem("not-found", { detail });

/** 409. */
export const conflict = (detail: string, errors?: FieldError[]): Problem =>
  new Problem("conflict", { detail, ...(errors && { errors }) });

/** 503 with `Retry-After` in seconds: nothing was written, the same request may succeed later. */
export const unavailable = (detail: string, cause?: unknown, retryAfter = 1): Problem =>
  new Problem("unavailable", { detail, cause, headers: { "Retry-After": String(retryAfter) } });

/** 429 with `Retry-After` in seconds. */
export const tooManyRequests = (detail: string, retryAfter: number): Problem =>
  new Problem("too-many-requests", { detail, headers: { "Retry-After": String(retryAfter) } });
