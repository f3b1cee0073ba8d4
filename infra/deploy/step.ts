/** What is done to a resource, step by step, as data: a plan prints it, a policy is derived from it, a deploy runs it. */
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
  /** Whether it holds. @throws Error when it can hold no more */
  holds: (output: never, attributes: Attributes) => boolean;
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
  holds: (output: Out, attributes: Attributes) => boolean;
  gives?: (output: Out) => Attributes;
  seconds: number;
}

/** A wait that polls an operation. */
export const wait = <S extends ServiceName, O extends Operation<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
  { until, holds, gives = () => ({}), seconds }: WaitOptions<Output<S, O>>,
): Wait => ({ type: "wait", until, service, operation, input: input as object, holds, gives, seconds });
