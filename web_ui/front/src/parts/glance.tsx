/** One of four words, very large, with its sign; what is old says "unknown" and what it said last. */
import type { Permit } from "../api/shapes/permit.ts";
import { type Tone, toneOf } from "../duty/tone.ts";
import { lasting } from "../words/times.ts";
import { beyond, type Key, said, t, term } from "../words/words.ts";
import { Icon, type Sign } from "./icon.tsx";

const SIGNS: Record<Tone, Sign> = {
  evacuate: "evacuate",
  unknown: "unknown",
  stopped: "stopped",
  shadow: "shadow",
  warning: "warning",
  watch: "waiting",
  may_work: "may_work",
  waiting: "waiting",
  over: "over",
};

/** What to do where the box has nothing more pressing to say. */
const DO: Partial<Record<Tone, Key>> = {
  warning: "glance.do_warn",
  watch: "glance.do_watch",
  may_work: "glance.do_may",
  shadow: "glance.do_shadow",
};

const WORDS: Record<Tone, Key> = {
  evacuate: "glance.evacuate",
  unknown: "glance.unknown",
  stopped: "glance.stopped",
  shadow: "glance.shadow",
  warning: "glance.warning",
  watch: "state.fire_watch",
  may_work: "glance.may_work",
  waiting: "phone.not_started",
  over: "phone.over",
};

export function wordOf(tone: Tone): string {
  return t(WORDS[tone]);
}

export function Word({ tone }: { tone: Tone }) {
  return (
    <p class="word">
      <Icon of={SIGNS[tone]} />
      <span>{wordOf(tone)}</span>
    </p>
  );
}

export function Glance({
  permit,
  stale,
  now_utc,
}: {
  permit: Permit;
  stale: boolean;
  now_utc: number | null;
}) {
  const known = toneOf(permit);
  const tone = stale ? "unknown" : known;
  const since = now_utc === null ? null : lasting(now_utc - permit.since_utc);
  return (
    <section class="glance" data-tone={tone} aria-live="assertive" aria-atomic="true">
      <Word tone={tone} />
      {!stale && permit.drill && <p class="played">{t("glance.drill")}</p>}
      {stale && <p>{t("glance.last", { word: wordOf(known) })}</p>}
      {!stale && (
        <>
          {tone === "evacuate" && <p class="also">{t("glance.evacuate_also")}</p>}
          <p class="state">
            {term("state", permit.state)} · {since && t("phone.since", { time: since })}
          </p>
          <Why permit={permit} tone={tone} />
        </>
      )}
    </section>
  );
}

/** The first-out cause, and what to do: the two things that somebody runs by. */
function Why({ permit, tone }: { permit: Permit; tone: Tone }) {
  const first = permit.causes[0] ?? (tone === "warning" ? permit.standing[0] : undefined);
  const usual = DO[tone];
  const instruction = said(permit.instruction) || (usual ? t(usual) : "");
  return (
    <>
      {first && (
        <p class="why">
          <b>{said(first.title)}</b> {beyond(first)}
        </p>
      )}
      {instruction && <p class="instruction">{instruction}</p>}
    </>
  );
}
