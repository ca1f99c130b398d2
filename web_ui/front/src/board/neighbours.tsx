/** The other boxes of the site: whether each is heard, what it guards, what it calls for. Silence is said, never blank. */
import type { Neighbour } from "../api/shapes/live.ts";
import { Icon } from "../parts/icon.tsx";
import { brief, cut } from "../parts/name.tsx";
import { Heard } from "../parts/now.tsx";
import { t } from "../words/words.ts";

export function Neighbours({ neighbours }: { neighbours: Neighbour[] }) {
  return (
    <ul class="neighbours">
      {neighbours.map((one) => (
        <li key={one.id} data-neighbour={cut(one.id)} data-heard={one.heard}>
          <p>
            <b>{brief(one.name)}</b> <Heard age_s={one.age_s} say="neighbour.heard" never="neighbour.never" />
          </p>
          {!one.heard && (
            <p>
              <strong class="lacks">
                <Icon of="warning" /> {t("neighbour.silent")}
              </strong>
            </p>
          )}
          {one.age_s !== null && (
            <p>{t("neighbour.works", { works: one.works, under_way: one.under_way })}</p>
          )}
          {one.leave_here && (
            <p>
              <strong class="lacks">
                <Icon of="warning" /> {t("neighbour.here")}
              </strong>
            </p>
          )}
          {one.alarms.map((alarm) => (
            <p key={alarm.code + alarm.detail.en}>
              <b>{t(alarm.leave ? "neighbour.leave" : "neighbour.stopped")}</b> {brief(alarm.title, 80)}{" "}
              <small>{brief(alarm.detail, 160)}</small>
            </p>
          ))}
          {one.heard && one.alarms.length === 0 && <p>{t("neighbour.quiet")}</p>}
        </li>
      ))}
    </ul>
  );
}
