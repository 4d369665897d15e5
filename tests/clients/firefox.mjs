// A guest with Firefox, as Debian ships it: what it makes of the portal, told on standard output,
// an observation a line. Firefox is driven through Marionette, its remote protocol, over TCP.
//
//   node firefox.mjs PORTAL    PORTAL is the name of the host that the sign-in page must be on
//
// Goes on when the test, which reads the lines, does its part.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, watch, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";

const kPatience = 50_000;

// Settings that a user does not have: only shorter intervals, and none of what else a new profile
// does on its own. Marionette's own, which switch the detection off, stay away.
const preferences = {
  "remote.prefs.recommended": false,
  "marionette.port": 0,
  "network.captive-portal-service.enabled": false,
  "network.captive-portal-service.minInterval": 1000,
  "network.captive-portal-service.maxInterval": 1000,
  "captivedetect.pollingTime": 1000,
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "toolkit.telemetry.enabled": false,
};

const say = (...words) => console.log(words.join(" "));

async function within(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`never came: ${what}`)), kPatience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Firefox writes the port it listens on into its profile.
function startFirefox() {
  const profile = mkdtempSync(join(homedir(), "profile-"));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const port = new Promise((resolve, reject) => {
    const file = join(profile, "MarionetteActivePort");
    const watcher = watch(profile, () => {
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (!text) return;
      watcher.close();
      resolve(Number(text));
    });
    const firefox = spawn(
      "firefox-esr",
      ["--headless", "--no-remote", "--profile", profile, "--marionette",
       "--remote-allow-system-access", "about:blank"],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    firefox.on("error", reject);
    firefox.on("exit", (code) => reject(new Error(`Firefox ended with ${code}`)));
  });
  return within("Firefox's port", port);
}

// Messages are LENGTH:JSON; a command is [0, id, name, parameters], its answer [1, id, error,
// result].
class Marionette {
  #socket;
  #unread = Buffer.alloc(0);
  #waiting = new Map();
  #last = 0;

  static async open(port) {
    const marionette = new Marionette();
    marionette.#socket = connect(port, "127.0.0.1");
    marionette.#socket.on("data", (data) => marionette.#read(data));
    await within("a connection", new Promise((resolve, reject) => {
      marionette.#socket.on("connect", resolve);
      marionette.#socket.on("error", reject);
    }));
    await marionette.send("WebDriver:NewSession", {});
    return marionette;
  }

  async send(name, parameters) {
    const id = ++this.#last;
    const text = JSON.stringify([0, id, name, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    const [, , error, result] = await within(`an answer to ${name}`, answer);
    if (error) throw new Error(`${name}: ${error.message}`);
    return result;
  }

  // What `body`, a function's, returns: of the browser itself, or of the page in its tab.
  async run(context, body, ...args) {
    await this.send("Marionette:SetContext", { value: context });
    const { value } = await this.send("WebDriver:ExecuteScript", { script: body, args });
    return value;
  }

  // Until `body` returns something; asked again and again, for there is no one event for it.
  async until(what, context, body, ...args) {
    for (const end = Date.now() + kPatience; Date.now() < end; ) {
      const value = await this.run(context, body, ...args);
      if (value) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never came: ${what}`);
  }

  #read(data) {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (;;) {
      const colon = this.#unread.indexOf(":");
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#unread.subarray(0, colon));
      if (this.#unread.length < end) return;
      const message = JSON.parse(this.#unread.subarray(colon + 1, end));
      this.#unread = this.#unread.subarray(end);
      if (!Array.isArray(message)) continue; // its greeting
      this.#waiting.get(message[1])?.(message);
      this.#waiting.delete(message[1]);
    }
  }
}

// Chrome scripts ---------------------------------------------------------------------------------

// What a script leaves behind is found again on an object that all of them share.
const startDetection = `
  Services.portalTopics = [];
  const observer = { observe: (subject, topic) => Services.portalTopics.push(topic) };
  for (const topic of ["captive-portal-login", "captive-portal-login-success"])
    Services.obs.addObserver(observer, topic);
  Services.prefs.setBoolPref("network.captive-portal-service.enabled", true);`;

const inState = `
  const service = Cc["@mozilla.org/network/captive-portal-service;1"]
    .getService(Ci.nsICaptivePortalService);
  return service.state === service[arguments[0]] ? arguments[0] : null;`;

const observed = `return Services.portalTopics.includes(arguments[0]) ? arguments[0] : null;`;

const notification = `
  const box = Services.wm.getMostRecentWindow("navigator:browser").gNotificationBox;
  return Boolean(box.getNotificationWithValue("captive-portal-detected")) === arguments[0];`;

// A new notification does not take clicks at once.
const pressTheButton = `
  const box = Services.wm.getMostRecentWindow("navigator:browser").gNotificationBox;
  const bar = box.getNotificationWithValue("captive-portal-detected");
  const button = bar?.buttonContainer.querySelector("button.notification-button");
  if (!button || button.disabled) return false;
  button.click();
  return true;`;

const tabAtPortal = `
  const { gBrowser } = Services.wm.getMostRecentWindow("navigator:browser");
  for (const tab of gBrowser.tabs) {
    const { currentURI, webProgress } = tab.linkedBrowser;
    if (currentURI.asciiHost === arguments[0] && !webProgress.isLoadingDocument) {
      gBrowser.selectedTab = tab;
      return currentURI.prePath;
    }
  }
  return null;`;

// Page scripts -----------------------------------------------------------------------------------

const submitClickThrough = `
  document.querySelector("input[name=method][value=click-through]").form.requestSubmit();`;

const pagePath = `
  return location.host === arguments[0] && document.readyState === "complete"
    ? location.pathname : null;`;

// The story --------------------------------------------------------------------------------------

const [portal] = process.argv.slice(2);
const firefox = await Marionette.open(await startFirefox());

const expectState = async (state) =>
  say("state", await firefox.until(state, "chrome", inState, state));
const expectNotification = async (there) => {
  await firefox.until("the notification's change", "chrome", notification, there);
  say("notification", there ? "shown" : "gone");
};

// With its window open, it comes into the network.
await firefox.run("chrome", startDetection);
await expectState("LOCKED_PORTAL");
await expectNotification(true);

await firefox.until("a button to press", "chrome", pressTheButton);
say("page", await firefox.until("the sign-in page", "chrome", tabAtPortal, portal));
const handles = await firefox.send("WebDriver:GetWindowHandles", {});
for (const handle of handles) {
  await firefox.send("WebDriver:SwitchToWindow", { handle });
  if (await firefox.run("content", pagePath, portal)) break;
}
await firefox.run("content", submitClickThrough);
say("success", await firefox.until("its success", "chrome", observed, "captive-portal-login-success"));
await expectState("UNLOCKED_PORTAL");
await expectNotification(false);

// The test ends the session.
await expectState("LOCKED_PORTAL");
await expectNotification(true);
process.exit(0);
