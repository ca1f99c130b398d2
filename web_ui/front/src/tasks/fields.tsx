/** What must be filled in for each request; nothing is ticked beforehand: a person looks, then ticks. */
import { useState } from "preact/hooks";
import { nameOf } from "../api/people.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { Icon } from "../parts/icon.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { Paper } from "../parts/paper.tsx";
import { clock } from "../words/times.ts";
import { said, t } from "../words/words.ts";
import { BeginDrill, ForAWhile } from "./deciding.tsx";
import { type Filling, type FillingProps, Line, useFields } from "./filling.tsx";
import { GasTest } from "./gastest.tsx";
import { Wear } from "./wear.tsx";

interface Item {
  id: string;
  words: string;
  note?: string;
}

function Ticks({
  items,
  ticked,
  onTicked,
}: {
  items: Item[];
  ticked: string[];
  onTicked: (ids: string[]) => void;
}) {
  const flip = (id: string) =>
    onTicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);
  return (
    <fieldset class="ticks">
      {items.map(({ id, words, note }) => (
        <label key={id} class="tick">
          <input type="checkbox" checked={ticked.includes(id)} onChange={() => flip(id)} />
          <span>
            {words} {note && <small>{note}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Amount({
  label,
  value,
  onValue,
}: {
  label: string;
  value: number;
  onValue: (value: number) => void;
}) {
  return (
    <fieldset class="amount" aria-label={label}>
      <span>{label}</span>
      <button
        type="button"
        class="button"
        aria-label={t("task.less", { what: label })}
        disabled={value <= 0}
        onClick={() => onValue(value - 1)}
      >
        −
      </button>
      <output>{value}</output>
      <button
        type="button"
        class="button"
        aria-label={t("task.more", { what: label })}
        onClick={() => onValue(value + 1)}
      >
        +
      </button>
    </fieldset>
  );
}

/** A check-in shows presence by the wearable, or by the code that stands on the box's screen now. */
function CheckIn({ step, permit, onFields }: FillingProps) {
  const [code, setCode] = useState("");
  const co_sign = step.about.length > 0;
  useFields(co_sign || code === "" ? {} : code.length === 6 ? { presence_code: code } : null, onFields);
  if (co_sign) return <p>{t("task.co_sign", { name: permit.claim?.name ?? "" })}</p>;
  return (
    <>
      {permit.guard && <p>{t("task.relieve", { name: permit.guard })}</p>}
      <p>{t("task.check_in")}</p>
      <details open={permit.claim !== null}>
        <summary class="button">{t("task.by_code")}</summary>
        <label class="field">
          {t("task.code")}
          <input
            class="pin"
            inputMode="none"
            autocomplete="off"
            maxLength={6}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, "").slice(0, 6))}
          />
        </label>
        <Keypad value={code} onValue={setCode} most={6} />
      </details>
    </>
  );
}

function Enter({ permit, step, onFields }: FillingProps) {
  return <Moved permit={permit} ids={step.about} tools={t("task.tools_in")} onFields={onFields} />;
}

function Leave({ permit, onFields }: FillingProps) {
  return (
    <Moved
      permit={permit}
      ids={permit.inside.map((one) => one.id)}
      tools={t("task.tools_out")}
      onFields={onFields}
    />
  );
}

interface MovedProps {
  permit: Permit;
  ids: string[];
  tools: string;
  onFields: FillingProps["onFields"];
}

function Moved({ permit, ids, tools: label, onFields }: MovedProps) {
  const [about, setAbout] = useState<string[]>([]);
  const [tools, setTools] = useState(0);
  useFields(about.length === 0 && tools === 0 ? null : { about, ...(tools > 0 ? { tools } : {}) }, onFields);
  return (
    <>
      <Ticks
        items={ids.map((id) => ({ id, words: nameOf(id, permit) }))}
        ticked={about}
        onTicked={setAbout}
      />
      <Amount label={label} value={tools} onValue={setTools} />
    </>
  );
}

/** Nobody ticked means that everybody inside has answered. */
function Contact({ permit, onFields }: FillingProps) {
  const [about, setAbout] = useState<string[]>([]);
  useFields(about.length > 0 ? { about } : {}, onFields);
  return (
    <>
      <p>{t("task.contact")}</p>
      <Ticks
        items={permit.inside.map((one) => ({ id: one.id, words: one.name }))}
        ticked={about}
        onTicked={setAbout}
      />
    </>
  );
}

function Confirm({ permit, step, onFields }: FillingProps) {
  const [about, setAbout] = useState<string[]>([]);
  useFields(about.length > 0 ? { about } : null, onFields);
  const items = permit.measures
    .filter((one) => step.about.includes(one.id))
    .map((one) => ({
      id: one.id,
      words: said(one.words),
      note: one.at_utc ? t("task.seen_by", { name: one.confirmed_by ?? "", time: clock(one.at_utc) }) : "",
    }));
  return (
    <>
      <p>{t("task.confirm")}</p>
      <Ticks items={items} ticked={about} onTicked={setAbout} />
    </>
  );
}

/** The whole list or nothing. */
function Handover({ permit, onFields }: FillingProps) {
  const [about, setAbout] = useState<string[]>([]);
  useFields(about.length === permit.handover.length ? { about } : null, onFields);
  return (
    <>
      <p>{t("task.handover")}</p>
      <Ticks
        items={permit.handover.map((one) => ({ id: one.id, words: said(one.words) }))}
        ticked={about}
        onTicked={setAbout}
      />
    </>
  );
}

/** Whoever signs a ticket reads it first. */
function Approve({ permit, onFields }: FillingProps) {
  useFields({}, onFields);
  return <Paper permit={permit} />;
}

function AcceptChange({ permit, onFields }: FillingProps) {
  useFields(permit.pending ? { about: [String(permit.pending.version)] } : null, onFields);
  return (
    <>
      <p>{t("task.changes")}</p>
      <ul class="changes">
        {permit.pending?.changes.map((one) => (
          <li key={one.en}>
            <Icon of="warning" /> {said(one)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Acknowledge({ live, step, onFields }: FillingProps) {
  useFields({}, onFields);
  return (
    <ul class="changes">
      {live.alarms
        .filter((one) => step.about.includes(one.key))
        .map((one) => (
          <li key={one.key}>
            <Icon of="warning" /> <b>{said(one.title)}</b> {said(one.detail)} {said(one.action)}
          </li>
        ))}
    </ul>
  );
}

/** People and tools are counted by whoever closes; the box compares with its own list. */
function Close({ permit, onFields }: FillingProps) {
  const [counted, setCounted] = useState<string[]>([]);
  const items = [
    {
      id: "people",
      words: t("task.nobody_inside"),
      note: t("task.counted", { what: t("phone.inside_count", { count: permit.inside.length }) }),
    },
    {
      id: "tools",
      words: t("task.no_tools"),
      note: t("task.counted", { what: t("phone.tools", { count: permit.tools_inside }) }),
    },
  ];
  useFields(counted.length === items.length ? { people_inside: 0 } : null, onFields);
  return (
    <>
      <p>{t("task.close")}</p>
      <Ticks items={items} ticked={counted} onTicked={setCounted} />
    </>
  );
}

function Why({ onFields }: FillingProps) {
  const [reason, setReason] = useState("");
  useFields(reason.trim() ? { reason: reason.trim() } : null, onFields);
  return <Line label={t("task.reason")} value={reason} onValue={setReason} />;
}

function told(key: "task.check_out" | "task.end_work"): Filling {
  return function Told({ onFields }: FillingProps) {
    useFields({}, onFields);
    return <p>{t(key)}</p>;
  };
}

export const FIELDS: Readonly<Record<string, Filling>> = {
  approve: Approve,
  check_in: CheckIn,
  check_out: told("task.check_out"),
  end_work: told("task.end_work"),
  enter: Enter,
  leave: Leave,
  contact: Contact,
  wear: Wear,
  confirm: Confirm,
  handover: Handover,
  accept_change: AcceptChange,
  acknowledge: Acknowledge,
  retest: GasTest,
  close: Close,
  revoke: Why,
  override: ForAWhile,
  shelve: ForAWhile,
  drill: BeginDrill,
};
