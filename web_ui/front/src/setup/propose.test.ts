import { expect, test } from "vitest";
import { idOf, netNear, netOf, streamOf } from "./propose.ts";

test("a network is what the address of a device begins with, and no part of a name", () => {
  expect(netOf("10.20.0.5")).toBe("10.20.0.");
  expect(netOf("gateway.local")).toBe("");
  expect(netOf("10.20.0.")).toBe("");
  expect(netOf("::1")).toBe("");
});

test("the next device is looked for beside the newest one, else where the page found the box", () => {
  expect(netNear({}, "192.168.1.10")).toBe("192.168.1.");
  expect(netNear({}, "127.0.0.1")).toBe("");
  expect(netNear({}, "box.local")).toBe("");
  const camera = { cameras: { "cam-1": { url: "rtsp://10.1.1.9:554/live" } } };
  expect(netNear(camera, "192.168.1.10")).toBe("10.1.1.");
  expect(netNear({ ...camera, buses: { "gateway-1": { host: "10.2.2.4" } } }, "192.168.1.10")).toBe(
    "10.2.2.",
  );
  expect(netNear({ buses: { "line-1": { device: "/dev/ttyUSB0" } } }, "192.168.1.10")).toBe("192.168.1.");
});

test("a stream's address may lack its scheme, and is none while only the network stands there", () => {
  expect(streamOf("10.20.0.9:554/live", "10.20.0.")).toBe("rtsp://10.20.0.9:554/live");
  expect(streamOf(" rtsps://10.20.0.9/live ", "")).toBe("rtsps://10.20.0.9/live");
  expect(streamOf("10.20.0.", "10.20.0.")).toBeNull();
  expect(streamOf("", "")).toBeNull();
  expect(streamOf("viewer:secret@10.20.0.9/live", "")).toBeNull();
  expect(streamOf("http://10.20.0.9/", "")).toBeNull();
});

test("a name in Latin letters proposes an id; of any other nobody guesses one", () => {
  expect(idOf("Han Xue")).toBe("han-xue");
  expect(idOf(" Jürgen  O'Neill ")).toBe("jurgen-o-neill");
  expect(idOf("韩雪")).toBe("");
  expect(idOf("韩雪 Han Xue")).toBe("");
  expect(idOf("")).toBe("");
});
