/** Big keys for gloves: a PIN, a code, a measured value. Works by keyboard too. */
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

interface Props {
  value: string;
  onValue: (value: string) => void;
  most: number;
  decimal?: boolean;
  enter?: { words: string; ready: boolean }; // its last key sends the form
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad({ value, onValue, most, decimal = false, enter }: Props) {
  const add = (key: string) => value.length < most && onValue(value + key);
  const point = decimal && !value.includes(".");
  return (
    <div class="keypad">
      {DIGITS.map((digit) => (
        <button type="button" class="button key" key={digit} onClick={() => add(digit)}>
          {digit}
        </button>
      ))}
      <button
        type="button"
        class="button key"
        aria-label={t("keys.erase")}
        onClick={() => onValue(value.slice(0, -1))}
      >
        <Icon of="erase" />
      </button>
      <button type="button" class="button key" onClick={() => add("0")}>
        0
      </button>
      {decimal && (
        <button type="button" class="button key" disabled={!point} onClick={() => point && add(".")}>
          .
        </button>
      )}
      {enter && (
        <button type="submit" class="button main enter" disabled={!enter.ready}>
          {enter.words}
        </button>
      )}
    </div>
  );
}
