import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Choices from a seed. */
export interface Random {
  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number;
  /** One of these; undefined when there is none. */
  pick<T>(from: readonly T[]): T | undefined;
  /** One of these, as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, T])[]): T;
  /** The same in another order. */
  shuffled<T>(of: readonly T[]): T[];
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (end: number) => uniformInt(generator, 0, end - 1);
  return {
    below,
    pick: (from) => (from.length === 0 ? undefined : from[below(from.length)]),
    weighted(from) {
      let left = below(from.reduce((sum, [weight]) => sum + weight, 0));
      return from.find(([weight]) => (left -= weight) < 0)![1];
    },
    shuffled(of) {
      const left = [...of];
      return Array.from(of, () => left.splice(below(left.length), 1)[0]!);
    },
  };
}
