/** What is done to a resource, step by step, as data: a plan prints it, a policy is derived from it, a deploy runs it. */
import type { Send } from "./ask.ts";
import type { Input, Operation, Output, ServiceName } from "./aws.ts";
import type { Attributes } from "./reference.ts";

/** One call of the AWS API. Its input may hold references. */
export interface Call {
  type: "call";
  service: ServiceName;
  operation: string;
  input: object;
  /** What the answer tells about the resource. */
  gives: (output: never) => Attributes;
  /** Puts into the input what depends on the values of all references. */
  completed: (input: never) => object;
  /** Names of errors that mean that it is done already. */
  tolerates: readonly string[];
}

/** Asks again and again until something holds. */
export interface Wait {
  type: "wait";
  /** What it waits for, as the end of the sentence "waits until …". */
  until: string;
  service: ServiceName;
  operation: string;
  input: object;
  /** Asks for what the answer does not tell. @throws Error when it can hold no more */
  look: (send: Send, output: never, attributes: Attributes) => Promise<void>;
  /** Whether it holds. @throws Error when it can hold no more */
  holds: (output: never, attributes: Attributes) => boolean;
  /** How far it is, for people; empty where there is nothing to tell. */
  progress: (output: never, attributes: Attributes) => string;
  gives: (output: never) => Attributes;
  /** Seconds after which it gives up. */
  seconds: number;
}

/** A program that runs on this machine. */
export interface Command {
  type: "command";
  /** Program and arguments; may hold references. */
  command: string[];
  /** What it reads from its standard input: the place for a secret. */
  input?: string;
}

export type Step = Call | Wait | Command;

interface CallOptions<In, Out> {
  completed?: (input: In) => In & object;
  gives?: (output: Out) => Attributes;
  tolerates?: readonly string[];
}

/** A call of the AWS API, with the types of the operation. */
export const call = <S extends ServiceName, O extends Operation<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
  {
    completed = (same) => same as object & typeof same,
    gives = () => ({}),
    tolerates = [],
  }: CallOptions<Input<S, O>, Output<S, O>> = {},
): Call => ({ type: "call", service, operation, input: input as object, completed, gives, tolerates });

interface WaitOptions<Out> {
  until: string;
  look?: (send: Send, output: Out, attributes: Attributes) => Promise<void>;
  holds: (output: Out, attributes: Attributes) => boolean;
  progress?: (output: Out, attributes: Attributes) => string;
  gives?: (output: Out) => Attributes;
  seconds: number;
}

/** A wait that polls an operation. */
export const wait = <S extends ServiceName, O extends Operation<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
  { until, look = async () => {}, holds, progress = () => "", gives = () => ({}), seconds }: WaitOptions<Output<S, O>>,
): Wait => ({ type: "wait", until, service, operation, input: input as object, look, holds, progress, gives, seconds });
