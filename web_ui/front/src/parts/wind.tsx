/** The wind by one weather station: how much, where the work stops, how old; no value is never shown as calm. */
import type { Wind } from "../api/shapes/gas.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { t, term } from "../words/words.ts";
import { level } from "./gas.tsx";
import { Icon } from "./icon.tsx";
import { brief, cut } from "./name.tsx";
import { Heard } from "./now.tsx";

export function WindTile({ wind }: { wind: Wind }) {
  const look = wind.danger ? "danger" : wind.quality === "good" ? "good" : "bad";
  return (
    <article class="gas" data-look={look} data-wind={wind.id}>
      <h3>
        {t("wind.wind")} <small>{brief(wind.name)}</small>
      </h3>
      {wind.mps === null ? (
        <p class="figure nothing">{t("gas.no_value")}</p>
      ) : (
        <p class="figure">
          {level(wind.mps)} <small>{t("wind.unit")}</small>
        </p>
      )}
      <p class="quality">
        {wind.danger && (
          <strong>
            <Icon of="warning" /> {t("wind.strong")}{" "}
          </strong>
        )}
        {wind.quality === "good" && wind.stop_mps !== null
          ? t("wind.stops_at", { limit: level(wind.stop_mps) })
          : cut(term("quality", wind.quality))}
      </p>
      <p class="age">
        <Heard age_s={wind.age_s} say="gas.heard" never="gas.never" />
      </p>
    </article>
  );
}

/** Of a site without a station nobody knows the wind, and the page says so. */
export function Winds({ winds }: { winds: Wind[] }) {
  if (winds.length === 0) return <p class="empty">{t("wind.none")}</p>;
  return (
    <div class="gases">
      {winds.map((one) => (
        <WindTile key={one.id} wind={one} />
      ))}
    </div>
  );
}

/** For work that a wind stops; other work has no use for it. */
export function WindOf({ permit, live }: { permit: Permit; live: Live }) {
  if (permit.wind_stop_mps === null) return null;
  return (
    <section aria-label={t("section.wind")}>
      <h2 class="section">{t("section.wind")}</h2>
      <Winds winds={live.wind.filter((one) => permit.wind.includes(one.id))} />
    </section>
  );
}

/** "3.2 m/s", or in a word why there is no figure. */
export function blown({ mps, quality }: { mps: number | null; quality: string }): string {
  return mps === null ? term("quality", quality) : t("written.mps", { speed: level(mps) });
}
