import { setTimeout as sleep } from "node:timers/promises";
import type { Member } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { openHistory, type History, type Module, type Operation, type Row } from "./history.ts";
import { randomFrom, type Random } from "./random.ts";
import { openSession, type Session } from "./session.ts";
import type { Transport } from "./transport.ts";

export interface ClientsOptions {
  /** Opens the connection of one session. */
  connect: () => Transport;
  /** The moderator's account: one client uses it, and changes and deletes what others have written. */
  moderator: { username: string; password: string };
  seed: number;
  /** Unless given, 20. */
  clients?: number;
  /** Mean pause of a client between an answer and its next request, in milliseconds; 100 unless given. */
  pause?: number;
  /** Clients of an earlier run who go on: passwords cost time. */
  people?: Member[];
  /** Where everything is noted; a new one unless given. */
  history?: History;
}

export interface Clients {
  readonly history: History;
  /** Lets the requests under way finish; gives who they were. */
  stop(): Promise<Member[]>;
}

/** Starts clients that create, change, delete and read in all modules, and note it all; resolves once all are logged in. */
export async function startClients(options: ClientsOptions): Promise<Clients> {
  const { connect, moderator, seed, clients = 20, pause = 100, people = [], history = openHistory() } = options;
  let stopped = false;
  const sessions = Array.from({ length: clients }, (_, index) => {
    const name = index === 0 ? "moderator" : `client ${index}`;
    return { session: openSession(name, connect(), history), random: randomFrom(seed * 1000 + index), index };
  });

  const run = async (client: Client) => {
    while (!stopped) {
      await client.random.weighted(ACTIONS)(client);
      await sleep(client.random.below(2 * pause));
    }
  };
  const logIn = async ({ session, random, index }: (typeof sessions)[number]): Promise<Client> => {
    let written = 0;
    const text = () => `s${seed}-c${index}-${++written}`;
    const { username, password } = moderator;
    const enter = () => (index === 0 ? session.logIn(username, password) : session.register(text()));
    const person = people[index] ?? (await enter());
    if (!person) throw new Error(`${session.name} cannot log in: ${history.operations.at(-1)?.answer}`);
    return { session, random, text, person, isModerator: index === 0, known: { users: [], threads: [], posts: [] } };
  };
  // One after the other: a password costs time, and all of them at once would make a heap of it.
  const ready: Client[] = [];
  for (const each of sessions) ready.push(await logIn(each));
  const running = ready.map(run);
  return {
    history,
    async stop() {
      stopped = true;
      await Promise.all(running);
      return ready.map(({ person }) => person);
    },
  };
}

interface Client {
  session: Session;
  random: Random;
  /** A text that nobody else writes. */
  text: () => string;
  person: Member;
  isModerator: boolean;
  /** What the session has seen last. */
  known: Record<Module, Row[]>;
}

type Action = (client: Client) => Promise<unknown>;

/** How much of each module a client keeps in mind. */
const MEMORY = 40;

/** Keeps what an answer showed in mind, and forgets what it found gone. */
function learn({ known }: Client, { module, id, thread, kind, rows, outcome, answer }: Operation): void {
  const isGone = answer === 404 || (kind === "delete" && outcome === "acknowledged");
  if (kind === "create" && answer === 404) known.threads = known.threads.filter(({ id }) => id !== thread);
  const others = known[module].filter((row) => !rows.some(({ id }) => id === row.id) && !(isGone && row.id === id));
  known[module] = [...others, ...rows.filter(({ withdrawn }) => !withdrawn)].slice(-MEMORY);
}

/** One of what is known: as often as not the last, which is where a copy would be behind. */
const some = (random: Random, rows: Row[]): Row | undefined =>
  random.below(2) === 0 ? rows.at(-1) : random.pick(rows);

const noting = (action: (client: Client) => Promise<Operation> | undefined): Action => {
  return async (client) => {
    const operation = await action(client);
    if (operation) learn(client, operation);
  };
};

/** Something of a module that the client may change: its own, or anybody's for the moderator. */
const mine = ({ known, person, random, isModerator }: Client, module: "threads" | "posts"): Row | undefined =>
  some(random, isModerator ? known[module] : known[module].filter(({ author }) => author === person.id));

const read = (module: Module): Action =>
  noting(({ session, random, known }) => {
    const row = some(random, known[module]);
    return row && session.read(module, row.id);
  });

/** From somewhere among what is known, so that what is new comes into view. */
const list = (module: Module): Action =>
  noting(({ session, random, known }) => {
    const from = random.pick(known[module]);
    return session.list({ module, limit: 5 + random.below(40), ...(from && { from }) });
  });

const change = (module: "threads" | "posts"): Action =>
  noting((client) => {
    const row = mine(client, module);
    return row && client.session.change(module, client.person, row.id, client.text());
  });

const remove = (module: "threads" | "posts"): Action =>
  noting((client) => {
    const row = mine(client, module);
    return row && client.session.delete(module, client.person, row.id);
  });

const post: Action = noting(({ session, random, known, person, text }) => {
  const thread = some(random, known.threads);
  return thread && session.create("posts", person, text(), thread.id);
});

/** Opens a thread and posts into it at once: what was just written in one module is asked for by another. */
const openThread: Action = async (client) => {
  const { session, person, text } = client;
  const thread = await session.create("threads", person, text());
  learn(client, thread);
  const [row] = thread.rows;
  if (row) learn(client, await session.create("posts", person, text(), row.id));
};

const inThread: Action = noting(({ session, random, known }) => {
  const thread = some(random, known.threads);
  return thread && session.list({ module: "posts", limit: 100, thread: thread.id });
});

const byUser: Action = noting(({ session, random, person, known }) => {
  const author = random.pick([person, ...known.users])!;
  return session.list({ module: "posts", limit: 100, author: author.id });
});

const logInAgain: Action = async (client) => {
  const { session, person } = client;
  client.person = (await session.logIn(person.username, person.password)) ?? person;
};

/** Leaves the forum and comes back as somebody else, however often that has to be tried. */
const startAnew: Action = async (client) => {
  if (client.isModerator) return;
  const left = await client.session.delete("users", client.person, client.person.id);
  if (left.outcome === "refused" || left.outcome === "unavailable") return;
  client.person = await eventually(async () => {
    const person = await client.session.register(client.text());
    if (!person) throw new Error(`${client.session.name} cannot register`);
    return person;
  }, PATIENCE);
};

/** Milliseconds. Whatever fails has been started again by then. */
const PATIENCE = 30_000;

/** What a client does, and how often. Passwords cost time, so accounts are few. */
const ACTIONS: [weight: number, Action][] = [
  [140, read("posts")],
  [80, read("threads")],
  [50, read("users")],
  [100, inThread],
  [50, byUser],
  [40, list("posts")],
  [60, list("threads")],
  [30, list("users")],
  [170, post],
  [60, openThread],
  [110, change("posts")],
  [50, change("threads")],
  [40, noting(({ session, person, text }) => session.change("users", person, person.id, text()))],
  [50, remove("posts")],
  [15, remove("threads")],
  [8, logInAgain],
  [4, startAnew],
];
