/** After other settings the box begins anew and knows no log-in any more: whoever has just signed is let in again. */
import { call, Fault } from "./client.ts";
import { logIn, type Proof, session } from "./session.ts";

const AGAIN_MS = 1000;
const MOST_MS = 90_000;

interface Starts {
  events: { seq: number }[];
}

/** The number of the box's newest start: after other settings it is another. */
export async function lastStart(): Promise<number> {
  return (await call<Starts>("GET", "/events?type=unit.started&limit=1")).events[0]?.seq ?? 0;
}

/** Waits for the start after `before`, then logs the same person in with what he has just signed with. */
export async function anew(before: number, proof: Proof): Promise<void> {
  const person = session.get()?.who?.id;
  const until = Date.now() + MOST_MS;
  for (;;) {
    try {
      if (await letIn(before, proof, person)) return;
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === "E-PROOF") throw thrown;
      if (Date.now() > until) throw thrown;
    }
    if (Date.now() > until) throw new Fault("E-NO-AGENT", []);
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

/** Whether the box has begun anew and lets him in. A start between two looks takes the log-in with it: it is made anew. */
async function letIn(before: number, proof: Proof, person: string | undefined): Promise<boolean> {
  try {
    if ((await lastStart()) <= before) return false;
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.status !== 401) throw thrown;
    await logIn(proof, person);
    return (await lastStart()) > before;
  }
  await logIn(proof, person);
  return true;
}
