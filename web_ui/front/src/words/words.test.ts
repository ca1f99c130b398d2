/** Words: filled in, and a value that the page does not know is never hidden or mistaken. */
import { beforeEach, describe, expect, it } from "vitest";
import { beyond, bilingual, said, speakFrom, t, term } from "./words.ts";

describe("words", () => {
  beforeEach(() => speakFrom({ permit: { ends: "{time} 到期" }, state: { active: "作业中" } }, "zh"));

  it("fills in what it is given and leaves the rest visible", () => {
    expect(t("permit.ends", { time: "12:00" })).toBe("12:00 到期");
    expect(t("permit.ends")).toBe("{time} 到期");
  });

  it("does not fill in again what a value brought along", () => {
    expect(t("permit.ends", { time: "{time}" })).toBe("{time} 到期");
  });

  it.each(["constructor", "__proto__", "toString", "brand_new"])("shows %s as it came", (value) => {
    expect(term("state", value)).toBe(value);
  });

  it("writes a name down in both languages, whichever is spoken", async () => {
    const named = await bilingual();
    expect(named("setup.relay_name", { id: "r-1" })).toEqual({ zh: "继电器 r-1", en: "Relay r-1" });
  });

  it("says nothing twice", () => {
    const title = { zh: "停", en: "Stop" };
    expect(beyond({ title, detail: title })).toBe("");
    expect(beyond({ title, detail: { zh: "15 ppm", en: "15 ppm" } })).toBe("15 ppm");
  });

  it("says the agent's words in the reader's language", () => {
    expect(said({ zh: "停", en: "Stop" })).toBe("停");
  });
});
