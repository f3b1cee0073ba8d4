/**
 * What happens while a module moves, as plain data: the steps and the watch on the traffic tell it, the live view and the
 * report show it, and a one-off task sends it as JSON lines.
 */
import type { Side } from "../../services/chassis/src/ownership/standing.ts";

/** A verb's work on one module: what `to` and `back` do in order. */
export const STEPS = ["prepare", "verify", "shift", "handover", "retire"] as const;
export type StepName = (typeof STEPS)[number];

/** `planned`: will be done in this run. `skipped`: was done before. */
export type StepState = "planned" | "started" | "done" | "skipped" | "failed";

export interface StepEvent {
  type: "step";
  module: string;
  step: StepName;
  state: StepState;
  /** How long it took; of `done` and `failed`. */
  ms?: number;
  /** In a few words: what came of it, or why not. */
  detail?: string;
}

/** How far the initial copy is. */
export interface ProgressEvent {
  type: "progress";
  module: string;
  /** Rows copied so far, and rows to copy (an estimate is enough). */
  rows: number;
  total: number;
}

/** How far the copy is behind the owner. */
export interface LagEvent {
  type: "lag";
  module: string;
  /** WAL that the follower has not confirmed. */
  bytes: number;
  /** Age of the copy. */
  seconds: number;
}

/** Answers that took between `from` and `to` ms; the slowest of all have no `to`. */
export interface LatencyBucket {
  from: number;
  to: number | null;
  count: number;
}

/**
 * What the balancer sent to one side of a module since its last event of this type. What the two sides hand to one another
 * counts where it came in, with the whole time that it took.
 */
export interface TrafficEvent {
  type: "traffic";
  module: string;
  side: Side;
  /** Requests and answers 5xx, and the seconds in which they came. */
  requests: number;
  errors: number;
  seconds: number;
  /** Requests per second. */
  rate: number;
  /** Milliseconds; none where nothing was answered. */
  p50?: number;
  p99?: number;
  /** From which percentiles over longer times are computed; buckets without answers are left out. */
  latencies?: LatencyBucket[];
}

/** Both sides were compared. */
export interface VerifiedEvent {
  type: "verified";
  module: string;
  /** Rows, and answers to the same GET, that were compared. */
  rows: number;
  answers: number;
  /** What is not the same, by id, in words; none: both sides are equal. */
  differences: string[];
  ms?: number;
}

/** Ownership has moved. */
export interface HandoverEvent {
  type: "handover";
  module: string;
  to: Side;
  /** Milliseconds during which writes had to wait. */
  stall: number;
}

/** The balancer's weights were set. */
export interface WeightsEvent {
  type: "weights";
  module: string;
  /** To the service. */
  percent: number;
  /** Why, where it was not simply the next one. */
  reason?: string;
}

/** What those who drove the load found, at the end. */
export interface OutcomeEvent {
  type: "outcome";
  requests: number;
  /** Requests without an answer, or answered 5xx. */
  failed: number;
  /** Acknowledged writes that are not there, and writes that are there twice. */
  lost: number;
  doubled: number;
  /** Milliseconds: the longest wait of a write. */
  longestStall: number;
}

export type CutoverEvent = (
  | StepEvent
  | ProgressEvent
  | LagEvent
  | TrafficEvent
  | VerifiedEvent
  | HandoverEvent
  | WeightsEvent
  | OutcomeEvent
) & {
  /** Milliseconds since 1970; `stamped` fills it in. */
  at?: number;
};

/** An event of which it is known when it happened. */
export type TimedEvent = CutoverEvent & { at: number };

/** Who wants to know what happens. */
export type EventSink = (event: CutoverEvent) => void;

/** The event with its time; one that has a time keeps it. */
export const stamped = (event: CutoverEvent, now = Date.now()): TimedEvent => ({ ...event, at: event.at ?? now });
