/** Sends a report, and finds the event that the box made of it. */
import { ask } from "../api/ask.ts";
import { call } from "../api/client.ts";
import type { EventPage } from "../api/shapes/event.ts";
import type { Happened } from "../api/shapes/live.ts";

const TYPE = "hazard.reported";
const LOOKED_AT = 10;
const TRIES = 10;
const AGAIN_MS = 300; // the records are written with the step that accepted it

export interface Said {
  kind: string;
  area: string;
  note: string;
  permit: string;
}

/** The number of the event; null when it was accepted but cannot be found. */
export async function send(said: Said, person: string): Promise<number | null> {
  const before = (await newest().catch(() => []))[0]?.seq ?? 0;
  const { kind, area, note, permit } = said;
  await ask({
    ask: "report",
    report: { kind, ...(area && { area }), ...(note && { note }) },
    ...(permit && { permit }),
  });
  for (let tried = 0; tried < TRIES; tried += 1) {
    const found = await mine(before, kind, person).catch(() => null);
    if (found !== null) return found;
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
  return null;
}

async function newest(): Promise<Happened[]> {
  return (await call<{ events: Happened[] }>("GET", `/events?type=${TYPE}&limit=${LOOKED_AT}`)).events;
}

/** Another may report in the same second: it is mine if it says so. */
async function mine(before: number, kind: string, person: string): Promise<number | null> {
  for (const { seq } of (await newest()).filter((one) => one.seq > before)) {
    const { data } = await call<EventPage>("GET", `/events/${seq}`);
    if (data.kind === kind && data.by === person) return seq;
  }
  return null;
}
