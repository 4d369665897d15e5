// Chromium as guests have it: a fresh profile, nothing of its own on the network.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const quiet = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// `hosts`: { name: address } is all the DNS there is; "*" stands for every other name.
// `preferences` are Chromium's own, by their dotted names. `without` are switches to leave out,
// `context` is Playwright's.
export async function withBrowser({ hosts = {}, preferences = {}, without = [], context = {} }, use) {
  const profile = await mkdtemp(join(tmpdir(), 'portal-chromium-'));
  try {
    await writePreferences(profile, preferences);
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      chromiumSandbox: false,
      args: [...quiet.filter((flag) => !without.includes(flag)), `--host-resolver-rules=${rules(hosts)}`],
      ignoreDefaultArgs: without,
      ...context,
    });
    try {
      return await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

function rules(hosts) {
  const { '*': rest, ...named } = hosts;
  const map = Object.entries(named).map(([name, address]) => `MAP ${name} ${address}`);
  // Literal addresses are hosts to these rules as well.
  const kept = Object.values(hosts).map((address) => `EXCLUDE ${address}`);
  return [...map, rest ? `MAP * ${rest}` : 'MAP * ~NOTFOUND', ...kept, 'EXCLUDE 127.0.0.1'].join(', ');
}

async function writePreferences(profile, preferences) {
  const tree = {};
  for (const [name, value] of Object.entries(preferences)) {
    const steps = name.split('.');
    const last = steps.pop();
    let place = tree;
    for (const step of steps) place = place[step] ??= {};
    place[last] = value;
  }
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(tree));
}
