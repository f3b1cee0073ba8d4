/**
 * Spreads work over the turns of the event loop. In each turn Node accepts one connection, however many wait; the longer
 * a turn takes, the longer new clients and `/ready` wait unseen, and nobody can refuse them.
 */

/** Runs what it is given in the order in which it comes, so many in a turn at most. */
export function turnTaking(perTurn: number): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let begun = 0;
  let isCounting = false;

  const turn = () => {
    begun = 0;
    isCounting = waiting.length > 0;
    if (isCounting) setImmediate(turn);
    for (const work of waiting.splice(0, perTurn)) {
      begun++;
      work();
    }
  };
  return (work) => {
    if (!isCounting) setImmediate(turn);
    isCounting = true;
    if (begun >= perTurn || waiting.length > 0) {
      waiting.push(work);
      return;
    }
    begun++;
    work();
  };
}
