/** The steps of the wizard: which is next, how many are open. Pure. */
import type { SetupStep } from "../api/setup.ts";

export function open(steps: readonly SetupStep[]): SetupStep[] {
  return steps.filter((one) => one.standing !== "done");
}

const AFTER = new Set(["people", "trial"]); // they rest on what is noted: a guard's wearable, the area of a permit

/** The first that somebody can do something about; none while all that can be noted is, and must be taken first. */
export function next(steps: readonly SetupStep[], noted: ReadonlySet<string>): SetupStep | undefined {
  const first = open(steps).find((one) => one.to !== "" && !noted.has(one.id));
  return noted.size > 0 && first && AFTER.has(first.id) ? undefined : first;
}

/** Where the wizard goes when one more step is noted: to the page of the next device, or nowhere, which is its list. */
export function onward(steps: readonly SetupStep[], noted: ReadonlySet<string>): SetupStep | undefined {
  return steps.find(
    (one) =>
      one.standing === "open" && one.to.startsWith("/setup/") && !noted.has(one.id) && !AFTER.has(one.id),
  );
}

/** How a step is shown: the same signs as everywhere. */
export const SIGNS = { done: "may_work", open: "waiting", fault: "gone", unknown: "unknown" } as const;
