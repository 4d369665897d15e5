// A guest with a browser of WebKit's, like the sheet in which Apple's devices show a portal: where it
// gets to, told on standard output, an observation a line. The browser is MiniBrowser, driven through
// WebKitWebDriver (W3C WebDriver: JSON over HTTP).
//
//   node webkit.mjs PORTAL    PORTAL is the name of the host that the sign-in page must be on

import { spawn } from "node:child_process";

const kPatience = 50_000;
const kDriver = "http://127.0.0.1:4444";
const kSite = "http://www.example.org/";
const kProbe = "http://captive.apple.com/hotspot-detect.html"; // Apple's question

// Until `ask` brings something; asked again and again, for there is no event for it.
async function until(what, ask) {
  for (const end = Date.now() + kPatience; Date.now() < end; ) {
    const value = await ask();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never came: ${what}`);
}

async function command(method, path, body) {
  const answer = await fetch(kDriver + path, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(kPatience),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value.message}`);
  return value;
}

// Programs end with us, for we are the first process of their PID namespace.
async function startDriver() {
  const screen = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const display = await new Promise((resolve, reject) => {
    screen.stdout.once("data", resolve); // it is there, and this is its number
    screen.on("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  const driver = spawn("WebKitWebDriver", [`--port=${new URL(kDriver).port}`], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DISPLAY: `:${String(display).trim()}` },
  });
  driver.on("error", (error) => {
    throw error;
  });
  await until("the driver", () => command("GET", "/status").catch(() => null));
}

const [portal] = process.argv.slice(2);
await startDriver();
const { sessionId } = await command("POST", "/session", { capabilities: {} });
const session = `/session/${sessionId}`;

const open = (url) => command("POST", `${session}/url`, { url });
const run = (script) => command("POST", `${session}/execute/sync`, { script, args: [] });
const atPortal = async () => {
  const url = new URL(await command("GET", `${session}/url`));
  return url.hostname === portal && url;
};

for (const url of [kSite, kProbe]) {
  await open(url);
  const page = await until("the sign-in page", atPortal);
  console.log(url, "leads to", page.origin);
}

await run(`document.querySelector("input[name=method][value=click-through]").form.submit()`);
await until("an answer to the form", () =>
  run(`return document.readyState === "complete" && !document.querySelector("input[name=method]")`)
    .catch(() => false)); // between two pages
// As the device does: it asks again.
await until("success", async () => {
  await open(kProbe);
  return (await command("GET", `${session}/title`)) === "Success";
});
console.log(kProbe, "is Success");
process.exit(0);
