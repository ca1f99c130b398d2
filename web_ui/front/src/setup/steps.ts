/** The steps of the wizard: which is next, how many are open. Pure. */
import type { SetupStep } from "../api/setup.ts";

export function open(steps: readonly SetupStep[]): SetupStep[] {
  return steps.filter((one) => one.standing !== "done");
}

/** The first that somebody can do something about. */
export function next(steps: readonly SetupStep[]): SetupStep | undefined {
  return open(steps).find((one) => one.to !== "");
}

/** How a step is shown: the same signs as everywhere. */
export const SIGNS = { done: "may_work", open: "waiting", fault: "gone", unknown: "unknown" } as const;
