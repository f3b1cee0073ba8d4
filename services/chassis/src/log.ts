import type { RequestHandler } from "express";
import { pino, stdTimeFunctions, type Logger } from "pino";
import { pinoHttp } from "pino-http";
import { currentTrace } from "./trace.ts";

export type { Logger };

/** JSON lines on stdout, each with the service's name and, inside a request, its trace id. */
export function createLog(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const trace = currentTrace();
      return trace ? { traceId: trace.id, ...(trace.amazon && { amznTraceId: trace.amazon }) } : {};
    },
  });
}

/** One line a request when it is over. No header and no body is logged: they hold tokens and passwords. */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp<Parameters<RequestHandler>[0], Parameters<RequestHandler>[1]>({
    logger: log,
    quietReqLogger: true,
    // Every line has the trace id already: no second id for the same request.
    genReqId: () => undefined as unknown as string,
    quietResLogger: true,
    serializers: {},
    wrapSerializers: false,
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? "error" : "info"),
    customSuccessMessage: (req, res, ms) => `${req.method} ${req.originalUrl} ${res.statusCode} ${Math.round(ms)} ms`,
    customErrorMessage: (req, res) => `${req.method} ${req.originalUrl} ${res.statusCode}`,
    customSuccessObject: (req, res) => ({ method: req.method, url: req.originalUrl, status: res.statusCode }),
    customErrorObject: (req, res) => ({ method: req.method, url: req.originalUrl, status: res.statusCode }),
  });
}
