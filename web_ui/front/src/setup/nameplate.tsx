/** What the wire may not say and the nameplate does: folded away, for most detectors need none of it. */
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";
import { Line } from "./frame.tsx";

const UNITS = ["", "ppm", "%LEL", "%vol", "mg/m3"];

export interface Plate {
  profile: string; // "": the box finds out
  channel: string;
  range: string;
  in_unit: string;
}

interface Props {
  plate: Plate;
  profiles: string[];
  onPlate: (plate: Plate) => void;
}

export function Nameplate({ plate, profiles, onPlate }: Props) {
  const set = (change: Partial<Plate>) => onPlate({ ...plate, ...change });
  return (
    <details>
      <summary class="button quiet">{t("setup.nameplate")}</summary>
      <Line
        label={t("setup.channel")}
        mode="numeric"
        value={plate.channel}
        onValue={(channel) => set({ channel })}
      />
      <Line label={t("setup.range")} mode="decimal" value={plate.range} onValue={(range) => set({ range })} />
      <Pick
        label={t("setup.in_unit")}
        choices={UNITS.map((id) => ({ id, words: id || t("setup.by_wire") }))}
        chosen={[plate.in_unit]}
        none=""
        onChosen={([in_unit = ""]) => set({ in_unit })}
      />
      <Pick
        label={t("setup.profile")}
        choices={["", ...profiles].map((id) => ({ id, words: id || t("setup.find_out") }))}
        chosen={[plate.profile]}
        none=""
        onChosen={([profile = ""]) => set({ profile })}
      />
    </details>
  );
}
