/** Sizes of tasks that Fargate runs. Source: the table of task sizes in the ECS developer guide. */

/** GiB of memory for each number of CPU units: from, to, in steps of. */
const MEMORY: Record<number, [number, number, number]> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
};

/** MiB that go with a number of CPU units; none when Fargate does not know the number. */
export function memoriesFor(cpu: number): number[] {
  if (cpu === 256) return [512, 1024, 2048];
  const [from, to, step] = MEMORY[cpu] ?? [1, 0, 1];
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => (from + index * step) * 1024);
}

/** What is wrong with a size, if anything. */
export function sizeMistakes(cpu: number, memory: number): string[] {
  const memories = memoriesFor(cpu);
  if (memories.length === 0) {
    return [`cpu ${cpu} is no size of Fargate; there are 256, ${Object.keys(MEMORY).join(", ")}`];
  }
  if (memories.includes(memory)) return [];
  const near = memories.length > 4 ? `${memories[0]} to ${memories.at(-1)}` : memories.join(", ");
  return [`memory ${memory} does not go with cpu ${cpu}; there Fargate has ${near} MiB`];
}
