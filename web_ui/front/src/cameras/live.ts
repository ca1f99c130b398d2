/** One camera's pictures, one after the other: the next one is asked for when the last one has come. */
import { useEffect, useState } from "preact/hooks";
import { pictureAfter, type Shown } from "../api/cameras.ts";
import { asFault, type Fault } from "../api/client.ts";

const AGAIN_MS = 1500; // after something went wrong
export const STALE_S = 3; // an older picture is not shown as live

const ELSEWHERE = "E-ELSEWHERE"; // the same person has opened newer ones

export interface Look {
  url: string | null; // of the newest picture
  shown: Shown | null;
  came_ms: number; // by performance.now()
  failed: Fault | null;
  again: (() => void) | null; // opens it here once more, where it was closed for a newer one
}

const NOTHING: Look = { url: null, shown: null, came_ms: 0, failed: null, again: null };

/** `on` false: nothing is asked for (a page that is hidden needs no picture). */
export function useLive(camera: string, on: boolean): Look {
  const [look, setLook] = useState<Look>(NOTHING);
  const [opened, setOpened] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened anew where it was closed
  useEffect(() => {
    if (!on) return;
    const series = new Series(camera, setLook, () => setOpened((times) => times + 1));
    void series.run();
    return () => {
      series.left = true;
      setLook(NOTHING);
    };
  }, [camera, on, opened]);
  return look;
}

/** Pictures of one camera until somebody has `left`. */
class Series {
  left = false;
  private url: string | null = null;
  private after = 0;
  private readonly camera: string;
  private readonly tell: (by: (before: Look) => Look) => void;
  private readonly again: () => void;
  private anew = true;

  constructor(camera: string, tell: (by: (before: Look) => Look) => void, again: () => void) {
    this.camera = camera;
    this.tell = tell;
    this.again = again;
  }

  async run(): Promise<void> {
    while (!this.left) {
      try {
        const found = await pictureAfter(this.camera, this.after, this.anew);
        this.anew = false;
        if (found && !this.left) this.take(found.picture, found.shown);
      } catch (thrown) {
        const failed = asFault(thrown);
        const closed = failed.code === ELSEWHERE;
        if (!this.left)
          this.tell((before) => ({
            ...(closed ? NOTHING : before),
            failed,
            again: closed ? this.again : null,
          }));
        if (closed) break; // until somebody opens it here again
        await new Promise((go) => setTimeout(go, AGAIN_MS));
      }
    }
    if (this.url) URL.revokeObjectURL(this.url);
  }

  private take(picture: Blob, shown: Shown): void {
    const before = this.url;
    const url = URL.createObjectURL(picture);
    this.url = url;
    this.after = shown.seq;
    this.tell(() => ({ url, shown, came_ms: performance.now(), failed: null, again: null }));
    if (before) setTimeout(() => URL.revokeObjectURL(before), AGAIN_MS); // until the new one is drawn
  }
}

/** How old the picture is now: when it came it was `age_s`. */
export function ageOf(look: Look, now_ms: number): number | null {
  return look.shown ? look.shown.age_s + Math.max(0, now_ms - look.came_ms) / 1000 : null;
}

/** A clock for what grows old by itself. */
export function useTicks(every_ms: number): number {
  const [now_ms, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now_ms;
}

/** Whether somebody has this page before him. */
export function useVisible(): boolean {
  const [visible, setVisible] = useState(() => !document.hidden);
  useEffect(() => {
    const turn = () => setVisible(!document.hidden);
    document.addEventListener("visibilitychange", turn);
    return () => document.removeEventListener("visibilitychange", turn);
  }, []);
  return visible;
}
