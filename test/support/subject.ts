/** Whom a token speaks for. */
export function subjectOf(token: string): number {
  const payload = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { sub: string };
  return Number(payload.sub);
}
