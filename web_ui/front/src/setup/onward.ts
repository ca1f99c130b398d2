/** From what was just noted to what comes next, so that nobody goes back to the list for each device. */
import { setupNow } from "../api/setup.ts";
import { go } from "../router.tsx";
import { proposal, stepsOf } from "./proposal.ts";
import { onward } from "./steps.ts";

/** To the page of the next device that is lacking; to the list where none is, or where the box cannot say. */
export async function goOn(): Promise<void> {
  const setup = await setupNow().catch(() => null);
  const next = setup && onward(setup.steps, new Set(stepsOf(proposal.get()).keys()));
  go(next?.to ?? "/setup");
}

/** For one more of the same kind: the page is empty again. */
export function stay(): void {
  scrollTo(0, 0);
}
