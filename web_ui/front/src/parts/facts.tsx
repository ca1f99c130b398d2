/** What a guard looks at in between: time left, who guards, who is inside, and the air. */

import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { ended } from "../duty/tone.ts";
import { clock, countdown, lasting } from "../words/times.ts";
import { said, t } from "../words/words.ts";
import { Fact } from "./fact.tsx";
import { GasTile } from "./gas.tsx";
import { Icon } from "./icon.tsx";

export function Facts({ permit, now_utc }: { permit: Permit; now_utc: number | null }) {
  const over = ended(permit);
  return (
    <dl class="card facts">
      {!over && now_utc !== null && (
        <Fact of={t("permit.left")}>
          <b class={permit.near_end ? "near" : ""}>{lasting(permit.ends_utc - now_utc)}</b>{" "}
          <small>{t("permit.ends", { time: clock(permit.ends_utc) })}</small>
        </Fact>
      )}
      {permit.fire_watch && (
        <Fact of={t("phone.fire_watch")}>
          <b>{countdown(permit.fire_watch.left_s)}</b>
        </Fact>
      )}
      <Fact of={t("permit.guard")}>
        <b>{permit.guard ?? t("permit.no_guard")}</b> <Guarding permit={permit} now_utc={now_utc} />
      </Fact>
      <Fact of={t("permit.holder")}>
        <b>{permit.holder}</b>
      </Fact>
      <Fact of={t("phone.inside")}>
        <b>{t("phone.inside_count", { count: permit.inside.length })}</b>
        {permit.tools_inside > 0 && <span> · {t("phone.tools", { count: permit.tools_inside })}</span>}
        <ul>
          {permit.inside.map((one) => (
            <li key={one.id}>
              <bdi>{one.name}</bdi>{" "}
              {now_utc !== null && (
                <small>{t("phone.since", { time: lasting(now_utc - one.since_utc) })}</small>
              )}
            </li>
          ))}
        </ul>
      </Fact>
    </dl>
  );
}

function Guarding({ permit, now_utc }: { permit: Permit; now_utc: number | null }) {
  const seen = permit.guard_presence;
  if (!seen || now_utc === null) return null;
  if (seen.state === "doubtful") {
    return (
      <strong class="doubt">
        <Icon of="warning" /> {said(seen.words)}
      </strong>
    );
  }
  return <small>{t("phone.last_sign", { time: lasting(now_utc - seen.since_utc) })}</small>;
}

export function Air({ permit, live }: { permit: Permit; live: Live }) {
  const bound = live.gas.filter((one) => permit.gas.includes(one.id));
  return (
    <section aria-label={t("section.gas")}>
      <h2 class="section">{t("section.gas")}</h2>
      {bound.length === 0 && <p class="card">{t("gas.none")}</p>}
      <div class="gases">
        {bound.map((one) => (
          <GasTile gas={one} key={one.id} />
        ))}
      </div>
    </section>
  );
}
