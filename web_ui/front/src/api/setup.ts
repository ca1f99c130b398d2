/** What a new box still needs; a device looked at before it is entered: begun, then asked for until it is done. */
import { ask } from "./ask.ts";
import { call, Fault } from "./client.ts";
import type { Setup, Try } from "./shapes.gen.ts";

export type { CameraFound, Probed, Setup, SetupStep, StreamSeen, Try } from "./shapes.gen.ts";

const AGAIN_MS = 500;

export function setupNow(): Promise<Setup> {
  return call<Setup>("GET", "/setup");
}

/** The name of its result, which nobody guesses. */
export function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

export type Kind = "detector" | "cameras" | "stream";

/** What came of it; throws a Fault that says why there is nothing. */
export async function tried(kind: Kind, form: Record<string, unknown>): Promise<Try> {
  const token = fresh();
  await ask({ ask: "look", look: { kind, token, ...form } });
  let now = await call<Try>("GET", `/tries/${token}`);
  while (now.running) {
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    now = await call<Try>("GET", `/tries/${token}`);
  }
  const told = now.probed ?? now.cameras ?? now.stream;
  for (const failed of [now.failed, told?.failed]) {
    if (failed && failed.zh !== "") throw Fault.refused([failed]);
  }
  return now;
}
