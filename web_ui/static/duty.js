// What people of a permit do now, who is still inside, which rules are let be, and how much was guarded.

import { el, heard, icon, lasting, left, name } from "./dom.js";
import { COLON, clock, cut, said, t } from "./words.js";

const ROLES = ["guard", "worker", "holder", "safety_officer"]; // the guard reads this page most
const WHERE = ["inside", "unknown", "out"]; // whoever is missing first

/** The instruction for everybody, then one line for each role. */
export function whatNow(permit) {
  const cards = ROLES.filter((role) => Object.hasOwn(permit.cards ?? {}, role));
  if (!said(permit.instruction) && !cards.length) return null;
  return el("div.duty", {}, el("h4", {}, t("permit", "now")),
    said(permit.instruction) && el("p.instruction", {}, said(permit.instruction)),
    cards.length > 0 && el("dl.cards", {}, ...cards.map((role) =>
      el("div", {}, el("dt", {}, t("role", role)), el("dd", {}, said(permit.cards[role]))))));
}

/** Nobody is out because nothing is known of him: each stands by name under what is known. */
export function headCount(permit) {
  const count = permit.headcount;
  if (!count) return null;
  const place = `${said(count.area)} (${count.x_m.toFixed(0)}, ${count.y_m.toFixed(0)} m)`;
  return el("div.heads", {},
    el("h4", {}, t("heads", "title", { place })),
    el("div.groups", {}, ...WHERE.map((where) => group(permit, where, count.people.filter((one) => one.where === where)))),
    el("p.age", {}, t("heads", "sources", { counted: count.counted, seen: count.seen })));
}

function group(permit, where, people) {
  return el("section", { "data-where": where, "data-none": people.length === 0 },
    el("p.tally", {}, icon({ inside: "danger", unknown: "unknown", out: "done" }[where]), el("b", {}, people.length), " ", t("heads", where)),
    el("ul", {}, ...people.map((one) => el("li", {}, el("b", {}, name(cut(one.name, 40))),
      one.area && where !== "inside" && el("span", {}, said(one.area)), heard(headKey(permit, one), "people.heard", "people.never")))));
}

/** Under which key the age of somebody's last place runs on. */
export const headKey = (permit, one) => `head:${permit.id}:${one.id}`;

/** Amber: which rule is let be, by whom, why, until when. */
export function overrides(permit) {
  return (permit.overrides ?? []).map((one) => el("div.override", {},
    el("p.title", {}, icon("danger"), el("span", {}, t("permit", "override", { rule: said(one.title) }))),
    el("p", {}, name(cut(one.who, 60)), COLON, name(cut(one.reason, 200))),
    el("p", {}, t("permit", "override_until", { time: clock(one.until_utc) }), " ", left(one.until_utc))));
}

/** "97.4 %", then every blind spell with what was blind. */
export function coverage(permit) {
  const ledger = permit.coverage;
  if (!ledger) return null;
  const share = ledger.guarded_pct === null ? t("coverage", "none") : t("coverage", "share", { share: ledger.guarded_pct.toFixed(1) });
  return el("div.coverage", {}, el("h4", {}, t("permit", "coverage")), el("p.figure", {}, share),
    el("ul", {}, ...ledger.holes.map(hole), ledger.more > 0 && el("li", {}, t("coverage", "more", { count: ledger.more })),
      ledger.guarded_pct !== null && !ledger.holes.length && el("li", {}, t("coverage", "whole"))));
}

function hole(one) {
  const over = one.until_utc !== null;
  const spell = over ? t("coverage", "spell", { from: clock(one.from_utc), until: clock(one.until_utc, one.from_utc) }) : "";
  return el("li", { "data-open": !over }, el("b", {}, said(one.feed)), " ",
    over ? spell : el("span", {}, el("strong.missing", {}, t("coverage", "open")), " ", lasting(one.from_utc, "permit.since")));
}
