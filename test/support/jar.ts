import { getSetCookies, Headers } from "undici";

/** The cookies of one session, kept as long as they say. One site, no paths: it is the forum's API that sets them. */
export interface Jar {
  /** The value for a request's header `Cookie`; undefined when there is none. */
  header(): string | undefined;
  get(name: string): string | undefined;
  /** Keeps what an answer sets. */
  keep(setCookie: string | string[] | undefined): void;
}

export function cookieJar(clock: () => number = Date.now): Jar {
  const cookies = new Map<string, { value: string; expires: number }>();
  const live = () => [...cookies].filter(([, { expires }]) => expires > clock());
  return {
    header: () =>
      live()
        .map(([name, { value }]) => `${name}=${value}`)
        .join("; ") || undefined,
    get: (name) => live().find(([known]) => known === name)?.[1].value,
    keep(setCookie = []) {
      const headers = new Headers([setCookie].flat().map((value): [string, string] => ["set-cookie", value]));
      for (const { name, value, maxAge } of getSetCookies(headers)) {
        cookies.set(name, { value, expires: maxAge === undefined ? Infinity : clock() + maxAge * 1000 });
      }
    },
  };
}
