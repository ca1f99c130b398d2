/** What stands above everything: the clock, what is only played, what feeds the box, what is let be, what is not protected. */
import type { BoxSupply } from "../api/shapes/box.ts";
import type { Live } from "../api/shapes/live.ts";
import { fedBy } from "../devices/supply.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief, cut, Name } from "../parts/name.tsx";
import { Left } from "../parts/now.tsx";
import { lasting, timeOfDay } from "../words/times.ts";
import { t } from "../words/words.ts";

export function Banners({ live }: { live: Live }) {
  const drills = live.permits.filter((one) => one.drill);
  const letBe = live.permits.flatMap((permit) => permit.overrides.map((one) => ({ one, permit: permit.id })));
  return (
    <>
      {!live.clock_trusted && (
        <div class="banner untrusted">
          <p>
            <Icon of="warning" /> {t("page.clock")}{" "}
            {live.clock && t("page.clock_since", { time: lasting(live.at_utc - live.clock.since_utc) })}
          </p>
        </div>
      )}
      {live.supply && <Fed supply={live.supply} />}
      <Banner kind="shadow" lines={live.shadow.map(unprotected)} />
      <Banner
        kind="drill"
        lines={drills.map((one) => (
          <>
            <Icon of="drill" /> <b>{t("page.drill")}</b>
            <Name of={`${cut(one.id, 40)} · ${cut(one.drill, 60)}`} most={110} />
            <span>{t("page.drill_real")}</span>
          </>
        ))}
      />
      <Banner
        kind="overrides"
        lines={letBe.map(({ one, permit }) => (
          <>
            <Icon of="warning" /> <b>{t("permit.override", { rule: brief(one.title) })}</b>
            <Name of={permit} most={40} />
            <span>
              <Name of={one.who} most={60} />
              {t("glance.colon")}
              <Name of={one.reason} most={120} />
            </span>
            <span>
              {t("permit.override_until", { time: timeOfDay(one.until_utc) })}{" "}
              <Left until_utc={one.until_utc} />
            </span>
          </>
        ))}
      />
    </>
  );
}

/** Only where somebody is asked what feeds the box: on its battery, not known, or shorter than the work. */
function Fed({ supply }: { supply: BoxSupply }) {
  const fed = fedBy(supply);
  const short = supply.lasts === false;
  if (supply.asked === "none" || (fed === "mains" && !short)) return null;
  return (
    <div class="banner supply" data-fed={fed}>
      <p>
        <Icon of="warning" /> <b>{t(`devices.fed_${fed}`)}</b>{" "}
        {fed === "battery" && supply.since_utc !== null && (
          <span>{t("devices.time_since", { time: timeOfDay(supply.since_utc) })}</span>
        )}{" "}
        {fed === "battery" && (
          <span>
            {supply.minutes === null
              ? t("devices.supply_min_unknown")
              : t("devices.supply_says", { value: supply.minutes.toFixed(0) })}
          </span>
        )}{" "}
        {supply.job !== "" && supply.lasts !== true && <span>{brief(supply.means)}</span>}
      </p>
    </div>
  );
}

function unprotected(words: Live["shadow"][number]) {
  return (
    <>
      <Icon of="shadow" /> <span>{brief(words)}</span>
    </>
  );
}

function Banner({ kind, lines }: { kind: string; lines: preact.ComponentChildren[] }) {
  if (lines.length === 0) return null;
  return (
    <div class={`banner ${kind}`}>
      {lines.map((line, at) => (
        <p key={at}>{line}</p>
      ))}
    </div>
  );
}
