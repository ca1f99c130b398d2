/** Tokens of programs that read: made with PIN or badge and shown once, listed with their end, revoked. */
import { useEffect, useRef, useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import { endToken, makeToken, tokensNow } from "../api/log_ins.ts";
import { called } from "../api/people.ts";
import type { MadeToken, Token } from "../api/shapes.gen.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { dateAndClock } from "../words/times.ts";
import { t } from "../words/words.ts";

const KINDS = ["read", "figures"] as const;
const DAYS = { usual: 90, most: 366 }; // edge_agent/domain/token.py LONGEST_DAYS

export function Tokens() {
  const [all, setAll] = useState<Token[] | null>(null);
  const [made, setMade] = useState<MadeToken | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const load = () => void tokensNow().then(setAll, setFailed);
  useEffect(load, []);
  const revoke = (one: Token) =>
    endToken(one)
      .then(() => tell(() => t("log_ins.ended")), setFailed)
      .finally(() => {
        load();
        head.current?.focus();
      });
  return (
    <section class="card office">
      <h2 ref={head} tabIndex={-1}>
        {t("log_ins.tokens")}
      </h2>
      <p class="hint">{t("log_ins.tokens_about")}</p>
      {failed !== null && <FaultCard thrown={failed} />}
      {made ? (
        <div class="secret" role="status">
          <p>
            <strong>{t("log_ins.secret")}</strong>
          </p>
          <code>{made.secret}</code>
          <button type="button" class="button main" onClick={() => setMade(null)}>
            {t("log_ins.done")}
          </button>
        </div>
      ) : (
        <New
          onMade={(one) => {
            setMade(one);
            load();
          }}
        />
      )}
      {all?.length === 0 && made === null && <p class="empty">{t("log_ins.none_tokens")}</p>}
      <ul class="log-ins">
        {all?.map((one) => (
          <li key={one.id}>
            <p>
              <b>{one.name}</b> · {t(`log_ins.kind_${one.kind}` as const)}
              {one.ended_by !== "" && <strong> · {t("log_ins.shut", { name: called(one.ended_by) })}</strong>}
              <small>
                {t("log_ins.made", { name: called(one.made_by), time: dateAndClock(one.until_utc) })} ·{" "}
                {one.used_utc === null
                  ? t("log_ins.never")
                  : t("log_ins.used", { time: dateAndClock(one.used_utc) })}
              </small>
            </p>
            <button
              type="button"
              class="button"
              aria-label={`${t("log_ins.revoke")} · ${one.name}`}
              onClick={() => void revoke(one)}
            >
              {t("log_ins.revoke")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function New({ onMade }: { onMade: (one: MadeToken) => void }) {
  const [open, setOpen] = useState(false);
  if (open) return <Wish onMade={onMade} />;
  return (
    <button type="button" class="button main" onClick={() => setOpen(true)}>
      {t("log_ins.make")}
    </button>
  );
}

/** What it opens and how long; then whoever lets the program in says what for, and signs with PIN or badge. */
function Wish({ onMade }: { onMade: (one: MadeToken) => void }) {
  const [reads, setReads] = useState<string>("read");
  const [days, setDays] = useState(DAYS.usual);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const lasts = days >= 1 && days <= DAYS.most;
  const signed = useSigned(busy || !lasts, (name, proof) => {
    setBusy(true);
    setFailed(null);
    makeToken({ name, reads, days }, proof)
      .then(onMade, (thrown) => setFailed(asFault(thrown)))
      .finally(() => setBusy(false));
  });
  return (
    <>
      <Pick
        label={t("log_ins.kind")}
        choices={KINDS.map((id) => ({ id, words: t(`log_ins.kind_${id}` as const) }))}
        chosen={[reads]}
        none=""
        onChosen={([chosen = "read"]) => setReads(chosen)}
      />
      <label class="field">
        {t("log_ins.days")}
        <input
          type="number"
          min={1}
          max={DAYS.most}
          value={days}
          onInput={(typed) => setDays(Math.floor(typed.currentTarget.valueAsNumber) || 0)}
        />
      </label>
      <SignedForm
        signed={signed}
        hint={t("log_ins.token_signed")}
        why={t("log_ins.token_name")}
        enter={t("log_ins.make")}
      >
        {failed !== null && <FaultCard thrown={failed} />}
        {busy && <Waiting what={t("task.sending")} />}
      </SignedForm>
    </>
  );
}
