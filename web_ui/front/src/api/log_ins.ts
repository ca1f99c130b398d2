/** Who is logged in where; programs that read; phones that are shown the way. */
import { call } from "./client.ts";
import type { Enrolled, LogInListed, MadeToken, Token } from "./shapes.gen.ts";

export const logIns = async () => (await call<{ log_ins: LogInListed[] }>("GET", "/log-ins")).log_ins;
export const endLogIn = (id: string) => call<null>("DELETE", `/log-ins/${id}`);
export const endOthers = (everybody: boolean) =>
  call<null>("DELETE", everybody ? "/log-ins?of=everybody" : "/log-ins");

export const tokensNow = async () => (await call<{ tokens: Token[] }>("GET", "/tokens")).tokens;
export const makeToken = (name: string, kind: string, days: number) =>
  call<MadeToken>("POST", "/tokens", { name, kind, days });
export const endToken = (id: string) => call<null>("DELETE", `/tokens/${id}`);

export const showTheWay = (person: string) => call<Enrolled>("POST", "/enrolments", { person });
