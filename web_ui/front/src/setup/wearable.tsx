/** A wearable: by the id that its platform gives it; heard over the field broker when the box is up again. */
import { useState } from "preact/hooks";
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { freeId, wearableEdits } from "./entries.ts";
import { Frame, figure, Line, type Site } from "./frame.tsx";

export function Wearable() {
  return (
    <Frame title={t("setup.wearable")} about={t("setup.wearable_what")}>
      {(site) => <Fields site={site} />}
    </Frame>
  );
}

function Fields({ site }: { site: Site }) {
  const { settings, values, named } = site;
  const [profile, setProfile] = useState("");
  const [provider, setProvider] = useState("");
  const [period, setPeriod] = useState("1");
  const id = freeId(values, "tag");
  const period_s = figure(period);
  const ready = profile !== "" && provider.trim() !== "" && period_s !== null && !Number.isNaN(period_s);
  const row = { id, name: named("setup.wearable_name", { id }), profile, provider_id: provider.trim() };
  return (
    <>
      <Pick
        label={t("setup.profile")}
        choices={(settings.known["profiles.wearables"] ?? []).map((one) => ({ id: one, words: one }))}
        chosen={[profile]}
        none=""
        onChosen={([chosen = ""]) => setProfile(chosen)}
      />
      <Line label={t("setup.provider")} value={provider} onValue={setProvider} />
      <Line label={t("setup.period")} mode="decimal" value={period} onValue={setPeriod} />
      {ready && (
        <Enter
          site={site}
          noted={{
            step: "wearable",
            id,
            name: row.name,
            edits: wearableEdits({ ...row, period_s: period_s ?? 1 }),
          }}
        />
      )}
    </>
  );
}
