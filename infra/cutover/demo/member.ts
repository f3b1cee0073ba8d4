/** What one client of the load does: reads most of the time, and writes what it can recognise. */
import type { Post, Thread, User } from "../../../services/contract/src/index.ts";
import { marked, type Entry, type Kind, type Ledger } from "./ledger.ts";
import type { Answer, Session } from "./session.ts";

export interface Member {
  session: Session;
  ledger: Ledger;
  number: number;
  username: string;
  id: number;
  /** Threads that everybody may post in. */
  threads: number[];
  /** What it has written and not deleted. */
  mine: Record<Kind, Entry[]>;
  /** Threads that it alone posts in, with its posts there: only those are ever deleted. */
  ownThreads: Map<number, Entry[]>;
  /** Numbers its texts. */
  written: number;
  /** Reads that showed something older than the session's own last write. */
  stale: string[];
}

type Action = (member: Member) => Promise<unknown>;

const READ = [200];

/**
 * What members do and how often, about as in the sample: three posts for a thread, more reading than writing. Accounts are
 * changed, seldom made: a password costs a tenth of a second of a CPU.
 */
const ACTIONS: [weight: number, Action][] = [
  [14, (member) => read(member, "/api/posts?limit=20")],
  [20, (member) => read(member, `/api/posts/in-thread/${pick(member.threads)}?limit=20`)],
  [6, (member) => read(member, `/api/posts/by-user/${member.id}?limit=20`)],
  [10, (member) => read(member, "/api/threads?limit=20")],
  [6, (member) => read(member, `/api/threads/${pick(member.threads)}`)],
  [6, (member) => read(member, "/api/users?limit=20")],
  [6, (member) => readOwn(member, "users")],
  [4, (member) => readOwn(member, "threads")],
  [8, (member) => readOwn(member, "posts")],
  [9, (member) => post(member, pick(member.threads))],
  [4, (member) => change(member, pick(member.mine.posts), (text) => ({ text }))],
  [2, removePost],
  [2, openThread],
  [2, (member) => change(member, pick(member.mine.threads), (title) => ({ title }))],
  [1, removeThread],
  [3, (member) => change(member, pick(member.mine.users), (name) => ({ name }))],
  [0.3, register],
];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** Does one thing. */
export async function act(member: Member): Promise<void> {
  let left = Math.random() * TOTAL;
  const [, action] = ACTIONS.find(([weight]) => (left -= weight) < 0)!;
  await action(member);
}

async function read({ session }: Member, path: string): Promise<void> {
  await session.send({ method: "GET", path, expected: READ });
}

/** Reads something that it has written itself, and looks whether that shows the last thing it wrote. */
async function readOwn(member: Member, kind: Kind): Promise<void> {
  const entry = pick(member.mine[kind]);
  if (!entry) return;
  const { status, body } = await member.session.send({ method: "GET", path: pathOf(entry), expected: READ });
  if (status !== 200 || entry.possible.length > 0) return;
  const text = textOf(kind, body);
  if (text !== entry.text) member.stale.push(`${kind} ${entry.id}: "${text}" after "${entry.text}"`);
}

async function post(member: Member, thread: number | undefined): Promise<Entry | undefined> {
  if (thread === undefined) return undefined;
  const text = textFor(member, "A thought while everything moves");
  return create(member, { kind: "posts", path: `/api/posts/in-thread/${thread}`, body: { text }, text });
}

/** Every other one is its own, to be deleted with what is in it. */
async function openThread(member: Member): Promise<void> {
  const title = textFor(member, "What moves next?");
  const entry = await create(member, { kind: "threads", path: "/api/threads", body: { title }, text: title });
  if (!entry) return;
  if (member.written % 2 === 0) return void member.threads.push(entry.id);
  const inside = await post(member, entry.id);
  member.ownThreads.set(entry.id, inside ? [inside] : []);
}

async function removePost(member: Member): Promise<void> {
  const entry = pick(member.mine.posts);
  if (entry) await remove(member, entry);
}

/** Its posts go with it. */
async function removeThread(member: Member): Promise<void> {
  const [id, inside] = pick([...member.ownThreads]) ?? [];
  const entry = member.mine.threads.find((thread) => thread.id === id);
  if (!entry || !inside || id === undefined) return;
  member.ownThreads.delete(id);
  const status = await remove(member, entry);
  for (const one of inside.filter(({ text }) => text !== undefined)) {
    forget(member, one);
    if (status === 204) one.text = undefined;
    else member.ledger.mayHaveBecome(one, undefined);
  }
}

async function register(member: Member): Promise<void> {
  const name = textFor(member, "A new member");
  const username = `${member.username}-${member.written}`;
  const body = { username, password: `password of ${username}`, name };
  await create(member, { kind: "users", path: "/api/users", body, text: name, changeable: false });
}

interface Creation {
  kind: Kind;
  path: string;
  body: unknown;
  text: string;
  /** Whether the member may change it later. */
  changeable?: boolean;
}

async function create(member: Member, creation: Creation): Promise<Entry | undefined> {
  const { kind, path, body, text, changeable = true } = creation;
  const answer = await member.session.send({ method: "POST", path, body, expected: [201] });
  if (answer.status !== 201) return undefined;
  const entry = member.ledger.created(kind, (answer.body as { id: number }).id, text);
  if (changeable) member.mine[kind].push(entry);
  return entry;
}

async function change(member: Member, entry: Entry | undefined, body: (text: string) => unknown): Promise<void> {
  if (!entry) return;
  const text = textFor(member, "On second thoughts");
  const sent = { method: "PATCH", path: pathOf(entry), body: body(text), expected: READ } as const;
  note(member, entry, text, await member.session.send(sent));
}

async function remove(member: Member, entry: Entry): Promise<number> {
  forget(member, entry);
  const answer = await member.session.send({ method: "DELETE", path: pathOf(entry), expected: [204] });
  note(member, entry, undefined, answer);
  return answer.status;
}

/** Without an answer, or with 500, nobody knows; any other refusal means that nothing was done. */
function note({ ledger }: Member, entry: Entry, text: string | undefined, { status }: Answer): void {
  if (status >= 200 && status < 300) ledger.became(entry, text);
  else if (status === 0 || status >= 500) ledger.mayHaveBecome(entry, text);
}

function forget({ mine }: Member, entry: Entry): void {
  mine[entry.kind] = mine[entry.kind].filter((one) => one !== entry);
}

const pathOf = ({ kind, id }: Entry): string => `/api/${kind}/${id}`;

const textFor = (member: Member, words: string): string => marked(words, member.number, ++member.written);

/** What of a row the load writes and looks for. */
export const textOf = (kind: Kind, row: unknown): string =>
  kind === "posts" ? (row as Post).text : kind === "threads" ? (row as Thread).title : (row as User).name;

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)];
