/** One or several out of a list, as large buttons. */
import { cut } from "../parts/name.tsx";

export interface Choice {
  id: string;
  words: string;
}

interface Props {
  label: string;
  choices: Choice[];
  chosen: string[];
  several?: boolean;
  none: string;
  onChosen: (chosen: string[]) => void;
}

export function Pick({ label, choices, chosen, several = false, none, onChosen }: Props) {
  const press = (id: string) => {
    if (!several) onChosen([id]);
    else onChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <fieldset class="pick">
      <legend>{label}</legend>
      {choices.length === 0 && <p class="hint">{none}</p>}
      <div class="chips">
        {choices.map(({ id, words }) => (
          <button
            type="button"
            class="button"
            key={id}
            aria-pressed={chosen.includes(id)}
            onClick={() => press(id)}
          >
            {cut(words, 60)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
