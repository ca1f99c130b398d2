/** Limits by name: of a gas, of a kind of work, of one of a list; and one that nobody has named yet. */
import { beforeEach, expect, it } from "vitest";
import { limitName, nameKey } from "./limits.ts";
import { speakFrom } from "./words.ts";

beforeEach(() =>
  speakFrom(
    {
      limit_name: {
        "gases.stop_high": "停止上限",
        "gases.levels": "响应级别起点",
        "guard.lost_pause_s": "失联多久即停止",
        "works.longest_s": "最长有效时间",
        "conflicts.within_m": "距离",
      },
      limits: { of: "{whose}：{name}" },
      permit: { level: "等级 {level}" },
      type: { hot: "动火作业", excavation: "动土作业" },
    },
    "zh",
  ),
);

it.each([
  ["gases.ch4.stop_high", "CH₄：停止上限"],
  ["gases.cl2.levels[#1].above", "Cl₂：响应级别起点"],
  ["guard.lost_pause_s", "失联多久即停止"],
  ['works."hot.1".longest_s', "动火作业 等级 1：最长有效时间"],
  ["works.excavation.longest_s", "动土作业：最长有效时间"],
  ["conflicts[#3].within_m", "#3：距离"],
  ["guard.brand_new_s", "guard.brand_new_s"],
])("calls %s %s", (key, name) => expect(limitName(key)).toBe(name));

it("has one name for what stands beside every gas", () => {
  expect(nameKey("gases.h2s.hidden_by.cl2")).toBe("gases.hidden_by");
});
