/** What the box adds to a report by itself, shown before it is sent: where, which work and shift, gas, wind, picture. */

import { API } from "../api/client.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { Fact } from "../parts/fact.tsx";
import { sampled } from "../parts/gas.tsx";
import { brief, Name } from "../parts/name.tsx";
import { blown } from "../parts/wind.tsx";
import { said, t, term } from "../words/words.ts";

interface Props {
  live: Live;
  me: string;
  permit: Permit | undefined;
  area: PlanArea | undefined; // that he named
}

export function Around({ live, me, permit, area }: Props) {
  const wearer = live.people.find((one) => one.id === me && one.fresh);
  const place = area?.name ?? wearer?.area ?? permit?.area;
  const area_id = area?.id ?? (wearer?.area_id || permit?.area_id);
  const gas = live.gas.filter((one) => one.area_id === area_id || permit?.gas.includes(one.id));
  const wind = permit ? live.wind.filter((one) => permit.wind.includes(one.id)) : live.wind;
  const camera = live.cameras.find((one) => permit?.cameras.includes(one.id));
  const devices = [...gas, ...live.cameras.filter((one) => permit?.cameras.includes(one.id))];
  return (
    <dl class="around">
      <Fact of={t("report.where")}>{place ? brief(place) : t("report.box_knows")}</Fact>
      <Fact of={t("report.shift")}>{brief(live.shift)}</Fact>
      <Fact of={t("report.work")}>
        {permit ? (
          <>
            {term("type", permit.type)} <Name of={permit.id} most={40} />
          </>
        ) : (
          t("report.no_work")
        )}
      </Fact>
      <Fact of={t("section.gas")}>{gas.map(sampled).join(t("phone.comma")) || t("gas.none")}</Fact>
      <Fact of={t("section.wind")}>{wind.map(blown).join(t("phone.comma")) || t("wind.none")}</Fact>
      <Fact of={t("report.devices")}>
        {devices.map((one) => brief(one.name)).join(t("phone.comma")) || t("report.no_devices")}
      </Fact>
      {camera && (
        <Fact of={t("report.picture")}>
          <img
            src={`${API}/stills/${encodeURIComponent(camera.id)}.jpg?t=${Math.floor(live.at_utc)}`}
            width={320}
            height={180}
            alt={t("camera.alt", { name: said(camera.name) })}
          />
        </Fact>
      )}
    </dl>
  );
}
