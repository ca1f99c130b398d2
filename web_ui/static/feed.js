// How the newest picture reaches the page, and how old it is. Old state must never look live.
//
// The server says how old the picture was when it was sent (agent and server share one clock; the
// viewer's may differ by hours); the page adds the time since, by whichever of its two clocks went
// further: the steady one stands still while a laptop sleeps.

const POLL_MS = 1000;
const SILENT_S = 5; // no heartbeat for this long: the connection is dead, open another
const STREAM_EVERY_POLLS = 10; // how often to ask for a stream again while all are taken

/** Starts at once. `onNews()` is called whenever something came or the connection went. */
export function startFeed(stale_s, onNews) {
  const feed = { live: null, fault: null, linked: false, hidden: document.hidden, crowded: false };
  let stream = null;
  let age_s = Infinity;
  const started = now();
  let came = now();
  let heard = now();
  let polls = 0;

  function now() {
    return { steady_ms: performance.now(), wall_ms: Date.now() };
  }

  function since_s(then) {
    const at = now();
    return Math.max(at.steady_ms - then.steady_ms, at.wall_ms - then.wall_ms, 0) / 1000;
  }

  function take(news) {
    heard = now();
    feed.linked = true;
    if (news.live) feed.live = news.live;
    if (news.live || news.fault) feed.fault = news.fault ?? null;
    if (typeof news.age_s === "number") {
      age_s = news.age_s;
      came = now();
    }
    onNews();
  }

  function open() {
    if (feed.hidden) return;
    const mine = new EventSource("/api/v1/stream");
    stream = mine;
    const receive = (wrap) => (event) => {
      if (stream !== mine) return;
      polls = 0;
      feed.crowded = false;
      take(wrap(JSON.parse(event.data)));
    };
    mine.addEventListener("picture", receive((live) => ({ live }))); // the beat behind it says how old it is
    for (const name of ["beat", "fault"]) mine.addEventListener(name, receive((news) => news));
    mine.addEventListener("bye", () => stream === mine && (mine.close(), open()));
    mine.onerror = () => stream === mine && lost();
  }

  function lost() {
    stream?.close();
    stream = null;
    if (!feed.crowded) {
      feed.linked = false;
      onNews();
    }
    ask();
  }

  /** Without a stream: ask once a second, and for a stream again at once or now and then. */
  async function ask() {
    if (feed.hidden || stream) return;
    const answered = await poll();
    if (feed.hidden || stream) return;
    polls += 1;
    feed.crowded = answered && polls > 1;
    if (!answered) setTimeout(() => !stream && open(), POLL_MS);
    else if (polls === 1 || polls % STREAM_EVERY_POLLS === 0) open();
    else setTimeout(ask, POLL_MS);
  }

  async function poll() {
    try {
      const answer = await fetch("/api/v1/live", { cache: "no-store", signal: AbortSignal.timeout(stale_s * 1000) });
      const body = await answer.json();
      if (feed.hidden) return false;
      take(answer.ok ? { live: body, age_s: Number(answer.headers.get("X-Picture-Age-S")) } : { fault: body.error.cause });
      return true;
    } catch {
      feed.linked = false;
      onNews();
      return false;
    }
  }

  /** Seconds since the agent took the picture that is shown. */
  feed.age_s = () => age_s + since_s(came);

  /** Why this is not live: "waiting", "hidden", "fault", "gone", "old"; null when it is. */
  feed.whyNotLive = () => {
    if (feed.hidden) return "hidden";
    const silent = !feed.linked || since_s(heard) > stale_s;
    if (silent) return feed.live || since_s(started) > stale_s ? "gone" : "waiting";
    if (feed.fault) return "fault";
    if (!feed.live) return "waiting";
    return feed.age_s() > stale_s ? "old" : null;
  };

  /** Called by the page's tick: a connection that says nothing is dead, whatever TCP believes. */
  feed.watch = () => {
    if (stream && since_s(heard) > SILENT_S) {
      heard = now();
      lost();
    }
  };

  document.addEventListener("visibilitychange", () => {
    feed.hidden = document.hidden;
    feed.linked = false; // until something comes anew
    stream?.close();
    stream = null;
    polls = 0;
    onNews();
    open();
  });
  open();
  return feed;
}
