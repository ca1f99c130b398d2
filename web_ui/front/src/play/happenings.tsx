/** Everything that happened, in its order: a tap goes to its moment. */
import type { Happening } from "../api/shapes/incident.ts";
import { brief, Name } from "../parts/name.tsx";
import { Link } from "../router.tsx";
import { timeOfDay } from "../words/times.ts";
import { t, term } from "../words/words.ts";

interface Props {
  all: Happening[];
  names: Record<string, string>;
  at_utc: number;
  choose: (at_utc: number) => void;
}

export function Happenings({ all, names, at_utc, choose }: Props) {
  const current = all.filter((one) => one.at_utc <= at_utc + 0.05).at(-1)?.seq;
  return (
    <section class="group">
      <h2>{t("play.happened")}</h2>
      {all.length === 0 && <p class="empty">{t("events.none")}</p>}
      <ol class="happenings">
        {all.map((one) => (
          <li key={one.seq} data-seq={one.seq} data-past={one.at_utc <= at_utc + 0.05}>
            <button
              type="button"
              class="button"
              aria-current={one.seq === current}
              onClick={() => choose(one.at_utc)}
            >
              <time>{timeOfDay(one.at_utc, at_utc)}</time>
              <span>
                <b>{term("event_type", one.type)}</b> {brief(one.words)}
                {one.who.length > 0 && (
                  <small>
                    {t("play.by")}{" "}
                    <Name of={one.who.map((id) => names[id] ?? id).join(t("phone.comma"))} most={200} />
                  </small>
                )}
                {one.why.map((reason) => (
                  <small key={reason.zh}>{brief(reason)}</small>
                ))}
              </span>
            </button>
            <Link class="button quiet" to={`/events/${one.seq}`} label={t("event.number", { seq: one.seq })}>
              #{one.seq}
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
