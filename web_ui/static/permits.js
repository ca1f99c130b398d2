// Permits: where each stands, what its people do now, why, and who may change it.

import { el, icon, lasting, left, name } from "./dom.js";
import { coverage, headCount, overrides, whatNow } from "./duty.js";
import { ENDED, tone, worstFirst } from "./tone.js";
import { clock, cut, said, t } from "./words.js";

const MOST_ENDED = 3; // what has ended must not push what is open off the panel
const ICON = { evacuate: "evacuate", stop: "stop", near: "near", run: "run", idle: "idle", done: "done", dead: "dead", shadow: "dead" };

export function drawPermits(permits, people) {
  if (!permits.length) return [el("p.empty", {}, t("permit", "none"))];
  const called = new Map(people.map((person) => [person.id, person.name]));
  const sorted = worstFirst(permits);
  const open = sorted.filter((permit) => !ENDED.includes(tone(permit)));
  const ended = sorted.filter((permit) => ENDED.includes(tone(permit))).sort((a, b) => b.since_utc - a.since_utc);
  const more = ended.length - MOST_ENDED;
  return [...open, ...ended.slice(0, MOST_ENDED)].map((permit) => card(permit, called))
    .concat(more > 0 ? [el("p.empty", {}, t("permit", "more_ended", { count: more }))] : []);
}

function card(permit, called) {
  const look = tone(permit);
  const over = ENDED.includes(look);
  return el("article.permit", { "data-tone": look, "data-permit": cut(permit.id), "data-state": cut(permit.state) },
    stateBlock(permit, look),
    el("div.inner", {},
      permit.drill && el("p.played", {}, t("permit", "drill", { name: cut(permit.drill, 60) })),
      el("div.head", {}, el("div", {}, el("h3", {}, name(cut(permit.id, 60))), el("p.what", {}, whatAndWhere(permit))),
        over ? null : timeLeft(permit)),
      ...(over ? [coverage(permit)] : [headCount(permit), whatNow(permit), why(permit, look), ...overrides(permit),
        standing(permit, look), who(permit, called, look), coverage(permit)])));
}

function stateBlock(permit, look) {
  const word = permit.evacuate ? t("permit", "evacuate") : t("state", cut(permit.state, 30));
  const beside = permit.evacuate ? t("state", cut(permit.state, 30)) : t("state_note", cut(permit.state, 30));
  return el("div.state", {},
    el("p.word", {}, icon(ICON[look] ?? "unknown"), el("span", {}, word)),
    el("p.note", {}, el("span", {}, look === "near" ? t("permit", "near") : look === "shadow" ? t("permit", "shadow") : beside), lasting(permit.since_utc, "permit.since")));
}

function whatAndWhere(permit) {
  const level = permit.level && t("permit", "level", { level: cut(permit.level, 20) });
  return [t("type", permit.type), level, said(permit.area)].filter(Boolean).join(" · ");
}

const timeLeft = (permit) => el("div.remaining", {},
  el("p.label", {}, t("permit", "left")), el("p.figure", {}, left(permit.ends_utc)),
  el("p.label", {}, t("permit", "ends", { time: clock(permit.ends_utc, permit.since_utc) })));

function why(permit, look) {
  if (!["stop", "evacuate"].includes(look)) return null;
  if (!permit.causes.length) return el("div.why", {}, el("h4", {}, t("permit", "why")), el("p.empty", {}, t("permit", "no_cause")));
  return el("div.why", {}, el("h4", {}, t("permit", "why")),
    el("ol.reasons", {}, ...permit.causes.map((cause, index) => reason(cause, index === 0 && t("permit", "first")))));
}

function reason(one, mark) {
  return el("li", {},
    el("p.title", {}, mark && el("span.mark", {}, mark), el("span", {}, said(one.title)),
      one.pause_class && el("span.mark.quiet", {}, t("permit", "class", { class: cut(one.pause_class, 4) }))),
    el("p.detail", {}, said(one.detail), one.since_utc !== null && lasting(one.since_utc, "permit.since")));
}

function standing(permit, look) {
  const starting = look === "idle";
  const stopped = look === "stop" || look === "evacuate";
  if (!permit.standing.length) {
    // Only a permit that is READY may be called clear; during an evacuation nothing is.
    if (permit.state === "ready" && starting) return el("p.clear", {}, t("permit", "clear_start"));
    return look === "stop" ? el("p.clear", {}, t("permit", "clear_resume")) : null;
  }
  const heading = starting ? "standing_start" : stopped ? "standing_resume" : "standing_now";
  return el("div.standing", {}, el("h4", {}, t("permit", heading)),
    el("ul.reasons", {}, ...permit.standing.map((one) => reason(one, ""))));
}

function who(permit, called, look) {
  const person = (id) => name(cut(called.get(id) ?? id));
  const guard = permit.guard ? person(permit.guard) : el("strong.missing", {}, t("permit", "no_guard"));
  const signed = permit.signatures.map((line) => el("li", {}, name(signature(line))));
  const asked = ["idle", "stop", "evacuate"].includes(look); // somebody's yes is what is missing
  return el("dl.who", {},
    el("div", {}, el("dt", {}, t("permit", "holder")), el("dd", {}, person(permit.holder))),
    el("div", {}, el("dt", {}, t("permit", "guard")), el("dd", {}, guard)),
    (signed.length > 0 || asked) && el("div", {}, el("dt", {}, t("permit", "signatures")),
      el("dd", {}, signed.length ? el("ul.signed", {}, ...signed) : t("permit", "no_signatures"))));
}

/** "guard: Li Na" with the capacity in the viewer's language. */
function signature(line) {
  const [capacity, ...rest] = cut(line).split(": ");
  return rest.length ? `${t("role", capacity)}: ${rest.join(": ")}` : capacity;
}
