/** A camera: found on the network or typed, its stream opened, then entered; its picture is live when the box is up. */
import { useState } from "preact/hooks";
import { type CameraFound, type StreamSeen, tried } from "../api/setup.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { said, t } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { cameraEdits, freeId } from "./entries.ts";
import { areaChoices, Frame, Line, type Site } from "./frame.tsx";

export function Camera() {
  return (
    <Frame title={t("setup.camera")} about={t("setup.camera_what")}>
      {(site) => <Fields site={site} />}
    </Frame>
  );
}

function Fields({ site: { settings, areas } }: { site: Site }) {
  const [login, setLogin] = useState({ user: "", password: "" });
  const [url, setUrl] = useState("");
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const [name, setName] = useState("");
  const [found, setFound] = useState<CameraFound[] | null>(null);
  const [seen, setSeen] = useState<{ of: string; told: StreamSeen } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState<"" | "cameras" | "stream">("");
  const id = freeId(settings.values, "cam");
  const called = name || t("setup.camera_name", { id });
  const models = settings.known.models ?? [];
  const look = async (kind: "cameras" | "stream") => {
    setBusy(kind);
    setFailed(null);
    try {
      const told = await tried(kind, {
        ...(kind === "stream" ? { url: url.trim() } : {}),
        ...(login.user ? login : {}),
      });
      if (told.cameras) setFound(told.cameras.cameras);
      if (told.stream) setSeen({ of: url, told: told.stream });
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy("");
    }
  };
  const told = seen?.of === url ? seen.told : null;
  const address = /^rtsps?:\/\/[^\s@]+$/.test(url.trim());
  const row = {
    id,
    name: { zh: called, en: called },
    url: url.trim(),
    model: models[models.length - 1] ?? "",
    area,
  };
  return (
    <>
      <div class="pair">
        <Line label={t("setup.user")} value={login.user} onValue={(user) => setLogin({ ...login, user })} />
        <Line
          label={t("setup.password")}
          type="password"
          value={login.password}
          onValue={(password) => setLogin({ ...login, password })}
        />
      </div>
      <button type="button" class="button" disabled={busy !== ""} onClick={() => void look("cameras")}>
        {t("setup.find")}
      </button>
      {busy === "cameras" && <Waiting what={t("setup.finding")} />}
      {found && <Found all={found} onUrl={setUrl} />}
      <Line label={t("setup.address")} hint="rtsp://10.0.0.9:554/…" value={url} onValue={setUrl} />
      <button
        type="button"
        class="button main"
        disabled={!address || busy !== ""}
        onClick={() => void look("stream")}
      >
        {t("setup.open_stream")}
      </button>
      {busy === "stream" && <Waiting what={t("setup.opening")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {told && (
        <ul class="probed">
          {told.says.map((one) => (
            <li key={one.en}>{said(one)}</li>
          ))}
        </ul>
      )}
      {told && login.user !== "" && (
        <p role="alert">
          <Icon of="warning" /> {t("setup.login_by_hand")}
        </p>
      )}
      {told && login.user === "" && (
        <>
          <Pick
            label={t("setup.looks_into")}
            choices={areaChoices(areas)}
            chosen={[area]}
            none=""
            onChosen={([chosen = ""]) => setArea(chosen)}
          />
          <Line label={t("setup.name")} value={called} onValue={setName} />
          <Enter settings={settings} edits={cameraEdits(row)} to={`/cameras/${id}`} />
        </>
      )}
    </>
  );
}

function Found({ all, onUrl }: { all: CameraFound[]; onUrl: (url: string) => void }) {
  return (
    <ul class="found">
      {all.map((one) => (
        <li key={one.host}>
          <b>{one.name || one.host}</b> <small>{one.host}</small>
          {said(one.failed) !== "" && <p>{said(one.failed)}</p>}
          {one.streams.length === 0 && said(one.failed) === "" && <p class="hint">{t("setup.ask_streams")}</p>}
          {one.notes.map((note) => (
            <p key={note.en}>{said(note)}</p>
          ))}
          {one.streams.map((stream) => (
            <button
              key={stream.url}
              type="button"
              class={stream.best ? "button main" : "button"}
              onClick={() => onUrl(stream.url)}
            >
              {t("setup.take")}: {said(stream.says)}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}
