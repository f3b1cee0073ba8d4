import type { Input, Operation, Output, ServiceName } from "./aws.ts";

/** Sends one request. */
export type Send = (service: ServiceName, operation: string, input: object) => Promise<unknown>;

/** Asks AWS without changing anything: every page of the answer. */
export type Ask = <S extends ServiceName, O extends Operation<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
) => Promise<Output<S, O>[]>;

/** Operations that change nothing. */
export const isReading = (operation: string): boolean =>
  /^(Describe|List|Get|BatchGet|Simulate|Filter)/.test(operation);

/** Pages that are read at most: something is wrong with an answer that never ends. */
const MOST_PAGES = 1000;

/** A reader that asks the same question only once: kinds can look for themselves and need not know of each other. */
export function reader(send: Send): Ask {
  const answers = new Map<string, Promise<unknown[]>>();
  return ((service: ServiceName, operation: string, input: object) => {
    if (!isReading(operation)) throw new Error(`${operation} changes something; only steps may`);
    const key = JSON.stringify([service, operation, input]);
    const answer = answers.get(key) ?? pages(send, service, operation, input);
    answers.set(key, answer);
    return answer;
  }) as Ask;
}

async function pages(send: Send, service: ServiceName, operation: string, input: object): Promise<unknown[]> {
  const all: unknown[] = [];
  let next: object | undefined = {};
  while (next && all.length < MOST_PAGES) {
    const output: unknown = await send(service, operation, { ...input, ...next });
    all.push(output);
    next = nextPage(output as Record<string, unknown>);
  }
  return all;
}

/** The input that asks for the next page, under the four names that AWS's services have for it. */
function nextPage(output: Record<string, unknown>): object | undefined {
  const { NextToken, nextToken, NextMarker, Marker } = output;
  if (NextToken) return { NextToken };
  if (nextToken) return { nextToken };
  if (NextMarker) return { Marker: NextMarker };
  return Marker ? { Marker } : undefined;
}

/** The first answer of nothing, where AWS says "not found" by an error of one of these names. */
export async function orNone<T>(answer: Promise<T[]>, ...errors: string[]): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (errors.includes((error as Error).name)) return [];
    throw error;
  }
}
