/** Interlock outputs fall with the box's start, and machines stop: nobody signs before he has said that they may. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

export function Agreed({ falls, children }: { falls: string[]; children: ComponentChildren }) {
  const [agreed, setAgreed] = useState(false);
  if (falls.length === 0) return <>{children}</>;
  return (
    <>
      <label class="tick agreed">
        <input
          type="checkbox"
          checked={agreed}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
        />
        <span>
          <Icon of="warning" /> {t("settings.interlocks_off", { outputs: falls.join(", ") })}
        </span>
      </label>
      {agreed && children}
    </>
  );
}
