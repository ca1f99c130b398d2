/** How a serial line speaks: speed, parity, stop bits; as the detector's manual says. */
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";
import { BAUDS, PARITIES } from "./entries.ts";

export interface Serial {
  baud: number;
  parity: string;
  stop_bits: number;
}

export const NINE_SIX: Serial = { baud: 9600, parity: "N", stop_bits: 1 }; // of most detectors

interface Props {
  serial: Serial;
  onSerial: (serial: Serial) => void;
}

export function SerialLine({ serial, onSerial }: Props) {
  return (
    <>
      <Pick
        label={t("setup.baud")}
        choices={BAUDS.map((one) => ({ id: `${one}`, words: `${one}` }))}
        chosen={[`${serial.baud}`]}
        none=""
        onChosen={([one]) => onSerial({ ...serial, baud: Number(one) })}
      />
      <Pick
        label={t("setup.parity")}
        choices={PARITIES.map((id) => ({ id, words: t(`setup.parity_${id}`) }))}
        chosen={[serial.parity]}
        none=""
        onChosen={([parity = "N"]) => onSerial({ ...serial, parity })}
      />
      <Pick
        label={t("setup.stop_bits")}
        choices={["1", "2"].map((id) => ({ id, words: id }))}
        chosen={[`${serial.stop_bits}`]}
        none=""
        onChosen={([one]) => onSerial({ ...serial, stop_bits: Number(one) })}
      />
      <p class="hint">{t("setup.serial_about")}</p>
    </>
  );
}
