/** A camera's user and password: tried at the camera, then signed and taken. What is there already is never shown. */
import { useEffect, useState } from "preact/hooks";
import { settingsNow } from "../api/settings.ts";
import type { Settings } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Saving } from "../settings/saving.tsx";
import { rows } from "../setup/entries.ts";
import { useLook } from "../setup/look.ts";
import { said, t } from "../words/words.ts";

export interface Login {
  user: string;
  password: string;
}

export const NOBODY: Login = { user: "", password: "" };

interface FieldsProps {
  login: Login;
  onLogin: (login: Login) => void;
  needed?: boolean; // a new camera may have none
}

export function LoginFields({ login, onLogin, needed = false }: FieldsProps) {
  return (
    <div class="pair">
      <label class="field">
        {t(needed ? "cameras.login_user" : "setup.user")}
        <input
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          value={login.user}
          onInput={(event) => onLogin({ ...login, user: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        {t("setup.password")}
        <input
          type="password"
          autocomplete="new-password"
          maxLength={200}
          value={login.password}
          onInput={(event) => onLogin({ ...login, password: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

export function CameraLogin({ camera, onDone }: { camera: string; onDone: () => void }) {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    settingsNow().then(setSettings, setFailed);
  }, []);
  return (
    <section class="card" aria-label={t("cameras.login")}>
      <h2>{t("cameras.login")}</h2>
      <p class="hint">{t("cameras.login_about")}</p>
      {failed !== null && <FaultCard thrown={failed} />}
      {!settings && failed === null && <Waiting what={t("cameras.comes")} />}
      {settings && <Fields camera={camera} settings={settings} onDone={onDone} />}
    </section>
  );
}

interface Props {
  camera: string;
  settings: Settings;
  onDone: () => void;
}

function Fields({ camera, settings, onDone }: Props) {
  const [login, setLogin] = useState(NOBODY);
  const table = rows(settings.values, "cameras")[camera] ?? {};
  const url = `${table.url ?? ""}`;
  const service = (table.ptz as { service?: string } | undefined)?.service ?? "";
  const { told, failed, busy, run } = useLook(JSON.stringify(login));
  const seen = told?.stream ?? null;
  if (!/^rtsps?:/.test(url)) return <p>{t("cameras.login_none")}</p>;
  return (
    <>
      {table.login !== undefined && <p>{t("cameras.login_there")}</p>}
      <LoginFields login={login} onLogin={setLogin} needed />
      <button
        type="button"
        class="button main"
        disabled={login.user === "" || login.password === "" || busy !== null}
        onClick={() => void run("stream", { url, service, ...login })}
      >
        {t("cameras.login_try")}
      </button>
      {busy && <Waiting what={t("setup.opening")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {seen && (
        <ul class="probed">
          {seen.says.map((one) => (
            <li key={one.en}>{said(one)}</li>
          ))}
        </ul>
      )}
      {seen && (
        <Saving
          change={{
            file: "site.toml",
            before: settings.sha256,
            edits: [{ do: "login", at: ["cameras", camera, "login"], value: login }],
          }}
          empty={false}
          why={t("cameras.login_reason")}
          onFaults={() => {}}
          onSaved={() => {
            tell(() => t("cameras.login_saved"));
            onDone();
          }}
        />
      )}
    </>
  );
}
