/** What somebody can do now about a permit, and what others can: sorted out of the box's own list. */
import type { Permit, Step } from "../api/shapes/permit.ts";

/** STOP has its own place. */
const NOT_HERE = new Set(["stop"]);
/** Decisions that nobody takes in a hurry: they stand folded below the rest. */
const RARE = new Set(["override", "shelve", "drill", "revoke"]);
const ENDS = new Set(["check_out", "end_work", "close"]);
/** Requests that are two or three different things to people. */
const SEVERAL = new Set(["check_in", "override", "shelve"]);

/** What I can do, most useful first (the box's order). */
export function mine(permit: Permit, person: string | undefined): Step[] {
  return here(permit).filter((step) => person !== undefined && step.persons.includes(person));
}

/** What somebody else must or may do, each with those who can. */
export function others(permit: Permit, person: string | undefined): Step[] {
  return here(permit).filter(
    (step) => !rare(step) && step.persons.length > 0 && !step.persons.includes(person ?? ""),
  );
}

/** The step that a link or a button named: by what it asks, and among several of one kind by its words. */
export function stepOf(permit: Permit, person: string | undefined, key: string | null): Step | undefined {
  return mine(permit, person).find((step) => keyOf(step) === key);
}

/** Whether it is folded away; what takes something back is not. */
export function rare(step: Step): boolean {
  return RARE.has(step.ask) && step.longest_s !== 0;
}

/** Whether work ends with it: while work goes on, that is never the large button. */
export function ends(step: Step): boolean {
  return ENDS.has(step.ask);
}

/** The one that stands large: the most useful; while work goes on, never one with which it ends. */
export function chief(permit: Permit, person: string | undefined): Step | undefined {
  const all = mine(permit, person);
  const first = all.find((step) => step.ask !== "here" && !rare(step));
  const asked = all.some((step) => step.ask === "here"); // that button stands above, and is the large one
  return first && !asked && !(permit.state === "active" && ends(first)) ? first : undefined;
}

/** A name for the address bar: a check-in, a relief and a co-sign all ask "check_in". */
export function keyOf(step: Step): string {
  return SEVERAL.has(step.ask)
    ? `${step.ask}.${step.words.en.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`
    : step.ask;
}

function here(permit: Permit): Step[] {
  return permit.next.filter((step) => !NOT_HERE.has(step.ask));
}

/** Whether somebody keeps watch here: who has checked in, and whom the ticket names. */
export function guards(permit: Permit, person: string | undefined): boolean {
  return [permit.guard_id, ...permit.guards.map((one) => one.id)].some((one) => one && one === person);
}

export function concerns(permit: Permit, person: string): boolean {
  return [
    permit.holder_id,
    ...permit.guards.map((one) => one.id),
    ...permit.workers.map((one) => one.id),
  ].includes(person);
}
