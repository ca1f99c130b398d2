/** Keeps the feed filled: a stream of events, or one question a second when all streams are taken. */
import { API } from "../api/client.ts";
import { leave, moment, renew, session } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import { type Store, store } from "../store.ts";
import { t, type Words } from "../words/words.ts";
import { Feed, type News, STALE_S, type Why } from "./feed.ts";

const ASK_EVERY_MS = 1000;
const STREAM_EVERY_ASKED = 10; // how often to try for a stream again while all are taken
const TICK_MS = 250;

/** What pages show: the picture, whether it is live, and the box's time. Changes four times a second. */
export interface Shown {
  live: Live | null;
  why: Why | null;
  fault: Words | null;
  age_s: number;
  now_utc: number | null;
  crowded: boolean; // all streams are taken: it asks once a second
}

let stream: EventSource | null = null;
let asked = 0;
let running = false;

export const feed = new Feed(() => ({ steady_ms: performance.now(), wall_ms: Date.now() }));
export const shown: Store<Shown> = store(look());

function look(): Shown {
  return {
    live: feed.live,
    why: feed.whyNot(),
    fault: feed.fault,
    age_s: feed.pictureAge_s(),
    now_utc: feed.boxNow_utc(),
    crowded: asked > 0,
  };
}

/** Start, or start anew after a log-in. */
export function connect(): void {
  feed.nobody = false;
  if (!running) {
    running = true;
    setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", turned);
    addEventListener("offline", lost);
    addEventListener("online", open);
  }
  open();
}

export function disconnect(): void {
  stream?.close();
  stream = null;
  feed.nobody = true;
  feed.live = null;
  shown.set(look());
}

function tick(): void {
  if (stream && feed.isDead()) lost();
  shown.set(look());
}

function turned(): void {
  feed.hide(document.hidden);
  stream?.close();
  stream = null;
  asked = 0;
  shown.set(look());
  open();
}

function take(news: News): void {
  feed.take(news);
  shown.set(look());
}

function open(): void {
  if (feed.hidden || feed.nobody) return;
  stream?.close();
  const mine = new EventSource(`${API}/stream`);
  stream = mine;
  feed.seek();
  const hear = (kind: string, read: (data: never) => News) =>
    mine.addEventListener(kind, (event) => {
      if (stream !== mine) return;
      asked = 0;
      take(read(JSON.parse((event as MessageEvent<string>).data) as never));
    });
  hear("picture", (live: Live) => ({ live }));
  hear("beat", (beat: { age_s: number | null }) => (beat.age_s === null ? {} : { age_s: beat.age_s }));
  hear("fault", ({ fault }: { fault: Words }) => ({ fault }));
  mine.addEventListener("who", (event) => stream === mine && isOther(event) && void renew().catch(lost));
  mine.addEventListener("bye", () => stream === mine && open());
  mine.onerror = () => stream === mine && lost();
}

/** Whether I am somebody else to the box than to this page: other roles, or other areas. */
function isOther(said: MessageEvent<string>): boolean {
  return JSON.stringify(JSON.parse(said.data)) !== JSON.stringify(session.get()?.who ?? null);
}

function lost(): void {
  stream?.close();
  stream = null;
  if (asked === 0) feed.lost(); // while pictures are asked for one by one, a refused stream changes nothing
  shown.set(look());
  void askForOne();
}

/** Without a stream: one picture a second, and a stream again at once or now and then. */
async function askForOne(): Promise<void> {
  if (stream || feed.hidden || feed.nobody) return;
  const answered = await question();
  if (stream || feed.hidden || feed.nobody) return;
  asked = answered ? asked + 1 : 0;
  if (!answered) setTimeout(() => !stream && open(), ASK_EVERY_MS);
  else if (asked === 1 || asked % STREAM_EVERY_ASKED === 0) open();
  else setTimeout(() => void askForOne(), ASK_EVERY_MS);
}

async function question(): Promise<boolean> {
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), STALE_S * 1000);
  const still = moment();
  try {
    const answer = await fetch(`${API}/live`, { cache: "no-store", signal: ends.signal });
    if (answer.status === 401) {
      if (!still()) return false;
      disconnect();
      await leave(() => t("login.ended"));
      return false;
    }
    const body = await answer.json();
    if (answer.ok)
      take({ live: body as Live, age_s: Number(answer.headers.get("X-Picture-Age-S") ?? Number.NaN) });
    else take({ fault: (body as { error: { cause: Words } }).error.cause });
    return true;
  } catch {
    feed.lost();
    shown.set(look());
    return false;
  } finally {
    clearTimeout(timer);
  }
}
