// What is sensed and switched on site: gas, cameras, people, outputs; and the alarms and events.

import { el, heard, icon, lasting, name } from "./dom.js";
import { clock, cut, howLong, said, t } from "./words.js";

const empty = (section) => [el("p.empty", {}, t(section, "none"))];
const SUBSCRIPT = { 2: "₂", 3: "₃", 4: "₄", 6: "₆" };
const formula = (gas) => (/^(ch4|o2|h2s|co|co2|cl2|nh3|so2|no2|h2|c6h6)$/.test(gas)
  ? gas.toUpperCase().replace("CL", "Cl").replace(/\d/g, (digit) => SUBSCRIPT[digit]) : cut(gas, 12));

export function drawGas(channels) {
  if (!channels.length) return empty("gas");
  return channels.map((one) => {
    const danger = one.danger || one.device_alarm;
    const look = danger ? "danger" : one.quality === "good" ? "good" : "bad";
    const figure = one.level === null ? t("gas", "no_value") : shown(one.level);
    return el("article.gas", { "data-look": look, "data-gas": cut(one.id) },
      el("p.gas-name", {}, el("b", {}, formula(one.gas)), el("span", {}, said(one.name))),
      el(one.level === null ? "p.figure.nothing" : "p.figure", {}, figure, one.level !== null && el("small", {}, cut(one.unit, 12))),
      el("p.quality", {}, danger && el("strong.danger-word", {}, icon("danger"), t("gas", "danger")),
        el("span", {}, t("quality", one.quality)), one.device_alarm && el("span", {}, t("gas", "device_alarm"))),
      average(one.stel, "stel"), average(one.twa, "twa"),
      el("p.age", {}, heard(`gas:${one.id}`, "gas.heard", "gas.never")));
  });
}

/** An average with minutes missing shows no limit as kept, and says so. */
function average(one, over) {
  if (!one) return null;
  const short = one.missing_min > 0;
  return el("p.average", { "data-complete": !short }, t("gas", over), " ", el("b", {}, shown(one.value)),
    short && el("span.incomplete", {}, t("gas", "incomplete", { count: one.missing_min })));
}

/** A level as the detector shows it: its own digits, at most two after the point. */
const shown = (level) => String(Number(level.toFixed(2))).replace("-", "−");

export function drawPeople(people) {
  if (!people.length) return empty("people");
  return [el("ul.people", {}, ...people.map((one) =>
    el("li", { "data-fresh": one.fresh, "data-person": cut(one.id) },
      el("p.person", {}, el("b", {}, name(cut(one.name))), el("span", {}, one.roles.map((role) => t("role", role)).join(" · "))),
      el("p.place", {}, !one.fresh && el("strong.lost", {}, t("people", "lost")), place(one)),
      el("p.age", {}, heard(`person:${one.id}`, "people.heard", "people.never")))))];
}

function place(one) {
  if (one.area) return said(one.area);
  if (one.x_m === null || one.y_m === null) return el("strong.unknown", {}, t("people", "place_unknown"));
  return `${t("people", "outside")} (${one.x_m.toFixed(0)}, ${one.y_m.toFixed(0)} m)`;
}

// One <img> per camera for the life of the page, so that a new picture does not flash.
const pictures = new Map();

export function drawCameras(cameras) {
  if (!cameras.length) return empty("camera");
  return cameras.map((one) => {
    const clear = one.view === "clear";
    return el("article.camera", { "data-view": clear ? "clear" : "not", "data-camera": cut(one.id) },
      el("div.frame", {}, picture(one), el("p.no-picture", {}, t("camera", "no_picture")),
        !clear && el("p.not-monitored", {}, icon("dead"), el("span", {}, t("camera", "not_monitored")), el("small", {}, t("view", one.view)))),
      el("p.caption", {}, el("b", {}, said(one.name)),
        el("span", {}, clear ? t("view", "clear") : el("strong", {}, t("camera", "not_monitored"), " · ", t("view", one.view))),
        el("span", {}, heads(one)), heard(`camera:${one.id}`, "camera.age", "camera.never")));
  });
}

function heads(one) {
  if (one.persons === null) return t("camera", "persons_unknown");
  const inside = one.persons_in.map((seen) => t("camera", "in_area", { area: cut(said(seen.area), 30), count: seen.persons }));
  return [t("camera", "persons", { count: one.persons }), ...inside].join(" · ");
}

function picture(one) {
  if (!pictures.has(one.id)) {
    const image = el("img", { width: 640, height: 360 });
    image.addEventListener("load", () => image.classList.add("here"));
    image.addEventListener("error", () => image.classList.remove("here"));
    pictures.set(one.id, image);
  }
  const image = pictures.get(one.id);
  image.alt = t("camera", "alt", { name: said(one.name) });
  return image;
}

/** Fetch the newest stills: at most one at a time per camera and one a second. */
export function refreshPictures(cameras, at_utc) {
  for (const one of cameras) {
    const image = pictures.get(one.id);
    const due = at_utc - Number(image?.dataset.at ?? -Infinity) >= 1 || at_utc < Number(image?.dataset.at);
    if (!image || !due || (image.dataset.at && !image.complete)) continue;
    image.dataset.at = at_utc;
    image.src = `/api/v1/stills/${encodeURIComponent(one.id)}.jpg?t=${at_utc}`;
  }
}

export function drawOutputs(outputs) {
  if (!outputs.length) return empty("output");
  return [el("ul.outputs", {}, ...outputs.map((one) => {
    const disagrees = one.feedback_closed !== null && one.feedback_closed !== one.wanted_on;
    const feedback = one.feedback_closed === null ? "unknown" : one.feedback_closed ? "closed" : "open";
    return el("li", { "data-disagrees": disagrees, "data-output": cut(`${one.device}/${one.channel}`) },
      el("p", {}, el("b", {}, t("output", one.does)), el("small", {}, said(one.name))),
      el("p.switch", { "data-on": one.wanted_on }, el("small", {}, t("output", "wanted")), " ", t("output", one.wanted_on ? "on" : "off")),
      el("p.switch", {}, el("small", {}, t("output", "feedback")), " ", t("output", feedback),
        disagrees && el("strong.missing", {}, icon("danger"), t("output", "mismatch"))));
  }))];
}

export function drawAlarms(alarms) {
  if (!alarms.length) return empty("alarm");
  const urgentFirst = [...alarms].sort((a, b) => a.priority - b.priority || b.since_utc - a.since_utc);
  return [el("ul.alarms", {}, ...urgentFirst.map((one) =>
    el("li", { "data-priority": one.priority, "data-alarm": cut(one.key) },
      el("p.grade", {}, el("b", {}, t("priority", String(one.priority))), el("span", {}, t("alarm", one.state))),
      el("div", {}, el("p.title", {}, one.drill && el("span.mark.played", {}, t("alarm", "drill")),
        one.overridden && el("span.mark.amber", {}, t("alarm", "overridden")), said(one.title),
        one.permit && el("small", {}, name(cut(one.permit, 40))), one.code && el("small", {}, cut(one.code, 20))),
        el("p.detail", {}, said(one.detail)), el("p.action", {}, said(one.action), one.act_within_s > 0 && ` ${t("alarm", "within", { time: howLong(one.act_within_s) })}`),
        one.since_utc > 0 && el("p.age", {}, lasting(one.since_utc, "permit.since"))))))];
}

export function drawEvents(events, today) {
  if (!events.length) return empty("events");
  return [el("ol.events", {}, ...events.map((one) =>
    el("li", { "data-seq": one.seq }, el("time", {}, clock(one.at_utc, today)),
      el("span", {}, el("b", {}, t("event_type", cut(one.type))), " ", said(one.words)), el("small", {}, name(cut(`${one.subject} · #${one.seq}`, 60))))))];
}
