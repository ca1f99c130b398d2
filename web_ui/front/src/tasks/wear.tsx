/** Somebody puts another wearable on: who, and which of the spare ones that are heard. Three taps in all. */
import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { Pick } from "../tickets/pick.tsx";
import { said, t } from "../words/words.ts";
import { type FillingProps, useFields } from "./filling.tsx";
import { inNeed, namedBy } from "./wear.ts";

export function Wear({ permit, step, live, onFields }: FillingProps) {
  const people = namedBy(permit);
  const [who, setWho] = useState(() => inNeed(people, live.wearables, session.get()?.who?.id));
  const [wearable, setWearable] = useState(step.about.length === 1 ? (step.about[0] ?? "") : "");
  useFields(who !== "" && wearable !== "" ? { about: [who], wearable } : null, onFields);
  const spare = live.wearables.filter((one) => step.about.includes(one.id));
  const now = live.wearables.find((one) => one.wearer === who);
  return (
    <>
      <p>{t("task.wear")}</p>
      <Pick
        label={t("task.wear_who")}
        choices={people.map((one) => ({ id: one.id, words: one.name }))}
        chosen={[who]}
        none=""
        onChosen={([id = ""]) => setWho(id)}
      />
      {now && <p class="hint">{t("task.wear_now", { name: said(now.name) })}</p>}
      <Pick
        label={t("task.wear_which")}
        choices={spare.map((one) => ({ id: one.id, words: named(said(one.name), one.battery_pct) }))}
        chosen={[wearable]}
        none={t("task.wear_none")}
        onChosen={([id = ""]) => setWearable(id)}
      />
    </>
  );
}

function named(name: string, battery_pct: number | null): string {
  return battery_pct === null ? name : t("task.wear_charge", { name, pct: battery_pct.toFixed(0) });
}
