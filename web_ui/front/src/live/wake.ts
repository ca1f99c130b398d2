/**
 * Keeps the screen lit where somebody watches: a phone gone dark warns nobody.
 *
 * The browser lets go of the lock whenever the page is hidden, and a device that saves its battery may refuse or
 * end it at any time: it is asked for again when the page comes back, with each touch, and now and then.
 */
import { useEffect } from "preact/hooks";
import { store, useStore } from "../store.ts";

const AGAIN_MS = 15_000;

/** null: not known yet. */
const lit = store<boolean | null>(null);

let watchers = 0;
let lock: WakeLockSentinel | null = null;
let asking = false;

/** Keep the screen lit while this component is drawn and `wanted`; whether it is. */
export function useLit(wanted: boolean): boolean | null {
  useEffect(() => {
    if (!wanted) return;
    watchers += 1;
    const ask = () => void hold();
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    document.addEventListener("visibilitychange", ask);
    document.addEventListener("pointerdown", ask);
    return () => {
      watchers -= 1;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
      document.removeEventListener("pointerdown", ask);
      void letGo();
    };
  }, [wanted]);
  return useStore(lit);
}

async function hold(): Promise<void> {
  if (lock || asking || document.hidden) return;
  asking = true;
  try {
    const mine = await navigator.wakeLock.request("screen"); // throws where the browser knows no such thing
    lock = mine;
    lit.set(true);
    mine.addEventListener("release", () => {
      if (lock !== mine) return;
      lock = null;
      lit.set(false);
    });
  } catch {
    lit.set(false);
  } finally {
    asking = false;
  }
  await letGo(); // nobody may want it any more since it was asked for
}

async function letGo(): Promise<void> {
  if (watchers > 0) return;
  const old = lock;
  lock = null;
  lit.set(null);
  await old?.release();
}
