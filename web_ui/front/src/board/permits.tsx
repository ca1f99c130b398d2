/** Permits on the board: where each stands, what its people do now, why, and who may change it. */
import type { Permit, Reason } from "../api/shapes/permit.ts";
import { awaits, toneOf } from "../duty/tone.ts";
import { Icon, type Sign } from "../parts/icon.tsx";
import { signed } from "../parts/lacking.tsx";
import { LetBe } from "../parts/letbe.tsx";
import { brief, cut, Name } from "../parts/name.tsx";
import { Left, Since } from "../parts/now.tsx";
import { Link } from "../router.tsx";
import { timeOfDay } from "../words/times.ts";
import { t, term } from "../words/words.ts";
import { Covered, Heads, WhatNow } from "./duty.tsx";
import { sorted, type Tile, tileOf } from "./look.ts";

const SIGNS: Record<Tile, Sign> = {
  evacuate: "evacuate",
  unknown: "unknown",
  stop: "stopped",
  shadow: "shadow",
  near: "waiting",
  run: "run",
  idle: "over",
  done: "may_work",
  dead: "gone",
};

export function Permits({ permits }: { permits: Permit[] }) {
  const { shown, more } = sorted(permits);
  return (
    <>
      {shown.length === 0 && <p class="empty">{t("permit.none")}</p>}
      {shown.map((one) => (
        <Card key={one.id} permit={one} />
      ))}
      {more > 0 && <p class="empty">{t("permit.more_ended", { count: more })}</p>}
    </>
  );
}

function Card({ permit }: { permit: Permit }) {
  const look = tileOf(permit);
  const over = look === "done" || look === "dead";
  return (
    <article class="permit" data-look={look} data-permit={permit.id} data-state={permit.state}>
      <State permit={permit} look={look} />
      <div class="inner">
        {permit.drill && <p class="played">{t("permit.drill", { name: cut(permit.drill, 60) })}</p>}
        <div class="head">
          <div>
            <h3>
              <Name of={permit.id} most={60} />
            </h3>
            <p class="what">{whatAndWhere(permit)}</p>
          </div>
          {!over && <Remaining permit={permit} />}
        </div>
        {!over && <Open permit={permit} look={look} />}
        {permit.coverage && <Covered coverage={permit.coverage} />}
        <nav class="ways" aria-label={permit.id}>
          <Link class="button" to={`/p/${encodeURIComponent(permit.id)}`}>
            {t(over ? "permit.open" : "permit.open_stop")}
          </Link>
          <Link class="button" to={`/print/${encodeURIComponent(permit.id)}`}>
            {t("permit.print")}
          </Link>
        </nav>
      </div>
    </article>
  );
}

function Open({ permit, look }: { permit: Permit; look: Tile }) {
  return (
    <>
      {permit.headcount && <Heads count={permit.headcount} />}
      <WhatNow permit={permit} />
      {(look === "stop" || look === "evacuate") && awaits(permit) !== "start" && (
        <Why causes={permit.causes} />
      )}
      {permit.overrides.map((one) => (
        <LetBe key={one.title.en} one={one} />
      ))}
      <Standing permit={permit} look={look} />
      <Who permit={permit} look={look} />
    </>
  );
}

function State({ permit, look }: { permit: Permit; look: Tile }) {
  const state = toneOf(permit) === "watch" ? "fire_watch" : permit.state;
  const word = permit.evacuate ? t("permit.evacuate") : term("state", state);
  const beside = permit.evacuate ? term("state", state) : term("state_note", permit.state);
  const notes: Partial<Record<Tile, string>> = { near: t("permit.near"), shadow: t("permit.shadow") };
  return (
    <div class="state">
      <p class="says">
        <Icon of={SIGNS[look]} /> <span>{cut(word)}</span>
      </p>
      <p class="note">
        <span>{notes[look] ?? cut(beside)}</span>
        <Since utc={permit.since_utc} />
      </p>
    </div>
  );
}

function whatAndWhere(permit: Permit): string {
  const level = permit.level && t("permit.level", { level: cut(permit.level, 20) });
  return [cut(term("type", permit.type)), level, brief(permit.area)].filter(Boolean).join(" · ");
}

function Remaining({ permit }: { permit: Permit }) {
  return (
    <div class="remaining">
      <p class="label">{t("permit.left")}</p>
      <p class="figure">
        <Left until_utc={permit.ends_utc} />
      </p>
      <p class="label">{t("permit.ends", { time: timeOfDay(permit.ends_utc, permit.since_utc) })}</p>
    </div>
  );
}

function Why({ causes }: { causes: Reason[] }) {
  return (
    <div class="why">
      <h4>{t("permit.why")}</h4>
      {causes.length === 0 && <p class="empty">{t("permit.no_cause")}</p>}
      <ol class="reasons">
        {causes.map((one, at) => (
          <One key={keyOf(one)} reason={one} first={at === 0} />
        ))}
      </ol>
    </div>
  );
}

const keyOf = (one: Reason) => `${one.title.en} ${one.detail.en} ${one.since_utc}`;

function One({ reason, first = false }: { reason: Reason; first?: boolean }) {
  return (
    <li>
      <p class="title">
        {first && <span class="mark">{t("permit.first")}</span>}
        <span>{brief(reason.title)}</span>
        {reason.pause_class && (
          <span class="mark quiet">{t("permit.class", { class: cut(reason.pause_class, 4) })}</span>
        )}
      </p>
      <p class="detail">
        {brief(reason.detail)} {reason.since_utc !== null && <Since utc={reason.since_utc} />}
      </p>
    </li>
  );
}

function Standing({ permit, look }: { permit: Permit; look: Tile }) {
  const waits = look === "idle" || look === "stop" || look === "evacuate" ? awaits(permit) : "now";
  if (permit.standing.length === 0) {
    // Only a permit that is READY may be called clear; during an evacuation nothing is.
    if (permit.state === "ready" && look === "idle") return <p class="clear">{t("permit.clear_start")}</p>;
    return look === "stop" ? <p class="clear">{t("permit.clear_resume")}</p> : null;
  }
  return (
    <div class="standing">
      <h4>{t(`permit.standing_${waits}` as const)}</h4>
      <ul class="reasons">
        {permit.standing.map((one) => (
          <One key={keyOf(one)} reason={one} />
        ))}
      </ul>
    </div>
  );
}

function Who({ permit, look }: { permit: Permit; look: Tile }) {
  const asked = look === "idle" || look === "stop" || look === "evacuate"; // somebody's yes is what is missing
  const signatures = permit.signatures.map(signed);
  return (
    <dl class="who">
      <div>
        <dt>{t("permit.holder")}</dt>
        <dd>
          <Name of={permit.holder} />
        </dd>
      </div>
      <div>
        <dt>{t("permit.guard")}</dt>
        <dd>
          {permit.guard ? <Name of={permit.guard} /> : <strong class="lacks">{t("permit.no_guard")}</strong>}
        </dd>
      </div>
      <div class="inside">
        <dt>{t("phone.inside")}</dt>
        <dd>
          {t("phone.inside_count", { count: permit.inside.length })}
          {permit.tools_inside > 0 && ` · ${t("phone.tools", { count: permit.tools_inside })}`}
          {permit.inside.length > 0 && (
            <span class="names">{cut(permit.inside.map((one) => one.name).join(t("phone.comma")), 200)}</span>
          )}
        </dd>
      </div>
      {(signatures.length > 0 || asked) && (
        <div>
          <dt>{t("permit.signatures")}</dt>
          <dd>
            {signatures.length === 0 && t("permit.no_signatures")}
            <ul class="signed">
              {signatures.map((one) => (
                <li key={one}>
                  <Name of={one} />
                </li>
              ))}
            </ul>
          </dd>
        </div>
      )}
    </dl>
  );
}
