/** A tester's work at a detector: a bump test that the box measures, and what a certificate or a self-test says. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { type Proof, session } from "../api/session.ts";
import type { Bump, Gas } from "../api/shapes/gas.ts";
import { Day, later, within } from "../parts/day.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { formula } from "../parts/gas.tsx";
import { Icon } from "../parts/icon.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { useStore } from "../store.ts";
import { siteDay } from "../words/times.ts";
import { t } from "../words/words.ts";
import { tests } from "./findings.ts";

const LONGEST = 7;
const ENOUGH = 3; // words in a row that show the gas (edge_agent/decide/bumping.py)
type Open = "bump" | "vouch" | null;

export function Testing({ gas }: { gas: Gas }) {
  const [open, setOpen] = useState<Open>(null);
  const roles = useStore(session)?.who?.roles ?? [];
  if (gas.bump) return <Running bump={gas.bump} gas={gas} />;
  if (!tests(roles)) return <p class="hint">{t("testing.who")}</p>;
  const done = () => setOpen(null);
  return (
    <div class="testing">
      <div class="chips">
        {(["bump", "vouch"] as const).map((each) => (
          <button
            key={each}
            type="button"
            class={each === "bump" ? "button main" : "button"}
            aria-pressed={open === each}
            onClick={() => setOpen(open === each ? null : each)}
          >
            {t(each === "bump" ? "testing.bump" : "testing.vouch")}
          </button>
        ))}
      </div>
      {open === "bump" && <BumpForm gas={gas} onDone={done} />}
      {open === "vouch" && <VouchForm id={gas.id} days={gas.calibration_days} onDone={done} />}
    </div>
  );
}

/** Until it is over nothing is to be done but to hold the gas to the detector. */
function Running({ bump, gas }: { bump: Bump; gas: Gas }) {
  const { since_picture_s } = useBoxTime();
  const left_s = Math.max(0, Math.ceil(bump.left_s - since_picture_s));
  const now = gas.level === null ? "—" : `${gas.level}`;
  if (bump.over) {
    return (
      <div class="testing running" role="status">
        <p>
          <b>{t("testing.leaves")}</b>
        </p>
        <p class="big">{t("testing.shows", { now, unit: bump.unit })}</p>
        <p>{t("testing.leaves_left", { s: left_s })}</p>
      </div>
    );
  }
  return (
    <div class="testing running" role="status">
      {bump.alarms && (
        <p role="alert">
          <Icon of="warning" /> <b>{t("testing.alarms")}</b>
        </p>
      )}
      <p>
        <b>{t("testing.apply", { gas: formula(gas.gas), level: bump.level, unit: bump.unit })}</b>
      </p>
      <p class="big">{t("testing.now", { now, level: bump.level, unit: bump.unit })}</p>
      <p>
        {t("testing.within", { pct: bump.within_pct, met: bump.met, of: ENOUGH })} ·{" "}
        {t("testing.left", { s: left_s })}
      </p>
      <progress aria-label={t("testing.bump")} max={ENOUGH} value={bump.met} />
    </div>
  );
}

function BumpForm({ gas, onDone }: { gas: Gas; onDone: () => void }) {
  const [level, setLevel] = useState("");
  const [lot, setLot] = useState("");
  const [expires, setExpires] = useState("");
  const test = { do: "bump", device: gas.id, level: Number(level), lot, expires };
  const today = siteDay(useBoxTime().now_utc);
  const ready = level !== "" && lot.trim() !== "" && expires !== "" && within(expires, { least: today });
  return (
    <Signing test={test} ready={ready} why={t("testing.daily")} enter={t("testing.begin")} onDone={onDone}>
      <p class="hint">{t("testing.how", { pct: gas.bump_pct })}</p>
      <label class="field">
        {t("testing.level", { unit: gas.unit })}
        <input
          inputMode="none"
          autocomplete="off"
          maxLength={LONGEST}
          value={level}
          onInput={(event) => setLevel(event.currentTarget.value.replaceAll(/[^\d.]/g, ""))}
        />
      </label>
      <Keypad value={level} onValue={setLevel} most={LONGEST} decimal />
      <Entry label={t("testing.lot")} value={lot} onValue={setLot} />
      <Day label={t("testing.expires")} day={expires} least={today} onDay={setExpires} />
    </Signing>
  );
}

interface VouchProps {
  id: string;
  days: number | null; // how long a calibration may hold; null: the device has none
  onDone: () => void;
}

export function VouchForm({ id, days, onDone }: VouchProps) {
  const [passed, setPassed] = useState<boolean | null>(null);
  const [due, setDue] = useState("");
  const [certificate, setCertificate] = useState("");
  const test = { do: "vouch", device: id, self_test_ok: passed, calibration_due: due, certificate };
  const today = siteDay(useBoxTime().now_utc);
  const calibrated = { least: today, most: later(today, days ?? 0) };
  const ready = passed !== null && (due === "" || certificate.trim() !== "") && within(due, calibrated);
  return (
    <Signing test={test} ready={ready} why={t("testing.seen")} enter={t("testing.enter")} onDone={onDone}>
      <p>{t("testing.self_test")}</p>
      <div class="chips">
        {[true, false].map((yes) => (
          <button
            key={String(yes)}
            type="button"
            class="button"
            aria-pressed={passed === yes}
            onClick={() => setPassed(yes)}
          >
            {t(yes ? "testing.yes" : "testing.no")}
          </button>
        ))}
      </div>
      {days !== null && (
        <>
          <Day label={t("testing.due")} day={due} {...calibrated} onDay={setDue} />
          <Entry label={t("testing.certificate")} value={certificate} onValue={setCertificate} />
        </>
      )}
    </Signing>
  );
}

interface EntryProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
}

function Entry({ label, value, onValue }: EntryProps) {
  return (
    <label class="field">
      {label}
      <input
        type="text"
        maxLength={60}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}

interface SigningProps {
  test: Record<string, unknown>;
  ready: boolean;
  why: string;
  enter: string;
  onDone: () => void;
  children: ComponentChildren;
}

function Signing({ test, ready, why, enter, onDone, children }: SigningProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const sign = (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    ask({ ask: "device_test", test, reason, ...proof })
      .then(onDone, setFailed)
      .finally(() => setBusy(false));
  };
  const signed = useSigned(busy || !ready, sign, why);
  return (
    <>
      {children}
      <SignedForm signed={signed} why={t("testing.remark")} enter={enter}>
        {!ready && (
          <p class="hint">
            <Icon of="unknown" /> {t("testing.incomplete")}
          </p>
        )}
        {failed !== null && <FaultCard thrown={failed} />}
      </SignedForm>
    </>
  );
}
