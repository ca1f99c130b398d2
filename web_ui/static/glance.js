// The one glance over all permits: one of the guard's four words, what to do now, and why.

import { el, icon, name } from "./dom.js";
import { ENDED, tone } from "./tone.js";
import { COLON, COMMA, cut, language, said, t } from "./words.js";

const WORST_FIRST = ["evacuate", "unknown", "stop", "shadow", "warn", "may", "watch", "idle", "done", "dead"];
const WORD = { evacuate: "evacuate", stop: "stopped", warn: "warning", may: "may_work", watch: "stopped", idle: "stopped",
  shadow: "shadow", none: "none" };
const ICON = { evacuate: "evacuate", stop: "stop", warn: "danger", may: "run", watch: "stop", idle: "stop", shadow: "dead", none: "idle" };
const COUNTS = [["evacuate", ["evacuate"]], ["stopped", ["stop"]], ["shadow", ["shadow"]], ["warning", ["warn"]],
  ["may_work", ["may"]], ["watch", ["watch"]], ["idle", ["idle"]], ["done", ENDED]];
const MOST_NAMES = 8;
const MOST_PLACES = 4; // lines of why, before the cards below have to do

/** What a permit is at one glance. Work under way whose word this page does not know is unknown, never fine. */
export function look(permit) {
  const tile = tone(permit);
  if (!["run", "near"].includes(tile)) return tile;
  if (permit.word === "warning" || (permit.word === "may_work" && tile === "near")) return "warn";
  return { may_work: "may", stopped: "watch" }[permit.word] ?? "unknown";
}

/** The look of the whole unit: that of its worst permit that has not ended. */
export function worst(permits) {
  const open = permits.map(look).filter((one) => !ENDED.includes(one));
  return open.length ? WORST_FIRST.find((one) => open.includes(one)) : "none";
}

/** When not live, what stands is unknown, and says so. */
export function drawGlance(permits, live) {
  const now = worst(permits);
  const word = t("glance", WORD[now] ?? "unknown");
  if (!live) return [icon("unknown"), el("p.word", {}, t("glance", "unknown")), el("p.counts", {}, t("glance", "last", { word }))];
  const meant = permits.filter((permit) => look(permit) === now);
  const drill = meant.length > 0 && meant.every((permit) => permit.drill);
  return [
    icon(ICON[now] ?? "unknown"),
    el("p.word", {}, word),
    now === "evacuate" && el("p.also", { lang: language === "zh" ? "en" : "zh-CN" }, t("glance", "evacuate_also")),
    drill && el("p.played", {}, t("glance", "drill")),
    whatToDo(now, meant),
    now === "evacuate" && whoIsMissing(meant),
    el("ul.counts", {}, el("li.label", {}, t("section", "permits")), ...counts(permits)),
    whereAndWhy(now, meant),
  ].filter(Boolean);
}

/** By name: who is still inside, and of whom nothing is known. */
function whoIsMissing(meant) {
  const people = meant.flatMap((permit) => permit.headcount?.people ?? []);
  const rows = ["inside", "unknown"].map((where) => [where, people.filter((one) => one.where === where)]);
  const known = rows.filter(([, found]) => found.length);
  if (!people.length) return null;
  if (!known.length) return el("p.missing-people", {}, t("heads", "all_out", { count: people.length }));
  return el("p.missing-people", {}, ...known.map(([where, found]) => el("span", { "data-where": where },
    `${t("heads", where)} ${found.length}${COLON}`, ...found.slice(0, MOST_NAMES).flatMap((one, at) => [at ? COMMA : "", name(cut(one.name, 30))]),
    found.length > MOST_NAMES && " …")));
}

function counts(permits) {
  const tally = COUNTS.map(([key, looks]) => [key, permits.filter((one) => looks.includes(look(one))).length]);
  return tally.filter(([, count]) => count).map(([key, count]) => el("li", {}, el("b", {}, count), " ", t("glance", `count_${key}`)));
}

function whatToDo(now, meant) {
  const told = [...new Set(meant.map((permit) => said(permit.instruction)).filter(Boolean))];
  if (told.length) return el("p.do", {}, told.join(" · "));
  const waits = meant.some((permit) => permit.state === "ready") ? "do_ready" : "do_received";
  const plain = { idle: waits, watch: "do_watch", none: "do_none", may: "do_may", shadow: "do_shadow", warn: "do_warn" }[now];
  return plain ? el("p.do", {}, t("glance", plain)) : null;
}

function whereAndWhy(now, meant) {
  if (!["evacuate", "stop", "warn"].includes(now)) return null;
  const lines = meant.slice(0, MOST_PLACES).map((permit) => {
    const first = permit.causes[0] ?? permit.standing[0];
    const letBe = permit.overrides?.[0];
    const why = first ? [said(first.title), said(first.detail)].filter(Boolean).join(" · ")
      : letBe ? t("permit", "override", { rule: said(letBe.title) }) : "";
    // No running time here: this region is read aloud whenever it changes.
    return el("li", {}, name(`${cut(permit.id, 40)} · ${said(permit.area)}`), why && `${COLON}${cut(why, 160)}`);
  });
  const more = meant.length - MOST_PLACES;
  return el("ul.where", {}, ...lines, more > 0 && el("li", {}, t("glance", "more", { count: more })));
}
