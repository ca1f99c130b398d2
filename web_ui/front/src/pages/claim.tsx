/** First use of a box: whoever can read the code on it becomes its first administrator. Once only. */
import { useEffect, useState } from "preact/hooks";
import { box, learnBox } from "../api/box.ts";
import { call } from "../api/client.ts";
import { logIn } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { LONGEST_PIN } from "../parts/secret.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go, Link } from "../router.tsx";
import { idOf } from "../setup/propose.ts";
import { useStore } from "../store.ts";
import { dateAndClock } from "../words/times.ts";
import { language, speak, t } from "../words/words.ts";

const SHORTEST_PIN = 4;
const CLOCKS_APART_S = 120; // a phone's clock is set by its network

export function Claim() {
  const known = useStore(box);
  if (known?.claimed) {
    return (
      <section class="card narrow">
        <h1>{t("claim.done")}</h1>
        <p>{t("claim.done_next")}</p>
        <button type="button" class="button main" onClick={() => go("/", { replace: true })}>
          {t("missing.home")}
        </button>
      </section>
    );
  }
  return <Form />;
}

function Form() {
  const [typed, setTyped] = useState({ code: "", id: null as string | null, name: "", pin: "", again: "" });
  const filled = { ...typed, id: typed.id ?? idOf(typed.name) };
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const shared = (name: keyof typeof filled, most: number) => ({
    value: filled[name],
    autocomplete: "off" as const,
    spellcheck: false,
    maxLength: most,
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const field = (name: "code" | "name" | "id", most: number) => (
    <label class="field">
      {t(`claim.${name}`)}
      <input autocapitalize={name === "code" ? "characters" : "none"} {...shared(name, most)} />
    </label>
  );
  const secret = (name: "pin" | "again") => (
    <label class="field">
      {t(`claim.${name}`)}
      <input type="password" inputMode="numeric" {...shared(name, LONGEST_PIN)} />
    </label>
  );
  const wrong = fault(filled);
  const send = async () => {
    setBusy(true);
    setFailed(null);
    try {
      const person = { id: filled.id.trim(), name: filled.name.trim() };
      const code = filled.code.trim().toUpperCase();
      await call("POST", "/claim", { code, person, pin: filled.pin, language: language.get() });
      await logIn({ pin: filled.pin }, person.id);
      await learnBox();
      tell(() => t("claim.welcome"));
      go("/setup", { replace: true });
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && !busy) void send();
      }}
    >
      <h1>{t("claim.title")}</h1>
      <p>{t("claim.where")}</p>
      <Languages />
      {field("code", 16)}
      {field("name", 100)}
      {field("id", 64)}
      {secret("pin")}
      {secret("again")}
      <TimeCheck />
      {wrong && <p class="hint">{wrong}</p>}
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("claim.sending")} />}
      <button type="submit" class="button main" disabled={wrong !== null || busy}>
        {t("claim.send")}
      </button>
      <Link to="/login" class="button">
        {t("claim.known")}
      </Link>
    </form>
  );
}

function fault(filled: {
  code: string;
  id: string;
  name: string;
  pin: string;
  again: string;
}): string | null {
  if (!filled.code.trim() || !filled.id.trim() || !filled.name.trim()) return t("claim.missing");
  if (!/^\d+$/.test(filled.pin) || filled.pin.length < SHORTEST_PIN)
    return t("claim.short", { least: SHORTEST_PIN });
  return filled.pin === filled.again ? null : t("claim.differ");
}

function Languages() {
  const spoken = useStore(language);
  return (
    <fieldset class="chips" aria-label={t("claim.language")}>
      {(["zh", "en"] as const).map((one) => (
        <button
          type="button"
          class="button"
          key={one}
          aria-pressed={spoken === one}
          onClick={() => void speak(one)}
        >
          {one === "zh" ? "中文" : "English"}
        </button>
      ))}
    </fieldset>
  );
}

/** The box's clock beside this device's: without the right time no work may start. */
function TimeCheck() {
  const [apart_s, setApart] = useState<number | null>(null);
  const known = useStore(box);
  useEffect(() => {
    void learnBox().then(
      (found) => setApart(found.time_utc - Date.now() / 1000),
      () => setApart(null),
    );
  }, []);
  if (!known || apart_s === null) return null;
  return (
    <div class="clockcheck">
      <p>{t("claim.time", { time: dateAndClock(known.time_utc), zone: known.timezone })}</p>
      <p>
        {Math.abs(apart_s) > CLOCKS_APART_S ? (
          <strong>{t("claim.time_wrong")}</strong>
        ) : (
          t("claim.time_right")
        )}
      </p>
    </div>
  );
}
