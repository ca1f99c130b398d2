/** Who uses this device: log in, log out, and what is remembered between two visits of the page. */
import { store } from "../store.ts";
import { asLanguage, chosenBy, type Spoken, speak } from "../words/words.ts";
import { call, Fault, useToken } from "./client.ts";
import { dropKey, holds, keepKey, makeKey } from "./key.ts";
import type { Session } from "./shapes/people.ts";

/** undefined: not known yet; null: nobody. */
export const session = store<Session | null | undefined>(undefined);

/** Why the last log-in of this device ended, where it was not by its person's wish. */
export const ended = store<Spoken | null>(null);

export type Proof = { pin: string } | { badge: string };

let changes = 0;
let underWay = 0;

/**
 * Tells later whether a log-in or log-out of this page came in between: what the box said of the session before
 * says nothing of the one after it, and the old one ends a moment before the new one is here.
 */
export function moment(): () => boolean {
  const then = changes;
  return () => underWay === 0 && changes === then;
}

async function change(how: () => Promise<void>): Promise<void> {
  underWay += 1;
  try {
    await how();
  } finally {
    underWay -= 1;
    changes += 1;
  }
}

export function logIn(proof: Proof, person?: string, enrolment = ""): Promise<void> {
  return change(async () => {
    const { pair, text } = await makeKey();
    const made = await call<Session>("POST", "/session", {
      ...proof,
      ...(person ? { person } : {}),
      key: text,
      ...(enrolment ? { enrolment } : {}),
    });
    if (made.key) await keepKey(pair, made.key);
    await enter(made);
    if (made.who) remember(made.who.id, made.who.name);
  });
}

/**
 * What an earlier visit left: the cookie, and the key that belongs to it. Without both somebody logs in anew.
 * Whoever showed his badge before the box answered stays logged in: the answer is of the time before.
 */
export async function restore(): Promise<void> {
  const isLate = () => session.get() !== undefined;
  try {
    const found = await call<Session>("GET", "/session");
    const mine = !found.who || (found.key && (await holds(found.key)));
    if (isLate()) return;
    if (mine) await enter(found, isLate);
    else if (found.panel) await giveBack(found);
    else session.set(null);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.status !== 401) throw thrown;
    if (!isLate()) session.set(null);
  }
}

/** My roles may be others than they were. */
export async function renew(): Promise<void> {
  const still = moment();
  const found = await call<Session>("GET", "/session");
  if (still()) await enter(found);
}

/** On the box's own screen the box answers with that screen's session again. */
export function logOut(): Promise<void> {
  return change(async () => {
    let left: Session | null = null;
    try {
      left = await call<Session | null>("DELETE", "/session");
    } finally {
      await leave();
    }
    if (left) await enter(left);
  });
}

/** Somebody was in the middle of something at the box's own screen when its browser went. */
async function giveBack(found: Session): Promise<void> {
  useToken(found.csrf);
  await logOut();
}

/** This screen becomes the box's own, for good: nobody is logged in on it any more. */
export function becomePanel(): Promise<void> {
  return change(async () => {
    const made = await call<Session>("POST", "/panel");
    await dropKey();
    await enter(made);
  });
}

/** The box does not know this session any more: nothing of it is kept. */
export async function leave(why: Spoken | null = null): Promise<void> {
  ended.set(why);
  useToken("");
  await dropKey();
  session.set(null);
}

async function enter(found: Session, isLate = () => false): Promise<void> {
  if (found.who) {
    const own = chosenBy(found.who.id) ?? asLanguage(found.who.language);
    await speak(own).catch(() => undefined); // its words do not come: he reads those that are here
  }
  if (isLate()) return;
  useToken(found.csrf);
  ended.set(null);
  session.set(found);
}

// --- who logged in on this device before: one tap instead of typing an id with gloves -----------------------

const KEPT = "people";
const MOST = 4;

export interface Remembered {
  id: string;
  name: string;
}

export function remembered(): Remembered[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is Remembered => typeof one?.id === "string") : [];
  } catch {
    return [];
  }
}

function remember(id: string, name: string): void {
  const others = remembered().filter((one) => one.id !== id);
  localStorage.setItem(KEPT, JSON.stringify([{ id, name }, ...others].slice(0, MOST)));
}
