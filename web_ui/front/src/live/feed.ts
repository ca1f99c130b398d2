/**
 * How the newest picture reaches the page, and how old it is. Old state must never look live.
 *
 * The server says how old the picture was when it was sent (agent and server share one clock; the phone's may
 * differ by hours); the page adds the time since, by whichever of its two clocks went further: the steady one
 * stands still while a device sleeps.
 */
import type { Live } from "../api/shapes/live.ts";
import type { Words } from "../words/words.ts";

export const STALE_S = 3; // edge_agent/tell/live.py: older than this is not live
export const SILENT_S = 2.5; // two beats missed: the link is gone, and that is said before three seconds are over
export const DEAD_S = 5; // no beat for this long: whatever TCP believes, open another

export interface Moment {
  steady_ms: number;
  wall_ms: number;
}

export interface News {
  live?: Live;
  fault?: Words;
  age_s?: number;
}

export type Why = "waiting" | "hidden" | "fault" | "gone" | "old" | "nobody";

export class Feed {
  live: Live | null = null;
  fault: Words | null = null;
  linked = false;
  hidden = false;
  nobody = false;
  private age_s = Number.POSITIVE_INFINITY;
  private came: Moment;
  private heard: Moment;
  private sought: Moment;
  private readonly started: Moment;
  private readonly now: () => Moment;

  constructor(now: () => Moment) {
    this.now = now;
    this.started = this.came = this.heard = this.sought = now();
  }

  take(news: News): void {
    this.heard = this.now();
    this.linked = true;
    this.nobody = false;
    if (news.live) this.live = news.live;
    if (news.live || news.fault) this.fault = news.fault ?? null;
    if (news.age_s !== undefined) {
      this.age_s = Number.isFinite(news.age_s) ? news.age_s : Number.POSITIVE_INFINITY; // NaN is older than nothing
      this.came = this.heard;
    }
  }

  /** The connection went; nothing is live until something comes anew. */
  lost(): void {
    this.linked = false;
  }

  /** Another connection is being opened: it has its own time to say something. */
  seek(): void {
    this.sought = this.now();
  }

  hide(hidden: boolean): void {
    this.hidden = hidden;
    this.linked = false;
  }

  /** Seconds since the agent took the picture that is shown. */
  pictureAge_s(): number {
    return this.age_s + this.since_s(this.came);
  }

  silent_s(): number {
    return this.since_s(this.heard);
  }

  /** Neither has this connection said anything for so long, nor is it as young as that. */
  isDead(): boolean {
    return Math.min(this.silent_s(), this.since_s(this.sought)) > DEAD_S;
  }

  /** The box's own time, now: what is left of a permit is never reckoned by a phone's clock. */
  boxNow_utc(): number | null {
    const age_s = this.pictureAge_s();
    return this.live && Number.isFinite(age_s) ? this.live.at_utc + age_s : null;
  }

  /** null: what is shown is live. */
  whyNot(): Why | null {
    if (this.nobody) return "nobody";
    if (this.hidden) return "hidden";
    if (!this.linked || this.silent_s() > SILENT_S) {
      return this.live || this.since_s(this.started) > STALE_S ? "gone" : "waiting";
    }
    if (this.fault) return "fault";
    if (!this.live) return "waiting";
    return this.pictureAge_s() > STALE_S ? "old" : null;
  }

  private since_s(then: Moment): number {
    const now = this.now();
    return Math.max(now.steady_ms - then.steady_ms, now.wall_ms - then.wall_ms, 0) / 1000;
  }
}
