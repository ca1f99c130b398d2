/** Minutes of the past decided again by the box: begun by somebody, asked for until it is done. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { call } from "./client.ts";
import type { Calculation, Minutes, Otherwise } from "./shapes/incident.ts";

const AGAIN_MS = 700;

export function playAgain(minutes: Minutes): Promise<Calculation> {
  return call<Calculation>("POST", "/incidents", minutes);
}

export function tryOtherwise(wish: Otherwise): Promise<Calculation> {
  return call<Calculation>("POST", "/what-ifs", wish);
}

export function checkRecords(): Promise<Calculation> {
  return call<Calculation>("POST", "/verifications");
}

export interface Asked {
  told: Calculation | null;
  failed: unknown;
  take: (asked: Promise<Calculation>) => void;
}

/** What was asked for last, and how far it is; an earlier one that comes late is left alone. */
export function useCalculation(): Asked {
  const [told, setTold] = useState<Calculation | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [asked, setAsked] = useState<Promise<Calculation> | null>(null);
  const take = useCallback((next: Promise<Calculation>) => {
    setTold(null);
    setFailed(null);
    setAsked(next);
  }, []);
  useEffect(() => {
    if (asked === null) return;
    let left = false;
    let timer = 0;
    const follow = (next: Promise<Calculation>) =>
      next.then(
        (found) => {
          if (left) return;
          setTold(found);
          const again = () =>
            follow(call<Calculation>("GET", `/calculations/${encodeURIComponent(found.id)}`));
          if (found.running) timer = window.setTimeout(again, AGAIN_MS);
        },
        (thrown) => left || setFailed(thrown),
      );
    void follow(asked);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [asked]);
  return { told, failed, take };
}
