/** One gas channel: its chart for the chosen while, what can be read from it, what was decided, what is due. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { historyOf } from "../api/history.ts";
import type { Gas } from "../api/shapes/gas.ts";
import type { Curve, Mark } from "../api/shapes/history.ts";
import { Legend, qualityWord } from "../event/curves.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { formula, level } from "../parts/gas.tsx";
import { brief, cut } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { dateAndClock } from "../words/times.ts";
import { t, term } from "../words/words.ts";
import { Chart } from "./chart.tsx";
import { Due } from "./due.tsx";
import { ofCurve, ofHistory, partAt, type Series } from "./series.ts";

const AGAIN_MS = 60_000; // a part of a chart is a minute or more
const MOST_MARKS = 20;
const NOTHING = { series: null, of: null };

/** `hours` null: the last quarter of an hour, which is `curve` (null: it has not come). */
type Props = { gas: Gas; hours: number | null; curve: Curve | null; now_utc: number };

export function Channel({ gas, hours, curve, now_utc }: Props) {
  const place = useRef<HTMLElement>(null);
  const near = useNear(place);
  const { series, of, failed } = useSeries(gas.id, near ? hours : null, near ? curve : null);
  const title = `${formula(gas.gas)} ${brief(gas.name)}`;
  return (
    <figure
      class="card curve"
      ref={place}
      data-channel={gas.id}
      data-hours={series ? (of ?? "quarter") : undefined}
      aria-busy={series !== null && of !== hours}
    >
      <figcaption>
        <b>{cut(title)}</b>
        <span>{series ? range(series, gas.unit) : ""}</span>
      </figcaption>
      {failed !== null && <FaultCard thrown={failed} />}
      {!series && failed === null && <Waiting what={t("history.comes")} />}
      {series && series.at.length > 0 && <Drawn series={series} gas={gas} title={title} />}
      <Due gas={gas} now_utc={now_utc} />
    </figure>
  );
}

function Drawn({ series, gas, title }: { series: Series; gas: Gas; title: string }) {
  const [pointed, setPointed] = useState<{ series: Series; part: number | null } | null>(null);
  const onMoment = useCallback((part: number | null) => setPointed({ series, part }), [series]);
  const part = pointed?.series === series ? pointed.part : null; // at another drawing it was another moment
  const moment = part === null ? null : partAt(series, part);
  return (
    <>
      <p class="moment">{moment ? read(moment, gas.unit) : t("history.point_at")}</p>
      <Chart
        series={series}
        limits={gas.limits}
        label={`${title}: ${range(series, gas.unit)}`}
        onMoment={onMoment}
      />
      <Legend gaps={series.gaps} gas={gas} unit={gas.unit} />
      <Marks all={series.marks} more={series.more} />
    </>
  );
}

function range({ lowest, highest }: Series, unit: string): string {
  if (lowest === null || highest === null) return t("event.never_measured");
  return t("event.range", { low: level(lowest), high: level(highest), unit });
}

function read(moment: NonNullable<ReturnType<typeof partAt>>, unit: string): string {
  const { at, low, mean, high, letter } = moment;
  const quality = letter === "g" ? "" : ` · ${qualityWord(letter)}`;
  const figures =
    mean === null || low === null || high === null
      ? t("gas.no_value")
      : t("history.read", { mean: level(mean), low: level(low), high: level(high), unit });
  return `${dateAndClock(at)} · ${figures}${quality}`;
}

function Marks({ all, more }: { all: Mark[]; more: boolean }) {
  if (all.length === 0) return null;
  return (
    <details>
      <summary class="button">{t("history.marks", { count: all.length })}</summary>
      <ul class="marks">
        {all
          .slice(-MOST_MARKS)
          .reverse()
          .map((one) => (
            <li key={one.seq}>
              <Link to={`/events/${one.seq}`} class="button quiet">
                {dateAndClock(one.at_utc)} · {term("event_type", one.type)} · {cut(one.subject, 40)}
              </Link>
              {brief(one.words, 160)}
            </li>
          ))}
      </ul>
      {(more || all.length > MOST_MARKS) && <p class="hint">{t("history.more")}</p>}
    </details>
  );
}

/** Whether it is in sight, or nearly: a chart that nobody looks at is neither fetched nor drawn. */
function useNear(place: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const watch = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: "200px",
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [place]);
  return near;
}

/** Of another while it stays, marked as such, until the wanted one has come: nothing on the page jumps. */
function useSeries(channel: string, hours: number | null, curve: Curve | null) {
  const [{ series, of }, setSeries] = useState<{ series: Series | null; of: number | null }>(NOTHING);
  const [failed, setFailed] = useState<unknown>(null);
  useLayoutEffect(() => {
    if (curve) setSeries({ series: ofCurve(curve), of: null });
  }, [curve]);
  useLayoutEffect(() => {
    setFailed(null);
    if (hours === null) return;
    let left = false;
    let timer = 0;
    const ask = () => {
      historyOf(channel, hours)
        .then(
          (found) => {
            if (left) return;
            setFailed(null);
            setSeries({ series: ofHistory(found), of: hours });
          },
          (thrown: unknown) => {
            if (left) return;
            setFailed(thrown);
            setSeries((before) => (before.of === hours ? before : NOTHING)); // what was before is not what is wanted
          },
        )
        .finally(() => {
          if (!left) timer = window.setTimeout(ask, AGAIN_MS);
        });
    };
    ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [channel, hours]);
  return { series, of, failed };
}
