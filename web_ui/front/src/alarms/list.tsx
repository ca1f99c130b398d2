/** Alarms in words: how urgent, what, since when, what to do and within what time. */
import type { Alarm } from "../api/shapes/live.ts";
import { brief, cut, Name } from "../parts/name.tsx";
import { Since } from "../parts/now.tsx";
import { lasting } from "../words/times.ts";
import { t, term } from "../words/words.ts";
import { type Listed, ordered } from "./order.ts";

interface Props {
  alarms: Alarm[];
  more?: (listed: Listed) => preact.ComponentChildren; // what a page adds to each
}

export function AlarmList({ alarms, more }: Props) {
  if (alarms.length === 0) return <p class="empty">{t("alarm.none")}</p>;
  return (
    <ul class="alarms">
      {ordered(alarms).map((listed) => (
        <One key={listed.alarm.key} listed={listed} more={more?.(listed)} />
      ))}
    </ul>
  );
}

function One({ listed: { alarm, first }, more }: { listed: Listed; more: preact.ComponentChildren }) {
  return (
    <li data-priority={alarm.priority} data-state={alarm.state} data-alarm={alarm.key}>
      <p class="grade">
        <b>{term("priority", String(alarm.priority))}</b> <span>{term("alarm", alarm.state)}</span>
      </p>
      <div>
        <p class="title">
          {first && <span class="mark">{t("permit.first")}</span>}
          {alarm.drill && <span class="mark played">{t("alarm.drill")}</span>}
          {alarm.overridden && <span class="mark amber">{t("alarm.overridden")}</span>}
          {brief(alarm.title)}
          <small>
            {alarm.permit && <Name of={alarm.permit} most={40} />} {cut(alarm.code, 20)}
          </small>
        </p>
        <p class="detail">{brief(alarm.detail)}</p>
        <p class="action">
          {brief(alarm.action)}
          {alarm.act_within_s > 0 && ` ${t("alarm.within", { time: lasting(alarm.act_within_s) })}`}
        </p>
        {alarm.since_utc > 0 && (
          <p class="age">
            <Since utc={alarm.since_utc} />
          </p>
        )}
        {more}
      </div>
    </li>
  );
}
