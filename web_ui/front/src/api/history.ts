/** What gas channels measured: the last quarter of an hour of all, or hours to a month of those in sight. */
import { call } from "./client.ts";
import type { Curve, Histories, History } from "./shapes/history.ts";

export function lastCurves(): Promise<{ channels: Record<string, Curve> }> {
  return call("GET", "/curves");
}

const MOST = 64; // in one question (web_ui/api/history.py)

interface Wish {
  channel: string;
  done: (found: History) => void;
  failed: (thrown: unknown) => void;
}

let wishes = new Map<number, Wish[]>();

/** What is asked for in one breath goes as one question: ten charts must not wait in ten queues. */
export function historyOf(channel: string, hours: number): Promise<History> {
  return new Promise((done, failed) => {
    if (wishes.size === 0) setTimeout(ask, 0);
    wishes.set(hours, [...(wishes.get(hours) ?? []), { channel, done, failed }]);
  });
}

function ask(): void {
  const asked = wishes;
  wishes = new Map();
  for (const [hours, all] of asked) {
    for (let at = 0; at < all.length; at += MOST) void answer(hours, all.slice(at, at + MOST));
  }
}

async function answer(hours: number, some: Wish[]): Promise<void> {
  const channels = some.map((one) => `&channel=${encodeURIComponent(one.channel)}`).join("");
  try {
    const found = await call<Histories>("GET", `/history?hours=${hours}${channels}`);
    const by = new Map(found.channels.map((one) => [one.channel, one]));
    for (const one of some) {
      const mine = by.get(one.channel);
      if (mine) one.done(mine);
      else one.failed(new Error(one.channel));
    }
  } catch (thrown) {
    for (const one of some) one.failed(thrown);
  }
}
