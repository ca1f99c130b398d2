/** Events, newest first; each leads to its own page. */
import type { Happened } from "../api/shapes/live.ts";
import { brief, Name } from "../parts/name.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Link } from "../router.tsx";
import { timeOfDay } from "../words/times.ts";
import { t, term } from "../words/words.ts";

export function EventList({ events }: { events: Happened[] }) {
  const { now_utc } = useBoxTime();
  if (events.length === 0) return <p class="empty">{t("events.none")}</p>;
  return (
    <ol class="events">
      {events.map((one) => (
        <li key={one.seq} data-seq={one.seq}>
          <Link to={`/events/${one.seq}`}>
            <time>{timeOfDay(one.at_utc, now_utc)}</time>
            <span>
              <b>{term("event_type", one.type)}</b> {brief(one.words)}
            </span>
            <small>
              <Name of={`${one.subject} · #${one.seq}`} most={60} />
            </small>
          </Link>
        </li>
      ))}
    </ol>
  );
}
