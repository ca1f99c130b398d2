/** The signs that stand beside every word that matters; a word is never shown by colour alone. */

const PATHS = {
  evacuate:
    "M3 5h17v4H7v30h13v4H3zM29 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM19 16l9-1 5 7 7 1v4l-9-1-3-3-3 7 6 5v9h-4v-7l-8-5-4 7-7 1v-4l5-1 7-14-4 1-2 5-4-1 2-7z",
  stopped: "M10 6h10v36H10zM28 6h10v36H28z",
  may_work: "M5 25l6-6 9 9L38 9l6 6-24 25z",
  warning: "M24 3l22 41H2zm-3 14l1 14h4l1-14zm1 17v5h4v-5z",
  waiting:
    "M24 3a21 21 0 1 1 0 42 21 21 0 0 1 0-42zm0 5a16 16 0 1 0 0 32 16 16 0 0 0 0-32zm-2.500 4h5v11l8 6-3 4-10-7.500z",
  over: "M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40zm0 5a15 15 0 1 0 0 30 15 15 0 0 0 0-30z",
  shadow: "M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40zm-11 9v22h22V13zM17 17h14v14H17z",
  unknown:
    "M13 16C13 8 18 4 24.500 4S37 8 37 15c0 8-9 9-9 16h-7c0-9 8-10 8-15 0-3-2-5-5-5s-5 2-5 5zM20 36h9v8h-9z",
  hand: "M14 24V10a3 3 0 0 1 6 0v10h1V6a3 3 0 0 1 6 0v14h1V9a3 3 0 0 1 6 0v13h1v-8a3 3 0 0 1 6 0v18c0 8-5 13-13 13-7 0-10-3-13-8l-7-12a3 3 0 0 1 5-3z",
  run: "M10 5l32 19-32 19z",
  here: "M24 4a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8 44c0-12 6-18 16-18s16 6 16 18z",
  gone: "M9 4l15 15L39 4l5 5-15 15 15 15-5 5-15-15L9 44l-5-5 15-15L4 9z",
  up: "M24 6l16 18H30v18H18V24H8z",
  down: "M24 42L8 24h10V6h12v18h10z",
  level: "M4 24l14-14v9h12v-9l14 14-14 14v-9H18v9z",
  board: "M4 4h17v17H4zM27 4h17v17H27zM4 27h17v17H4zM27 27h17v17H27z",
  bell: "M24 4a4 4 0 0 1 4 4c6 2 9 7 9 14v10l5 6v2H6v-2l5-6V22c0-7 3-12 9-14a4 4 0 0 1 4-4zM19 42h10a5 5 0 0 1-10 0z",
  back: "M28 6l6 6-12 12 12 12-6 6L10 24z",
  erase: "M16 8h28v32H16L2 24zm8 8l-4 4 4 4-4 4 4 4 4-4 4 4 4-4-4-4 4-4-4-4-4 4z",
  drill: "M4 18h10L34 7v34L14 30H4zM38 16a10 10 0 0 1 0 16v-4.500a6 6 0 0 0 0-7zM13 32h7l3 11h-7z",
  sound: "M4 18h10L28 6v36L14 30H4zM33 14a14 14 0 0 1 0 20v-5a8 8 0 0 0 0-10z",
} as const;

export type Sign = keyof typeof PATHS;

export function Icon({ of }: { of: Sign }) {
  return (
    <svg class="icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d={PATHS[of]} />
    </svg>
  );
}
