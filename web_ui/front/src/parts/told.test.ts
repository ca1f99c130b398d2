/** A short word is spoken in the language of the moment at which it is read. */
import { afterEach, expect, test, vi } from "vitest";
import { type Key, speakFrom, t } from "../words/words.ts";
import { tell, told } from "./told.tsx";

afterEach(() => vi.unstubAllGlobals());

test("what was said in one language is read in the other after the language became another", () => {
  vi.stubGlobal("window", { setTimeout: () => 0 });
  speakFrom({ claim: { welcome: "In use" } }, "en");
  tell(() => t("claim.welcome" satisfies Key));
  expect(told.get()?.()).toBe("In use");
  speakFrom({ claim: { welcome: "已启用" } }, "zh");
  expect(told.get()?.()).toBe("已启用");
});
