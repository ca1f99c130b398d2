/** A PIN on the keypad or the keyboard, shown as dots; or a badge at the reader. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Proof } from "../api/session.ts";
import { NOTHING, typed } from "../duty/wedge.ts";
import { t } from "../words/words.ts";
import { Keypad } from "./keypad.tsx";

export const LONGEST_PIN = 32;

interface Props {
  pin: string;
  onPin: (pin: string) => void;
  label: string;
  enter: { words: string; ready: boolean };
}

export function PinPad({ pin, onPin, label, enter }: Props) {
  return (
    <>
      <label class="field">
        {label}
        <input
          class="pin"
          type="password"
          inputMode="none"
          autocomplete="off"
          value={pin}
          maxLength={LONGEST_PIN}
          onInput={(event) => onPin(event.currentTarget.value)}
        />
      </label>
      <Keypad value={pin} onValue={onPin} most={LONGEST_PIN} enter={enter} />
    </>
  );
}

// What has been typed outlives the page that heard it: another may come in the middle of a badge.
let state = NOTHING;
let place: Place | null = null;

/** Calls `onBadge` when a reader has typed a badge, wherever the cursor stands; for one part of a page at a time. */
export function useBadge(onBadge: (proof: Proof) => void): void {
  const heard = useRef(onBadge);
  heard.current = onBadge;
  // Before anything is shown: whoever sees the page may already hold the badge to the reader.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { now, badge } = typed(state, event.key, event.timeStamp);
      if (now !== state && now.text.length === 1) place = placeOfCursor(); // the key is not in the field yet
      state = now;
      if (!badge) return;
      event.preventDefault(); // its Enter must press no button and send no form
      event.stopPropagation();
      takeBack(place);
      setTimeout(() => heard.current({ badge })); // when the page has drawn what is in the field now
    };
    addEventListener("keydown", listen, { capture: true });
    return () => removeEventListener("keydown", listen, { capture: true });
  }, []);
}

/** Where a reader begins to type, and what stood there before. */
interface Place {
  field: HTMLInputElement;
  value: string;
}

function placeOfCursor(): Place | null {
  const field = document.activeElement;
  const isFree = field instanceof HTMLInputElement && !field.matches("[data-badge]");
  return isFree ? { field, value: field.value } : null;
}

/** A badge is a secret: it stays in no reason, no name and no id, which are kept and sent on. */
function takeBack(place: Place | null): void {
  if (!place || place.field.value === place.value) return;
  place.field.value = place.value;
  place.field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function BadgeHint() {
  return <p class="hint">{t("keys.badge")}</p>;
}
