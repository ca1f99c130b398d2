/** Who is logged in where; programs that read; phones that are shown the way. */
import { asked } from "./ask.ts";
import { call, Fault } from "./client.ts";
import type { Proof } from "./session.ts";
import { fresh } from "./setup.ts";
import type { Enrolled, LogInListed, MadeToken, Token } from "./shapes.gen.ts";

export const logIns = async () => (await call<{ log_ins: LogInListed[] }>("GET", "/log-ins")).log_ins;
export const endLogIn = (id: string) => call<null>("DELETE", `/log-ins/${id}`);
export const endOthers = (everybody: boolean) =>
  call<null>("DELETE", everybody ? "/log-ins?of=everybody" : "/log-ins");

export const tokensNow = async () => (await call<{ tokens: Token[] }>("GET", "/tokens")).tokens;
/** A new token, once it is on record; throws a Fault that says why not. Its secret is told this once. */
export async function makeToken(
  token: { name: string; reads: string; days: number },
  proof: Proof,
): Promise<MadeToken> {
  const id = fresh();
  const answer = await asked<MadeToken>("/tokens", { ask: "let_read", token: { id, ...token }, ...proof });
  if (!answer.accepted) throw Fault.refused(answer.reasons);
  return answer;
}

/** It opens nothing from this moment; throws a Fault where that is not on record yet. */
export async function endToken(one: Token): Promise<void> {
  const answer = await asked(`/tokens/${one.id}/end`, { ask: "end_reading", about: [one.id, one.name] });
  if (!answer.accepted) throw Fault.refused(answer.reasons);
}

export const showTheWay = (person: string) => call<Enrolled>("POST", "/enrolments", { person });
