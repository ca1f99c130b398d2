/** A picture from a phone, made small, with its time and place written into it, and nothing else left of the file. */
import { dateAndClock } from "../words/times.ts";

const LARGEST_BYTES = 120 * 1024; // edge_agent/tell/photos.py
const WIDEST_PX = 1280;
const QUALITIES = [0.75, 0.6, 0.45, 0.3, 0.2];
const SMALLER = 0.7;
const LINES_OF_WIDTH = 32; // a line of the stamp is so small a part of it: to be read on a phone, too
const LEAST_LINE_PX = 22;

/** Base64 of a JPEG; null where even the smallest is too large. `lines` are written below the picture. */
export async function shrunk(file: Blob, lines: readonly string[]): Promise<string | null> {
  const picture = await createImageBitmap(file);
  for (let wide = Math.min(WIDEST_PX, picture.width); wide >= 320; wide *= SMALLER) {
    const canvas = drawn(picture, Math.round(wide), lines);
    for (const quality of QUALITIES) {
      const jpeg = await encoded(canvas, quality);
      if (jpeg.size <= LARGEST_BYTES) return base64(jpeg);
    }
  }
  return null;
}

function drawn(picture: ImageBitmap, wide: number, lines: readonly string[]): HTMLCanvasElement {
  const high = Math.round((picture.height * wide) / picture.width);
  const line_px = Math.max(LEAST_LINE_PX, Math.round(wide / LINES_OF_WIDTH));
  const canvas = document.createElement("canvas");
  canvas.width = wide;
  canvas.height = high + line_px * lines.length + 8;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, wide, high);
  pen.fillStyle = "#fff";
  pen.font = `${Math.round(line_px * 0.75)}px sans-serif`;
  lines.forEach((line, at) => {
    pen.fillText(line, 8, high + line_px * (at + 1) - 4, wide - 16);
  });
  return canvas;
}

function encoded(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((done, failed) =>
    canvas.toBlob((made) => (made ? done(made) : failed(new Error("no JPEG"))), "image/jpeg", quality),
  );
}

async function base64(jpeg: Blob): Promise<string> {
  const bytes = new Uint8Array(await jpeg.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** What stands in the picture: which one, when by the box's clock, where, who. */
export function stamp(id: string, place: string, person: string, utc: number | null): string[] {
  return [`${id} · ${place}`, `${utc === null ? "?" : dateAndClock(utc)} · ${person}`];
}
