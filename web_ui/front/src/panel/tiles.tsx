/** Permits and gas as they are read from five metres: the word, where, how long still, who, and STOP. */

import type { Gas } from "../api/shapes/gas.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { sorted, tileOf } from "../board/look.ts";
import { dangerous } from "../gas/danger.ts";
import { formula, heading, level } from "../parts/gas.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief, cut, Name } from "../parts/name.tsx";
import { Left } from "../parts/now.tsx";
import { StopBar } from "../parts/stop.tsx";
import { t, term } from "../words/words.ts";

const MOST_TILES = 4;
const MOST_CHANNELS = 5;

export function Tiles({ permits }: { permits: Permit[] }) {
  const open = sorted(permits).shown.filter((one) => !["done", "dead"].includes(tileOf(one)));
  const more = open.length - MOST_TILES;
  return (
    <section class="tiles" data-count={Math.min(open.length, MOST_TILES)}>
      {open.length === 0 && <p class="none">{t("permit.none")}</p>}
      {open.slice(0, MOST_TILES).map((one) => (
        <Tile key={one.id} permit={one} />
      ))}
      {more > 0 && <p class="none">{t("glance.more", { count: more })}</p>}
    </section>
  );
}

function Tile({ permit }: { permit: Permit }) {
  const look = tileOf(permit);
  const first = permit.causes[0];
  const word = permit.evacuate ? t("permit.evacuate") : term("state", permit.state);
  return (
    <article class="permit tile" data-look={look} data-permit={permit.id}>
      <div class="state">
        <p class="says">{cut(word, 30)}</p>
        <p class="left-time">
          <Left until_utc={permit.ends_utc} />
        </p>
      </div>
      <p class="where">
        {cut(term("type", permit.type), 30)} · {brief(permit.area, 30)} <Name of={permit.id} most={24} />
      </p>
      {first && <p class="because">{brief(first.title, 40)}</p>}
      <p>
        {t("permit.guard")}{" "}
        <b>{permit.guard ? <Name of={permit.guard} most={20} /> : t("permit.no_guard")}</b>
        {" · "}
        {t("phone.inside")} <b>{permit.inside.length}</b>
      </p>
      <StopBar permit={permit.id} inPlace />
    </article>
  );
}

/** The worst first: a wall has room for one row, and nobody scrolls it. */
export function Air({ gas }: { gas: Gas[] }) {
  const worst = [...gas].sort((a, b) => concern(b) - concern(a));
  const more = gas.length - MOST_CHANNELS;
  return (
    <section class="air" aria-label={t("section.gas")}>
      {worst.slice(0, MOST_CHANNELS).map((one) => (
        <Channel key={one.id} gas={one} />
      ))}
      {more > 0 && <p class="more">{t("panel.more_channels", { count: more })}</p>}
    </section>
  );
}

const concern = (gas: Gas) => (dangerous(gas) ? 2 : gas.quality === "good" ? 0 : 1);

function Channel({ gas }: { gas: Gas }) {
  const danger = dangerous(gas);
  const look = danger ? "danger" : gas.quality === "good" ? "good" : "bad";
  return (
    <article class="channel" data-look={look}>
      <h3>{cut(formula(gas.gas), 8)}</h3>
      {gas.level === null ? (
        <p class="fault-word">{cut(term("quality", gas.quality), 24)}</p>
      ) : (
        <p class="value">
          {level(gas.level)} <small>{cut(gas.unit, 8)}</small>{" "}
          {gas.trend_per_min !== null && <Icon of={heading(gas)} />}
        </p>
      )}
      {gas.bump && <p>{t(gas.bump.over ? "gas.tested_over" : "gas.tested")}</p>}
      {danger && (
        <p class="fault-word">
          <Icon of="warning" /> {t("gas.danger")}
        </p>
      )}
    </article>
  );
}

/** The most pressing alarms in one line each. */
export function Calling({ live, most }: { live: Live; most: number }) {
  const calling = live.alarms
    .filter((one) => !one.note)
    .filter((one) => one.state.endsWith("active") || one.state === "unack_rtn");
  const worst = [...calling].sort((a, b) => a.priority - b.priority || a.since_utc - b.since_utc);
  if (worst.length === 0) return <p class="calling none">{t("alarm.none")}</p>;
  return (
    <ul class="calling">
      {worst.slice(0, most).map((one) => (
        <li key={one.key} data-priority={one.priority}>
          <b>{term("priority", String(one.priority))}</b> {brief(one.title, 40)} · {brief(one.detail, 60)}
        </li>
      ))}
      {worst.length > most && <li>{t("panel.more_alarms", { count: worst.length - most })}</li>}
    </ul>
  );
}
