/** Who may do what about a thing to be put right, as the box decides it (edge_agent/domain/rectification.py). Pure. */
import type { Who } from "../api/shapes/people.ts";
import type { Rectification } from "../api/shapes/righting.ts";

const LADDER = ["technician", "shift_lead", "area_owner", "safety_officer", "admin"];
const VERIFIERS = new Set(LADDER.slice(1));
const SEERS = new Set([...LADDER, "auditor"]); // web_ui/access.py RIGHTERS
const WAITING = new Set(["open", "rejected"]);

function holds(who: Who, area: string): boolean {
  return who.areas.length === 0 || who.areas.includes(area);
}

/** Where it stands: the box leaves out what is as at its birth. */
export function statusOf(one: Rectification): NonNullable<Rectification["status"]> {
  return one.status ?? "open";
}

/** Whether he answers for it, or stands above who does. */
export function answersFor(one: Rectification, who: Who): boolean {
  const from = LADDER.indexOf(one.role);
  const roles = new Set(from < 0 ? [] : LADDER.slice(from));
  return who.roles.some((role) => roles.has(role)) && holds(who, one.area ?? "");
}

/** Whether he may look that it is right: never at what he did himself. */
export function mayVerify(one: Rectification, who: Who): boolean {
  const did = [one.done_by, one.taken_by, one.after?.by];
  return (
    statusOf(one) === "done" &&
    who.roles.some((role) => VERIFIERS.has(role)) &&
    holds(who, one.area ?? "") &&
    !did.includes(who.id)
  );
}

export function mayWork(one: Rectification, who: Who): boolean {
  return (WAITING.has(statusOf(one)) || statusOf(one) === "accepted") && answersFor(one, who);
}

export function waits(one: Rectification): boolean {
  return WAITING.has(statusOf(one));
}

export function seesPictures(roles: readonly string[]): boolean {
  return roles.some((role) => SEERS.has(role));
}

/** Open ones first: what is for me, then the most urgent, then the oldest. */
export function inOrder(all: readonly Rectification[], who: Who): Rectification[] {
  const mine = (one: Rectification) => mayWork(one, who) || mayVerify(one, who);
  return [...all].sort(
    (a, b) =>
      Number(mine(b)) - Number(mine(a)) ||
      a.hazard_class.localeCompare(b.hazard_class) ||
      a.deadline_utc - b.deadline_utc,
  );
}
