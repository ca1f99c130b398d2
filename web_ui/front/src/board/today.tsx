/** The figures of the day so far: counted by the box from its own events. */
import type { Measured, Today } from "../api/shapes/live.ts";
import type { Camera } from "../api/shapes/seen.ts";
import { brief, cut } from "../parts/name.tsx";
import { lasting } from "../words/times.ts";
import { type Key, t, term } from "../words/words.ts";

export function Figures({ today, cameras }: { today: Today; cameras: Camera[] }) {
  if (!today.date) return <p class="empty">{t("today.none")}</p>;
  const called = (id: string) => {
    const found = cameras.find((one) => one.id === id);
    return found ? brief(found.name) : cut(id, 40);
  };
  return (
    <>
      <dl class="today">
        <Row of="starts" figure={String(today.starts ?? 0)}>
          {t("today.on_time", { count: today.starts_on_time ?? 0 })}
        </Row>
        <Row of="stops" figure={String(sum(today.stops_by_rule))}>
          {listed(today.stops_by_blame, "blame")}
        </Row>
        <Row of="near" figure={String(sum(today.near_miss_candidates))}>
          {listed(today.near_miss_candidates, "near_miss")}
        </Row>
        <Times of="acknowledged" measured={today.acknowledged} />
        <Times of="decided" measured={today.first_sample_to_decision} />
        {(today.drills ?? 0) > 0 && <Row of="drills" figure={String(today.drills)} />}
        {(today.ppe ?? []).map((one) => (
          <Row
            key={one.camera}
            of="ppe"
            at={called(one.camera)}
            figure={one.compliant_pct === null ? t("today.ppe_none") : `${one.compliant_pct.toFixed(1)} %`}
          >
            {/* What could not be assessed is told beside the others: it is neither worn nor missing. */}
            {t("today.ppe_counts", { checked: one.should_check, unknown: one.not_assessable })}
          </Row>
        ))}
      </dl>
      <p class="age">{t("today.date", { date: cut(today.date, 20) })}</p>
    </>
  );
}

type Figure = "starts" | "stops" | "near" | "acknowledged" | "decided" | "drills" | "ppe";
type RowProps = { of: Figure; at?: string; figure: string; children?: preact.ComponentChildren };

function Row({ of, at, figure, children }: RowProps) {
  return (
    <div data-figure={of}>
      <dt>
        {t(`today.${of}` satisfies Key)}
        {at && ` · ${at}`}
      </dt>
      <dd>
        <b>{figure}</b> {children && <span>{children}</span>}
      </dd>
    </div>
  );
}

function Times({ of, measured }: { of: "acknowledged" | "decided"; measured: Measured | undefined }) {
  if (!measured?.count) return null;
  return (
    <Row of={of} figure={seconds(measured.sum_s / measured.count)}>
      {t("today.longest", { time: seconds(measured.longest_s), count: measured.count })}
    </Row>
  );
}

/** Under a minute with its tenths: a decision takes less than a second. */
const seconds = (s: number) => (s < 60 ? t("time.s", { s: s.toFixed(1) }) : lasting(s));

const sum = (counts: Record<string, number> = {}) => Object.values(counts).reduce((all, one) => all + one, 0);

/** Several counts in words: "people 1 · devices 2". */
function listed(counts: Record<string, number> = {}, section: string): string {
  return Object.entries(counts)
    .map(([key, count]) => `${term(section, cut(key, 40))} ${count}`)
    .join(" · ");
}
