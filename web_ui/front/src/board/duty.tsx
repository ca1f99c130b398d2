/** What people of a permit do now, who is still inside, and how much was guarded. */
import type { Coverage, Head, HeadCount, Hole, Permit } from "../api/shapes/permit.ts";
import { Icon, type Sign } from "../parts/icon.tsx";
import { brief, Name } from "../parts/name.tsx";
import { Heard, Since } from "../parts/now.tsx";
import { timeOfDay } from "../words/times.ts";
import { t, term } from "../words/words.ts";

const ROLES = ["guard", "worker", "holder", "safety_officer"]; // the guard reads this page most

/** The instruction for everybody, then one line for each role. */
export function WhatNow({ permit }: { permit: Permit }) {
  const cards = ROLES.flatMap((role) => (permit.cards[role] ? [{ role, words: permit.cards[role] }] : []));
  const instruction = brief(permit.instruction);
  if (!instruction && cards.length === 0) return null;
  return (
    <div class="duty">
      <h4>{t("permit.now")}</h4>
      {instruction && <p class="instruction">{instruction}</p>}
      {cards.length > 0 && (
        <dl class="cards">
          {cards.map(({ role, words }) => (
            <div key={role}>
              <dt>{term("role", role)}</dt>
              <dd>{brief(words)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const SIGNS: Record<Head["where"], Sign> = { inside: "warning", unknown: "unknown", out: "may_work" };

/** Nobody is out because nothing is known of him: each stands by name under what is known; the missing first. */
export function Heads({ count }: { count: HeadCount }) {
  const place = `${brief(count.area)} (${count.x_m.toFixed(0)}, ${count.y_m.toFixed(0)} m)`;
  return (
    <div class="heads">
      <h4>{t("heads.title", { place })}</h4>
      <div class="groups">
        {(["inside", "unknown", "out"] as const).map((where) => (
          <Group key={where} where={where} people={count.people.filter((one) => one.where === where)} />
        ))}
      </div>
      <p class="age">{t("heads.sources", { counted: count.counted, seen: count.seen })}</p>
    </div>
  );
}

function Group({ where, people }: { where: Head["where"]; people: Head[] }) {
  return (
    <section data-where={where} data-none={people.length === 0}>
      <p class="tally">
        <Icon of={SIGNS[where]} /> <b>{people.length}</b> {t(`heads.${where}` as const)}
      </p>
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <b>
              <Name of={one.name} most={40} />
            </b>
            {one.area && where !== "inside" && <span>{brief(one.area)}</span>}
            <Heard age_s={one.age_s} say="people.heard" never="people.never" />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "97.4 %", then every blind spell with what was blind. */
export function Covered({ coverage }: { coverage: Coverage }) {
  const { guarded_pct: share, holes, more } = coverage;
  return (
    <div class="coverage">
      <h4>{t("permit.coverage")}</h4>
      <p class="figure">
        {share === null ? t("coverage.none") : t("coverage.share", { share: share.toFixed(1) })}
      </p>
      <ul>
        {holes.map((one) => (
          <Blind key={`${one.feed.en} ${one.from_utc}`} hole={one} />
        ))}
        {more > 0 && <li>{t("coverage.more", { count: more })}</li>}
        {share !== null && holes.length === 0 && <li>{t("coverage.whole")}</li>}
      </ul>
    </div>
  );
}

function Blind({ hole: { feed, from_utc, until_utc } }: { hole: Hole }) {
  return (
    <li data-open={until_utc === null}>
      <b>{brief(feed)}</b>{" "}
      {until_utc === null ? (
        <>
          <strong class="lacks">{t("coverage.open")}</strong> <Since utc={from_utc} />
        </>
      ) : (
        t("coverage.spell", { from: timeOfDay(from_utc), until: timeOfDay(until_utc, from_utc) })
      )}
    </li>
  );
}
