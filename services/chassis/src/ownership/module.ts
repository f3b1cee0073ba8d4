import { setTimeout as sleep } from "node:timers/promises";
import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from "express";
import { whenDatabaseAnswers, type Database, type Queryable } from "../database.ts";
import type { Logger } from "../log.ts";
import { unavailable } from "../problem.ts";
import { countAsPassedOn, MISDIRECTED, otherSide, wasHandedOn } from "./forward.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { rememberSeen, seenBy } from "./seen.ts";
import { watchStanding, type Side, type Standing } from "./standing.ts";

/**
 * One home of a module that can move between two: it lets writes through while the module is here, and passes requests
 * on to the other side while it is not.
 */
export interface Module {
  /**
   * Runs a write in one transaction, in which the module stays here: it cannot move before the transaction has ended.
   * @throws OwnedElsewhere when it has moved; `routes` and `passOn` then pass the request on
   */
  write<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * What `query` finds here. While the module is elsewhere, that there is nothing is believed only when the copy here is
   * newer than the question. @throws Problem 503 when it does not get there within two seconds
   */
  found<T>(query: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Whether the module is here now. */
  isHere(): Promise<boolean>;
  /** The module's routes, for requests to `/api/NAME`: each is answered here or passed on. */
  routes(routes: Router): Router;
  /** Routes that write into the module from elsewhere: passed on when the module is not here. */
  passOn(routes: Router): Router;
  stop(): Promise<void>;
}

export interface ModuleOptions {
  name: string;
  /** Which side this process is of. */
  side: Side;
  /** Who owns the module at the very first start. */
  firstOwner: Side;
  /** Address of the other side; none where the module cannot move. */
  otherUrl?: string | undefined;
  /** Whether answers say who gave them: `X-Served-By: posts@service`. */
  servedBy: boolean;
  database: Database;
  log: Logger;
}

/** Thrown inside a write when the module has moved. */
class OwnedElsewhere extends Error {
  readonly module: string;

  constructor(module: string) {
    super(`${module} is not here any more`);
    this.module = module;
  }
}

/** FOR SHARE: writers do not wait for one another, only for a handover, which locks the row FOR UPDATE. */
const LOCK = "SELECT owner FROM ownership WHERE module = $1 FOR SHARE";

/** Milliseconds. A handover takes a fraction of it; what is not over by then needs its operator. */
const PATIENCE = 5000;
const PAUSE = 15;
/** How old a copy may be for those who have not seen anything newer. */
const STALE = 2000;
/** How far the clocks of a database and of its clients may be apart. */
const SKEW = 25;
/** How long a miss may wait for a newer copy. */
const MISS_PATIENCE = 2000;

/** Opens this side's home of a module; waits for the database. */
export async function openModule(options: ModuleOptions): Promise<Module> {
  const { name, side, firstOwner, otherUrl, servedBy, database, log } = options;
  const watch = watchStanding(database, name, log);
  await whenDatabaseAnswers(log, () => watch.begin(firstOwner));
  const other = otherUrl === undefined ? undefined : otherSide(otherUrl);

  const write: Module["write"] = (work) =>
    database.transaction(async (tx) => {
      const [row] = await tx.query<{ owner: Side }>(LOCK, [name]);
      if (row?.owner !== side) throw new OwnedElsewhere(name);
      return work(tx);
    });
  const heartbeat = startHeartbeat({ module: name, side, watch, write, log });

  /** Nothing moves, so nothing has to be asked. */
  const isSettledHere = () => {
    const recent = watch.recent();
    return recent?.owner === side && !recent.linked;
  };

  const answerHere = (res: Response, linked: boolean, next: () => void) => {
    if (servedBy) res.set("X-Served-By", `${name}@${side}`);
    if (linked) rememberSeen(res);
    next();
  };

  /** Passes a request on until somebody takes it; that may be this side, when the module comes here meanwhile. */
  const passTo = async (req: Request, res: Response, here: (standing: Standing) => void) => {
    countAsPassedOn(res, name);
    if (wasHandedOn(req)) return void res.status(MISDIRECTED).end();
    for (const deadline = performance.now() + PATIENCE; ;) {
      if (await other?.pass(req, res)) return;
      const standing = await watch.read();
      if (standing.owner === side) return here(standing);
      if (isRead(req) && standing.linked && seenBy(req) === 0) return here(standing);
      if (performance.now() > deadline) {
        throw unavailable(`Nobody answers for ${name} now. See \`npm run cutover -- status\`.`);
      }
      await sleep(PAUSE);
    }
  };

  const guard: RequestHandler = async (req, res, next) => {
    if (isSettledHere()) return answerHere(res, false, next);
    const standing = await watch.read();
    if (standing.owner === side || (isRead(req) && suffices(standing, req))) {
      return answerHere(res, standing.linked, next);
    }
    await passTo(req, res, ({ linked }) => answerHere(res, linked, next));
  };

  /** Whether the copy here may answer a request. */
  const suffices = ({ linked, heartbeat }: Standing, req: Request): boolean => {
    const now = Date.now();
    if (!linked || wasHandedOn(req) || req.headers["cache-control"] === "no-cache") return false;
    return heartbeat > now - STALE && heartbeat >= seenBy(req) + (seenBy(req) === 0 ? 0 : SKEW);
  };

  /** A write that found its module gone, after the guard had let it in. */
  const movedAway = (routes: Router): ErrorRequestHandler => {
    const handle: ErrorRequestHandler = (error, req, res, next) => {
      if (!(error instanceof OwnedElsewhere && error.module === name)) return next(error);
      const again = () => routes(req, res, (error?: unknown) => (error ? handle(error, req, res, next) : next()));
      return passTo(req, res, again);
    };
    return handle;
  };

  return {
    write,
    isHere: async () => isSettledHere() || (await watch.read()).owner === side,
    async found(query) {
      const asked = Date.now();
      if (isSettledHere()) return query();
      for (;;) {
        const { owner, heartbeat } = await watch.read();
        const row = await query();
        if (row !== undefined || owner === side || heartbeat >= asked + SKEW) return row;
        if (Date.now() > asked + MISS_PATIENCE) throw unavailable(`The copy of ${name} here is not up to date.`);
        await sleep(PAUSE);
      }
    },
    routes: (routes) => under(`/api/${name}`, Router().use(guard, routes, movedAway(routes))),
    passOn: (routes) => Router().use(routes, movedAway(routes)),
    async stop() {
      watch.stop();
      await heartbeat.stop();
      await other?.close();
    },
  };
}

const isRead = ({ method }: Request): boolean => ["GET", "HEAD", "OPTIONS"].includes(method);

/** Only requests to an address or what is below it; unlike a mounted router it leaves the address as it is. */
function under(path: string, router: Router): Router {
  return Router().use((req, res, next) => {
    if (req.path === path || req.path.startsWith(`${path}/`)) router(req, res, next);
    else next();
  });
}
