/** Times that run on between two pictures, and stand still with a picture that is not live. */
import { shown } from "../live/link.ts";
import { useStore } from "../store.ts";
import { counter, lasting, timeOfDay } from "../words/times.ts";
import { type Key, t } from "../words/words.ts";

/** The box's time: now while the picture is live, else that of the picture. */
export function useBoxTime(): { now_utc: number; since_picture_s: number } {
  const { live, why, now_utc } = useStore(shown);
  const at_utc = live?.at_utc ?? 0;
  const then = why === null && now_utc !== null ? now_utc : at_utc;
  return { now_utc: then, since_picture_s: then - at_utc };
}

/** "since 14:03:22 · for 3 min 5 s". */
export function Since({ utc }: { utc: number }) {
  const { now_utc } = useBoxTime();
  return (
    <span class="time">
      {t("permit.since", { time: timeOfDay(utc, now_utc), age: lasting(now_utc - utc) })}
    </span>
  );
}

export function Left({ until_utc }: { until_utc: number }) {
  const { now_utc } = useBoxTime();
  const left_s = until_utc - now_utc;
  return <span class="time left">{left_s > 0 ? counter(left_s) : t("permit.ended")}</span>;
}

/** How long ago something was heard, by its age when the picture was taken. */
export function Heard({ age_s, say, never }: { age_s: number | null; say: Key; never: Key }) {
  const { since_picture_s } = useBoxTime();
  return (
    <span class="time">{age_s === null ? t(never) : t(say, { age: lasting(age_s + since_picture_s) })}</span>
  );
}
