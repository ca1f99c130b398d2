/** What the box adds to a report by itself, shown before it is sent: where, which work, gas, and what a camera sees. */
import { API } from "../api/client.ts";
import type { Live, Permit, PlanArea } from "../api/types.ts";
import { formula, level } from "../parts/gas.tsx";
import { brief, Name } from "../parts/name.tsx";
import { said, t, term } from "../words/words.ts";

interface Props {
  live: Live;
  me: string;
  permit: Permit | undefined;
  area: PlanArea | undefined; // that he named
}

export function Around({ live, me, permit, area }: Props) {
  const place = area?.name ?? whereAmI(live, me) ?? permit?.area;
  const gas = live.gas.filter((one) => (area ? one.area_id === area.id : permit?.gas.includes(one.id)));
  const camera = live.cameras.find((one) => permit?.cameras.includes(one.id));
  return (
    <dl class="around">
      <div>
        <dt>{t("report.where")}</dt>
        <dd>{place ? brief(place) : t("report.box_knows")}</dd>
      </div>
      <div>
        <dt>{t("report.work")}</dt>
        <dd>
          {permit ? (
            <>
              {term("type", permit.type)} <Name of={permit.id} most={40} />
            </>
          ) : (
            t("report.no_work")
          )}
        </dd>
      </div>
      {gas.length > 0 && (
        <div>
          <dt>{t("section.gas")}</dt>
          <dd>
            {gas
              .map((one) =>
                one.level === null
                  ? `${formula(one.gas)} ${term("quality", one.quality)}`
                  : `${formula(one.gas)} ${level(one.level)} ${one.unit}`,
              )
              .join(t("phone.comma"))}
          </dd>
        </div>
      )}
      {camera && (
        <div>
          <dt>{t("report.picture")}</dt>
          <dd>
            <img
              src={`${API}/stills/${encodeURIComponent(camera.id)}.jpg?t=${Math.floor(live.at_utc)}`}
              width={320}
              height={180}
              alt={t("camera.alt", { name: said(camera.name) })}
            />
          </dd>
        </div>
      )}
    </dl>
  );
}

function whereAmI(live: Live, me: string) {
  const wearer = live.people.find((one) => one.id === me);
  return wearer?.fresh ? wearer.area : null;
}
