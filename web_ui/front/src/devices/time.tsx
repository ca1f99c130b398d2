/** The box's own clock: whether it is trusted and since when, who keeps it, how far it is off, what that means. */

import type { BoxClock } from "../api/shapes/box.ts";
import { Fact } from "../parts/fact.tsx";
import { Icon } from "../parts/icon.tsx";
import { dateAndClock } from "../words/times.ts";
import { said, t } from "../words/words.ts";

export function BoxTime({ clock }: { clock: BoxClock }) {
  return (
    <div class="box-time">
      <p>
        <Icon of={clock.trusted ? "may_work" : "gone"} />{" "}
        <b>{t(clock.trusted ? "devices.time_trusted" : "devices.time_untrusted")}</b>{" "}
        {t("devices.time_since", { time: dateAndClock(clock.since_utc) })}
      </p>
      <p>{said(clock.means)}</p>
      <dl>
        <Fact of={t("devices.time_source")}>{keeper(clock)}</Fact>
        <Fact of={t("devices.time_offset")}>{ms(clock.offset_s)}</Fact>
        <Fact of={t("devices.time_error")}>{ms(clock.error_s)}</Fact>
        <Fact of={t("devices.time_rate")}>
          {clock.drift_ppm === null ? t("devices.not_known") : `${clock.drift_ppm.toFixed(1)} ppm`}
        </Fact>
        <Fact of={t("devices.time_chip")}>
          {clock.chip_off_s === null
            ? t("devices.time_no_chip")
            : t("devices.seconds", { value: clock.chip_off_s.toFixed(0) })}
        </Fact>
      </dl>
    </div>
  );
}

function keeper(clock: BoxClock): string {
  if (clock.source === "declared") return t("devices.time_declared");
  if (!clock.trusted) return clock.kept_by.join(", ") || t("devices.time_nobody");
  return clock.kept_by.join(", ") || t("devices.time_kernel");
}

function ms(seconds: number | null): string {
  if (seconds === null) return t("devices.not_known");
  if (Math.abs(seconds) >= 1) return t("devices.seconds", { value: seconds.toFixed(1) });
  return `${(1000 * seconds).toFixed(1)} ms`;
}
