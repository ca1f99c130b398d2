/** Somebody does one thing at the box's own screen: then, or when nobody touches it, the screen is the box's again. */
import { useEffect, useState } from "preact/hooks";
import { logOut } from "../api/session.ts";
import { go } from "../router.tsx";
import { countdown } from "../words/times.ts";
import { t } from "../words/words.ts";
import { told } from "./told.tsx";

const IDLE_MS = 60_000;
const DONE_MS = 5000; // to read that it was done
const TICK_MS = 500;

export function AtPanel() {
  const [left_ms, setLeft] = useState(IDLE_MS);
  useEffect(() => {
    let by_ms = performance.now() + IDLE_MS;
    const touched = () => {
      by_ms = performance.now() + IDLE_MS;
    };
    const done = told.watch((words) => {
      if (words) by_ms = Math.min(by_ms, performance.now() + DONE_MS);
    });
    const timer = setInterval(() => {
      const left = by_ms - performance.now();
      setLeft(Math.max(0, left));
      if (left <= 0) void back();
    }, TICK_MS);
    const touches = ["pointerdown", "keydown"] as const;
    for (const touch of touches) addEventListener(touch, touched, { capture: true });
    return () => {
      done();
      clearInterval(timer);
      for (const touch of touches) removeEventListener(touch, touched, { capture: true });
    };
  }, []);
  return (
    <p class="atpanel">
      <span>{t("panel.returns", { time: countdown(left_ms / 1000) })}</span>
      <button type="button" class="button" onClick={() => void back()}>
        {t("panel.return")}
      </button>
    </p>
  );
}

async function back(): Promise<void> {
  go("/panel", { replace: true });
  try {
    await logOut();
  } catch {
    // The box does not answer: this device has forgotten the key, and asks anew when it does.
  }
}
