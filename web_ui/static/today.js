// The figures of the day so far: counted by the box from its own events.

import { el } from "./dom.js";
import { cut, howLong, said, t } from "./words.js";

const sum = (counts) => Object.values(counts ?? {}).reduce((all, one) => all + one, 0);

/** Several counts in words: "people 1 · devices 2". */
const listed = (counts, section) => Object.entries(counts ?? {}).map(([key, count]) => `${t(section, cut(key, 40))} ${count}`).join(" · ");

export function drawToday(today, cameras) {
  if (!today?.date) return [el("p.empty", {}, t("today", "none"))];
  const called = new Map(cameras.map((one) => [one.id, said(one.name)]));
  return [
    el("dl.today", {},
      row("starts", String(today.starts), t("today", "on_time", { count: today.starts_on_time })),
      row("stops", String(sum(today.stops_by_rule)), listed(today.stops_by_blame, "blame")),
      row("near", String(sum(today.near_miss_candidates)), listed(today.near_miss_candidates, "near_miss")),
      ...times("acknowledged", today.acknowledged), ...times("decided", today.first_sample_to_decision),
      today.drills > 0 && row("drills", String(today.drills), ""),
      ...today.ppe.map((one) => worn(one, called.get(one.camera) ?? cut(one.camera, 40)))),
    el("p.age", {}, t("today", "date", { date: cut(today.date, 20) })),
  ];
}

const row = (key, figure, beside) => el("div", { "data-figure": key }, el("dt", {}, t("today", key)), el("dd", {}, el("b", {}, figure), beside && el("span", {}, beside)));

function times(key, measured) {
  if (!measured?.count) return [];
  const mean = seconds(measured.sum_s / measured.count);
  return [row(key, mean, t("today", "longest", { time: seconds(measured.longest_s), count: measured.count }))];
}

/** Under a minute with its tenths: a decision takes less than a second. */
const seconds = (s) => (s < 60 ? t("time", "s", { s: s.toFixed(1) }) : howLong(s));

/** What could not be assessed is told beside the others: it is neither worn nor missing. */
function worn(one, camera) {
  const share = one.compliant_pct === null ? t("today", "ppe_none") : `${one.compliant_pct.toFixed(1)} %`;
  const counts = t("today", "ppe_counts", { checked: one.should_check, unknown: one.not_assessable });
  return el("div", { "data-figure": "ppe" }, el("dt", {}, `${t("today", "ppe")} · ${camera}`), el("dd", {}, el("b", {}, share), el("span", {}, counts)));
}
