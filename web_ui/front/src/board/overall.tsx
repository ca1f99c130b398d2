/** The one glance over all permits: a word, what to do now, who is missing, where and why. */
import type { Head, Permit } from "../api/shapes/permit.ts";
import type { Tone } from "../duty/tone.ts";
import { Word, wordOf } from "../parts/glance.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief, Name } from "../parts/name.tsx";
import { type Key, language, t } from "../words/words.ts";
import { wordToneOf, worstOf } from "./look.ts";

const COUNTED: readonly [Key, Tone][] = [
  ["glance.count_evacuate", "evacuate"],
  ["glance.count_unknown", "unknown"],
  ["glance.count_stopped", "stopped"],
  ["glance.count_shadow", "shadow"],
  ["glance.count_warning", "warning"],
  ["glance.count_may_work", "may_work"],
  ["glance.count_watch", "watch"],
  ["glance.count_idle", "waiting"],
  ["glance.count_done", "over"],
];
const MOST_NAMES = 8;
const MOST_PLACES = 4; // lines of why, before the cards below have to do
const TELLS_WHERE = new Set<Tone | null>(["evacuate", "unknown", "stopped", "warning"]);

export function Overall({ permits, stale }: { permits: Permit[]; stale: boolean }) {
  const now = worstOf(permits);
  const meant = permits.filter((one) => wordToneOf(one) === now);
  return (
    <section
      id="overall"
      class="overall"
      data-tone={stale ? "unknown" : (now ?? "none")}
      aria-live="assertive"
    >
      {stale ? <Old now={now} /> : <Current now={now} meant={meant} permits={permits} />}
    </section>
  );
}

const words = (now: Tone | null) => (now ? wordOf(now) : t("glance.none"));

/** When not live, what stands is unknown, and says so. */
function Old({ now }: { now: Tone | null }) {
  return (
    <>
      <Word tone="unknown" />
      <p class="do">{t("glance.last", { word: words(now) })}</p>
    </>
  );
}

function Current({ now, meant, permits }: { now: Tone | null; meant: Permit[]; permits: Permit[] }) {
  const drill = meant.length > 0 && meant.every((one) => one.drill);
  return (
    <>
      {now ? (
        <Word tone={now} />
      ) : (
        <p class="word">
          <Icon of="over" />
          <span>{t("glance.none")}</span>
        </p>
      )}
      {now === "evacuate" && (
        <p class="also" lang={language.get() === "zh" ? "en" : "zh-CN"}>
          {t("glance.evacuate_also")}
        </p>
      )}
      {drill && <p class="played">{t("glance.drill")}</p>}
      <p class="do">{whatToDo(now, meant)}</p>
      {now === "evacuate" && <WhoIsMissing meant={meant} />}
      <ul class="counts">
        {COUNTED.map(([key, tone]) => {
          const count = permits.filter((one) => wordToneOf(one) === tone).length;
          return count > 0 ? (
            <li key={key}>
              <b>{count}</b> {t(key)}
            </li>
          ) : null;
        })}
      </ul>
      {TELLS_WHERE.has(now) && <WhereAndWhy meant={meant} />}
    </>
  );
}

const DO: Partial<Record<Tone, Key>> = {
  watch: "glance.do_watch",
  may_work: "glance.do_may",
  shadow: "glance.do_shadow",
  warning: "glance.do_warn",
};

function whatToDo(now: Tone | null, meant: Permit[]): string {
  const told = [...new Set(meant.map((one) => brief(one.instruction)).filter(Boolean))];
  if (told.length > 0) return told.join(" · ");
  if (now === null) return t("glance.do_none");
  if (now === "waiting")
    return t(meant.some((one) => one.state === "ready") ? "glance.do_ready" : "glance.do_received");
  const key = DO[now];
  return key ? t(key) : "";
}

/** By name: who is still inside, and of whom nothing is known. */
function WhoIsMissing({ meant }: { meant: Permit[] }) {
  const people = meant.flatMap((one) => one.headcount?.people ?? []);
  if (people.length === 0) return null;
  const missing = (["inside", "unknown"] as const)
    .map((where) => ({ where, found: people.filter((one) => one.where === where) }))
    .filter(({ found }) => found.length > 0);
  if (missing.length === 0)
    return <p class="missing-people">{t("heads.all_out", { count: people.length })}</p>;
  return (
    <p class="missing-people">
      {missing.map(({ where, found }) => (
        <span key={where} data-where={where}>
          {t(where === "inside" ? "heads.inside" : "heads.unknown")} {found.length}
          {t("glance.colon")}
          <Names found={found} />
        </span>
      ))}
    </p>
  );
}

function Names({ found }: { found: Head[] }) {
  return (
    <>
      {found.slice(0, MOST_NAMES).map((one, at) => (
        <span key={one.id}>
          {at > 0 && t("phone.comma")}
          <Name of={one.name} most={30} />
        </span>
      ))}
      {found.length > MOST_NAMES && " …"}
    </>
  );
}

function WhereAndWhy({ meant }: { meant: Permit[] }) {
  const more = meant.length - MOST_PLACES;
  return (
    <ul class="where">
      {meant.slice(0, MOST_PLACES).map((one) => (
        <li key={one.id}>
          <Name of={`${one.id} · ${brief(one.area)}`} /> {why(one)}
        </li>
      ))}
      {more > 0 && <li>{t("glance.more", { count: more })}</li>}
    </ul>
  );
}

/** No running time here: this region is read aloud whenever it changes. */
function why(permit: Permit): string {
  const first = permit.causes[0] ?? permit.standing[0];
  if (first) return [brief(first.title), brief(first.detail, 160)].filter(Boolean).join(" · ");
  const letBe = permit.overrides[0];
  return letBe ? t("permit.override", { rule: brief(letBe.title) }) : "";
}
