/** A person's record as an administrator fills it in, and what of it is sent: only what changed. Pure. */
import type { Form } from "../api/shapes/asking.ts";
import type { Certificate, Known, Qualification } from "../api/shapes/people.ts";
import { dayEnds, siteDay } from "../words/times.ts";

export const SHORTEST_PIN = 4;
export const INSPECTOR = "inspector"; // of a third party: looks until a day, and is nothing else

/** A certificate in fields: `until` is its last day. */
export interface Licence {
  number: string;
  scopes: string[];
  until: string;
  before: Certificate | null; // as it came: what nobody touches is sent back unchanged
}

export interface Filled {
  id: string;
  name: string;
  roles: string[];
  areas: string[];
  language: string;
  denied: boolean;
  why: string;
  pin: string;
  badge: string;
  tag: string;
  signs_as: string[];
  licences: Licence[];
  trained_until: string; // the last day; "": nobody has said so
  inspects_until: string; // an inspector's last day
  class_utc: number | null; // when the day's class was finished
}

const UNKNOWN: Qualification = {
  tag: null,
  certificates: [],
  training_ok_until_utc: null,
  daily_class_utc: null,
  signs_as: [],
  contractor: "",
  team: "",
};
const ENDED_UTC = 1_704_153_600; // 2024-01-02: a training that is taken away is one that has ended

export const NOBODY: Known = {
  id: "",
  name: "",
  roles: [],
  areas: [],
  language: "zh",
  denied: false,
  until_utc: null,
  qualification: null,
};

export function filledOf(who: Known): Filled {
  const { id, name, roles, areas, language, denied } = who;
  const papers = who.qualification ?? UNKNOWN;
  return {
    ...{ id, name, roles, areas, language, denied, why: "", pin: "", badge: "" },
    tag: papers.tag ?? "",
    signs_as: papers.signs_as,
    licences: papers.certificates.map((one) => ({
      ...{ number: one.number, scopes: one.scopes, before: one },
      until: siteDay(one.valid_to_utc - 1),
    })),
    trained_until: papers.training_ok_until_utc === null ? "" : siteDay(papers.training_ok_until_utc - 1),
    inspects_until: typeof who.until_utc === "number" ? siteDay(who.until_utc - 1) : "",
    class_utc: papers.daily_class_utc,
  };
}

/** What is still missing, first thing first; null when it can be signed. */
export function lacking(
  filled: Filled,
  before: Known,
  isNew: boolean,
): "who" | "pin" | "why" | "until" | "licence" | null {
  if (!filled.id.trim() || !filled.name.trim() || filled.roles.length === 0) return "who";
  if (isNew && !filled.pin && !filled.badge) return "who";
  if (filled.pin && !/^\d{4,12}$/.test(filled.pin)) return "pin";
  if (filled.denied && !before.denied && !filled.why.trim()) return "why";
  const inspects = filled.roles.includes(INSPECTOR);
  if (inspects && (filled.roles.length > 1 || dayEnds(filled.inspects_until) === null)) return "until";
  return filled.licences.some((one) => certificateOf(one) === null) ? "licence" : null;
}

/** What is left as it was is not sent; null while something is missing. */
export function formOf(filled: Filled, before: Known, isNew: boolean): Form | null {
  if (lacking(filled, before, isNew)) return null;
  const { language, pin, badge } = filled;
  const why = filled.why.trim();
  const refusal = filled.denied ? why && { denied: why } : before.denied && { denied: "" };
  const record = {
    ...{ id: filled.id.trim(), name: filled.name.trim(), roles: filled.roles, language },
    ...(refusal || {}),
    ...changed(filled, before),
  };
  return {
    ask: "person",
    record,
    ...(pin && { new_pin: pin }),
    ...(badge && { new_badge: badge }),
  };
}

function changed(filled: Filled, before: Known): Record<string, unknown> {
  const was = filledOf(before);
  const differs = (name: keyof Filled) => JSON.stringify(filled[name]) !== JSON.stringify(was[name]);
  return {
    ...(differs("areas") && { areas: filled.areas }),
    ...(differs("tag") && { tag: filled.tag }),
    ...(differs("signs_as") && { signs_as: filled.signs_as }),
    ...(differs("licences") && { certificates: filled.licences.map(certificateOf) }),
    ...(differs("trained_until") && { training_ok_until_utc: dayEnds(filled.trained_until) ?? ENDED_UTC }),
    ...(filled.roles.includes(INSPECTOR) &&
      differs("inspects_until") && { valid_until_utc: dayEnds(filled.inspects_until) }),
    ...(differs("class_utc") && { daily_class_utc: filled.class_utc }),
  };
}

/** The certificate that these fields say; null while one is missing. */
function certificateOf(one: Licence): Certificate | null {
  const number = one.number.trim();
  const ends = dayEnds(one.until);
  if (!number || one.scopes.length === 0 || ends === null) return null;
  const sameDay = one.before && siteDay(one.before.valid_to_utc - 1) === one.until;
  const valid_to_utc = sameDay && one.before ? one.before.valid_to_utc : ends;
  return { ...one.before, number, scopes: one.scopes, valid_to_utc };
}
