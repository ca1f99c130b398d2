/** A browser whose storage fails, or never answers, keeps nobody from logging in. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { holds, keepKey, keyName } from "./key.ts";

const PAIR = {} as CryptoKeyPair;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A storage whose `open` gives this, and then says that it is open. */
function storage(opened: () => unknown, answers: boolean) {
  vi.stubGlobal("indexedDB", {
    open: () => {
      const opening = { result: { transaction: opened }, onsuccess: () => undefined };
      if (answers) setTimeout(() => opening.onsuccess());
      return opening;
    },
  });
}

it.each([
  ["never answers", false],
  ["has no such store", true],
])("a storage that %s: the key serves as long as the page", async (_, answers) => {
  storage(() => {
    throw new Error("NotFoundError");
  }, answers);
  const kept = keepKey(PAIR, "k-1");
  await vi.advanceTimersByTimeAsync(answers ? 10 : 3000);
  await kept;
  expect(keyName()).toBe("k-1");
  expect(await holds("k-1")).toBe(true);
});
