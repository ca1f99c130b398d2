/** Who are you? A badge at the reader, or id and PIN. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { logIn, type Proof, remembered, session } from "../api/session.ts";
import { arrives } from "../duty/arrival.ts";
import { Ended } from "../parts/ended.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { BadgeHint, PinPad, useBadge } from "../parts/secret.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go } from "../router.tsx";
import { t } from "../words/words.ts";

/** The code of the QR that this phone came by; none: "". */
const phone = new URLSearchParams(location.search).get("phone") ?? "";

/** Shown in place of a page that needs somebody, too: then the address stays, and the page comes after. */
export function Login() {
  const known = remembered();
  const [person, setPerson] = useState(known[0]?.id ?? "");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);

  const enter = async (proof: Proof, id?: string) => {
    setBusy(true);
    setFailed(null);
    try {
      if (after() === "/" && ["/", "/login"].includes(location.pathname)) arrives();
      await logIn(proof, id, phone);
      if (location.pathname === "/login") go(after(), { replace: true });
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setPin("");
      setBusy(false);
    }
  };
  const [way, setWay] = useState<{ person: string; name: string } | null>(null);
  useEffect(() => {
    if (phone === "") return;
    call<{ person: string; name: string }>("GET", `/enrolments/${encodeURIComponent(phone)}`).then(
      (found) => {
        setWay(found);
        setPerson(found.person);
      },
      setFailed,
    );
  }, []);
  useBadge((proof) => void enter(proof));

  if (session.get()) return <LoggedIn />;
  const ready = person.trim() !== "" && pin !== "" && !busy;
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void enter({ pin }, person.trim());
      }}
    >
      <h1>{t("login.title")}</h1>
      {way && <p role="status">{t("log_ins.yours", { name: way.name })}</p>}
      <Ended />
      <BadgeHint />
      {known.length > 0 && (
        <fieldset class="chips" aria-label={t("login.known")}>
          {known.map((one) => (
            <button
              type="button"
              class="button"
              key={one.id}
              aria-pressed={person === one.id}
              onClick={() => setPerson(one.id)}
            >
              <Icon of="here" /> {one.name}
            </button>
          ))}
        </fieldset>
      )}
      <label class="field">
        {t("login.person")}
        <input
          value={person}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          onInput={(event) => setPerson(event.currentTarget.value)}
        />
      </label>
      <PinPad pin={pin} onPin={setPin} label={t("login.pin")} enter={{ words: t("login.enter"), ready }} />
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("login.checking")} />}
    </form>
  );
}

/** Where the log-in was asked for; only an address of this box. */
function after(): string {
  const then = new URLSearchParams(location.search).get("then") ?? "/";
  return /^\/(?![/\\])/.test(then) ? then : "/";
}

function LoggedIn() {
  return (
    <section class="card narrow">
      <h1>{t("login.already", { name: session.get()?.who?.name ?? "" })}</h1>
      <button type="button" class="button main" onClick={() => go("/", { replace: true })}>
        {t("missing.home")}
      </button>
    </section>
  );
}
