/** What checks of a table say: nothing of what is good, a sentence of each mistake. */

/** The mistake, unless it is none. */
export const unless = (good: boolean, mistake: string): string[] => (good ? [] : [mistake]);

/** What stands there more than once. */
export const repeated = <T>(values: readonly T[]): T[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

/** Whether this is a whole number in that range, both ends included. */
export const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;
