/** Says that this screen may go dark by itself; nothing while the page keeps it lit. */
import { t } from "../words/words.ts";

export function Dark({ lit }: { lit: boolean | null }) {
  return lit === false ? <p class="hint dark">{t("phone.dark")}</p> : null;
}
