/** A rule that a safety officer lets be for a while: on whatever shows its permit. */
import type { Override } from "../api/shapes/permit.ts";
import { timeOfDay } from "../words/times.ts";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";
import { brief, Name } from "./name.tsx";
import { Left } from "./now.tsx";

/** Amber: which rule is let be, by whom, why, until when. */
export function LetBe({ one }: { one: Override }) {
  return (
    <div class="override">
      <p class="title">
        <Icon of="warning" /> <span>{t("permit.override", { rule: brief(one.title) })}</span>
      </p>
      <p>
        <Name of={one.who} />
        {t("glance.colon")}
        <Name of={one.reason} most={200} />
      </p>
      <p>
        {t("permit.override_until", { time: timeOfDay(one.until_utc) })} <Left until_utc={one.until_utc} />
      </p>
    </div>
  );
}
