/** What is vouched for of a detector, with its dates; what is due is marked. */
import type { Gas } from "../api/shapes/gas.ts";
import { Icon } from "../parts/icon.tsx";
import { dateAndClock, siteDay } from "../words/times.ts";
import { t } from "../words/words.ts";

export function Due({ gas: { record }, now_utc }: { gas: Gas; now_utc: number }) {
  if (record === null) return <p class="due">{t("history.no_record")}</p>;
  const { calibration_due_utc: due, bump_tested_utc: bumped, bump_due } = record;
  const late = due !== null && now_utc >= due;
  return (
    <ul class="due">
      <li data-due={due === null || late}>
        {(due === null || late) && <Icon of="warning" />}{" "}
        {due === null
          ? t("history.no_calibration")
          : t(late ? "history.calibration_late" : "history.calibration_due", { date: siteDay(due) })}
      </li>
      <li data-due={bump_due}>
        {bump_due && <Icon of="warning" />}{" "}
        {bumped === null ? t("history.no_bump") : t("history.bumped", { time: dateAndClock(bumped) })}
        {bump_due && ` · ${t("history.bump_due")}`}
      </li>
      {record.bump_failed_utc !== null && (
        <li data-due={true}>
          <Icon of="warning" /> {t("history.bump_failed", { time: dateAndClock(record.bump_failed_utc) })}
        </li>
      )}
      {record.self_test_ok === false && (
        <li data-due={true}>
          <Icon of="warning" /> {t("history.self_test_failed")}
        </li>
      )}
    </ul>
  );
}
