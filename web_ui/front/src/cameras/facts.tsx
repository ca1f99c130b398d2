/** How a camera is, in figures: age, rates, delay, model; what is not known is said to be so. */

import type { CameraSet } from "../api/cameras.ts";
import type { Camera } from "../api/shapes/seen.ts";
import { Fact } from "../parts/fact.tsx";
import { Heard } from "../parts/now.tsx";
import { said, t, term } from "../words/words.ts";

export function Facts({ set, seen }: { set: CameraSet; seen: Camera | undefined }) {
  const health = set.health;
  const why = health ? said(health.detail) : "";
  return (
    <dl class="figures">
      <Fact of={t("cameras.age")}>
        {seen ? <Heard age_s={seen.age_s} say="camera.age" never="camera.never" /> : t("cameras.unknown")}
      </Fact>
      <Fact of={t("cameras.judged")}>{judged(set, seen)}</Fact>
      <Fact of={t("cameras.late")}>
        {health?.late_s == null
          ? t("cameras.unknown")
          : t("cameras.late_s", { value: health.late_s.toFixed(2) })}
      </Fact>
      <Fact of={t("cameras.model")}>{model(set)}</Fact>
      {seen && seen.view !== "clear" && (
        <Fact of={t("cameras.why")}>
          {term("view", seen.view)}
          {why !== "" && ` · ${why}`}
        </Fact>
      )}
    </dl>
  );
}

function judged({ health }: CameraSet, seen: Camera | undefined): string {
  if (!health || health.come_hz === null) return t("cameras.unknown");
  if (health.judged_hz === null || health.judged_hz === 0 || seen?.view === "unjudged")
    return t("cameras.not_judged");
  return t("cameras.judged_hz", { judged: health.judged_hz.toFixed(1), come: health.come_hz.toFixed(1) });
}

function model({ health, model: named }: CameraSet): string {
  if (!health || health.model === "") return t("cameras.unknown");
  return health.model === named ? named : t("cameras.model_other", { live: health.model, named });
}
