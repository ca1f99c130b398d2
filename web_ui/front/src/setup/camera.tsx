/** A camera: found on the network or typed, its stream opened, then entered; its picture is live when the box is up. */
import { useState } from "preact/hooks";
import type { CameraFound } from "../api/setup.ts";
import { type Login, LoginFields, NOBODY } from "../cameras/login.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { said, t } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { cameraEdits, freeId } from "./entries.ts";
import { areaChoices, Frame, Line, nameOr, type Site } from "./frame.tsx";
import { useLook } from "./look.ts";
import { streamOf } from "./propose.ts";

export function Camera() {
  return (
    <Frame title={t("setup.camera")} about={t("setup.camera_what")}>
      {(site) => <Fields site={site} />}
    </Frame>
  );
}

function Fields({ site }: { site: Site }) {
  const [login, setLogin] = useState(NOBODY);
  const [typed, setTyped] = useState(site.net);
  const url = streamOf(typed, site.net);
  const around = useLook(JSON.stringify(login));
  const stream = useLook(JSON.stringify([login, url]));
  const busy = around.busy ?? stream.busy;
  const named = login.user === "" ? {} : login;
  const seen = stream.told?.stream ?? null;
  return (
    <>
      <LoginFields login={login} onLogin={setLogin} />
      <button
        type="button"
        class="button"
        disabled={busy !== null}
        onClick={() => void around.run("cameras", named)}
      >
        {t("setup.find")}
      </button>
      {around.busy && <Waiting what={t("setup.finding")} />}
      {around.failed !== null && <FaultCard thrown={around.failed} />}
      {around.told?.cameras && <Found all={around.told.cameras.cameras} onUrl={setTyped} />}
      <Line
        label={t("setup.address")}
        hint="10.0.0.9:554/…, rtsps://10.0.0.9/…"
        value={typed}
        onValue={setTyped}
      />
      <button
        type="button"
        class="button main"
        disabled={url === null || busy !== null}
        onClick={() => void stream.run("stream", { url, ...named })}
      >
        {t("setup.open_stream")}
      </button>
      {stream.busy && <Waiting what={t("setup.opening")} />}
      {stream.failed !== null && <FaultCard thrown={stream.failed} />}
      {seen && (
        <ul class="probed">
          {seen.says.map((one) => (
            <li key={one.en}>{said(one)}</li>
          ))}
        </ul>
      )}
      {seen && url && <Rest site={site} url={url} login={login} />}
    </>
  );
}

interface RestProps {
  site: Site;
  url: string;
  login: Login;
}

function Rest({ site, url, login }: RestProps) {
  const { settings, values, areas, named } = site;
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const [name, setName] = useState("");
  const id = freeId(values, "cam");
  const called = nameOr(name, named("setup.camera_name", { id }));
  const model = settings.known.models?.at(-1) ?? ""; // the newest
  const edits = cameraEdits({ id, name: called, url, model, area });
  if (login.user !== "") edits.push({ do: "login", at: ["cameras", id, "login"], value: login });
  return (
    <>
      <Pick
        label={t("setup.looks_into")}
        choices={areaChoices(areas)}
        chosen={[area]}
        none=""
        onChosen={([chosen = ""]) => setArea(chosen)}
      />
      <Line label={t("setup.name")} value={said(called)} onValue={setName} />
      <Enter site={site} noted={{ step: "camera", id, name: called, edits }} />
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
          {one.streams.length === 0 && said(one.failed) === "" && (
            <p class="hint">{t("setup.ask_streams")}</p>
          )}
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
              {t("setup.take")}
              {t("phone.colon")}
              {said(stream.says)}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}
