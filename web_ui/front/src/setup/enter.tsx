/** A new device is entered: checked by the box, signed, taken; then the box begins anew and its person is let in. */
import type { Edit, Settings } from "../api/types.ts";
import { tell } from "../parts/told.tsx";
import { go } from "../router.tsx";
import { Saving } from "../settings/saving.tsx";
import { t } from "../words/words.ts";

interface Props {
  settings: Settings;
  edits: Edit[];
  to: string; // where it goes on when the box is up again
}

export function Enter({ settings, edits, to }: Props) {
  return (
    <Saving
      change={{ file: "site.toml", edits, before: settings.sha256 }}
      empty={edits.length === 0}
      why={t("setup.reason")}
      onFaults={() => {}}
      onSaved={() => {
        tell(() => t("setup.entered"));
        go(to);
      }}
    />
  );
}
