// The board: draws each new picture, lets the times run, and greys everything that is not live.

import { startFeed } from "./feed.js";
import { drawAlarms, drawCameras, drawEvents, drawGas, drawOutputs, drawPeople, refreshPictures } from "./field.js";
import { el, icon, left, name } from "./dom.js";
import { headKey } from "./duty.js";
import { drawGlance, worst } from "./glance.js";
import { drawPermits } from "./permits.js";
import { drawToday } from "./today.js";
import { COLON, clock, counter, cut, howLong, said, t, zone } from "./words.js";

const TICK_MS = 250;
const byId = (id) => document.getElementById(id);

let broken = ""; // why a picture could not be drawn; until one can be, nothing is live
let drawn = null; // the picture on the page
const before = new Map(); // what each section showed, so that it is built anew only when it changes
const ages = new Map(); // seconds at the time of the picture, by what they are the age of

const SECTIONS = {
  permits: (live) => [[live.permits, live.people.map((one) => [one.id, one.name])], () => drawPermits(live.permits, live.people)],
  alarms: (live) => [live.alarms, () => drawAlarms(live.alarms)],
  gas: (live) => [live.gas, () => drawGas(live.gas)],
  cameras: (live) => [live.cameras, () => drawCameras(live.cameras)],
  people: (live) => [live.people, () => drawPeople(live.people)],
  outputs: (live) => [live.outputs, () => drawOutputs(live.outputs)],
  today: (live) => [[live.today, live.cameras.map((one) => [one.id, one.name])], () => drawToday(live.today, live.cameras)],
  events: (live) => [live.events, () => drawEvents(live.events, live.at_utc)],
};

function news() {
  try {
    if (feed.live && feed.live !== drawn) draw(feed.live);
    broken = "";
  } catch (fault) {
    broken = String(fault);
  }
  tick();
}

function draw(live) {
  drawn = null; // a half-drawn picture is none
  ages.clear();
  for (const [kind, things] of [["gas", live.gas], ["person", live.people], ["camera", live.cameras]])
    for (const one of things) ages.set(`${kind}:${one.id}`, one.age_s);
  for (const permit of live.permits)
    for (const one of permit.headcount?.people ?? []) ages.set(headKey(permit, one), one.age_s);
  for (const [id, section] of Object.entries(SECTIONS)) {
    const [data, build] = section(live);
    const section_is = JSON.stringify(data, shapeOnly);
    if (before.get(id) === section_is) continue;
    before.delete(id);
    byId(id).querySelector(".body").replaceChildren(...build());
    before.set(id, section_is);
  }
  for (const [id, things] of [["permits", live.permits], ["alarms", live.alarms], ["people", live.people]])
    byId(id).querySelector(".count").textContent = things.length || "";
  drawFrame(live);
  refreshPictures(live.cameras, live.at_utc);
  drawn = live;
  runTimes(0); // as they were when it was taken; only a live picture's times run on
}

/** What a section is built from: not the ages, which tick by themselves, nor the fractions of an end. */
const shapeOnly = (key, value) =>
  key === "age_s" ? undefined : ["ends_utc", "until_utc"].includes(key) && value !== null ? Math.round(value) : value;

function drawFrame(live) {
  byId("site").textContent = said(live.name) || cut(live.site);
  byId("unit").textContent = cut(`${live.site} / ${live.unit}`);
  byId("demo").hidden = !live.demo;
  byId("untrusted").hidden = live.clock_trusted;
  banner("shadow", live.shadow ?? [], (one) => [icon("dead"), el("span", {}, said(one))]);
  banner("drill", live.permits.filter((one) => one.drill), (one) => [icon("drill"), el("b", {}, t("page", "drill")),
    el("span", {}, name(`${cut(one.id, 40)} · ${cut(one.drill, 60)}`)), el("span", {}, t("page", "drill_real"))]);
  const let_be = live.permits.flatMap((permit) => (permit.overrides ?? []).map((one) => ({ ...one, permit: permit.id })));
  banner("overrides", let_be, (one) => [icon("danger"), el("b", {}, t("permit", "override", { rule: said(one.title) })),
    el("span", {}, name(cut(one.permit, 40))), el("span", {}, name(cut(one.who, 60)), COLON, name(cut(one.reason, 120))),
    el("span", {}, t("permit", "override_until", { time: clock(one.until_utc) }), " ", left(one.until_utc))]);
  byId("rulebook").textContent = t("page", "rulebook", { name: cut(live.rulebook) });
  const state = live.uplink_ok === null ? "unknown" : live.uplink_ok ? "ok" : "down";
  const parts = [t("uplink", state), live.waiting && t("uplink", "waiting", { count: live.waiting }), state !== "ok" && t("uplink", "local")];
  byId("uplink").dataset.state = state;
  write(byId("uplink-state"), parts.filter(Boolean).join(" · "));
  write(byId("uplink-detail"), cut(said(live.uplink_detail), 160));
}

/** A banner with one line for each thing, built anew only when they change; hidden without any. */
function banner(id, things, line) {
  const now = JSON.stringify(things, shapeOnly);
  if (before.get(`banner-${id}`) === now) return;
  before.set(`banner-${id}`, now);
  byId(id).hidden = things.length === 0;
  byId(id).replaceChildren(...things.map((one) => el("p", {}, ...line(one))));
}

/** What the page says about itself, and every running time. Runs whether or not anything came. */
function tick() {
  const why = broken ? "draw" : feed.whyNotLive();
  document.body.classList.toggle("stale", why !== null);
  byId("notlive").hidden = why === null;
  byId("crowded").hidden = !feed.crowded;
  if (why !== null) tellNotLive(why);
  write(byId("pulse"), why === null ? t("live", "on") : t("live", "off"));
  glance(why === null);
  if (drawn && why === null) runTimes(feed.age_s());
}

function tellNotLive(why) {
  const since = feed.live && t("live", "since", { time: clock(feed.live.at_utc, Date.now() / 1000) });
  write(byId("notlive-title"), since || t("live", "waiting"));
  const causes = { fault: feed.fault && said(feed.fault), draw: t("live", "cause_draw", { detail: cut(broken, 200) }) };
  const known = ["old", "gone", "hidden"].includes(why) ? t("live", `cause_${why}`) : "";
  write(byId("notlive-cause"), causes[why] ?? known);
}

function glance(live) {
  const permits = drawn?.permits ?? [];
  const now = JSON.stringify([live, drawn !== null, permits.map((one) => [one.id, one.state, one.evacuate, one.near_end, one.shadow,
    one.word, one.instruction, one.drill, one.causes[0], one.standing[0], one.headcount])], shapeOnly);
  if (before.get("glance") === now) return;
  const box = byId("glance");
  box.dataset.tone = live ? worst(permits) : "unknown";
  box.replaceChildren(...drawGlance(permits, live));
  before.set("glance", now);
}

function runTimes(age_s) {
  const now_utc = drawn.at_utc + age_s;
  write(byId("clock"), `${clock(now_utc)} ${zone(now_utc)}`);
  for (const cell of document.querySelectorAll("[data-heard]")) {
    const at = ages.get(cell.dataset.heard);
    const known = typeof at === "number";
    write(cell, known ? sentence(cell.dataset.say, { age: howLong(at + age_s) }) : sentence(cell.dataset.never, {}));
  }
  for (const cell of document.querySelectorAll("[data-since]")) {
    const since = Number(cell.dataset.since);
    write(cell, sentence(cell.dataset.say, { time: clock(since, now_utc), age: howLong(now_utc - since) }));
  }
  for (const cell of document.querySelectorAll("[data-left]")) {
    const left_s = Number(cell.dataset.left) - now_utc;
    write(cell, left_s > 0 ? counter(left_s) : t("permit", "ended"));
  }
}

function sentence(path, values) {
  const [section, key] = path.split(".");
  return t(section, key, values);
}

function write(cell, text) {
  if (cell.textContent !== text) cell.textContent = text;
}

const feed = startFeed(Number(document.body.dataset.staleS), news);
setInterval(() => {
  feed.watch();
  tick();
}, TICK_MS);
