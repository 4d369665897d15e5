// A guest who asks for an https site first. Where port 443 is silent, Chromium looks for a portal by
// itself after half a minute, and opens a tab with the sign-in page. Where it is refused, the site's
// page tells so at once, and Chromium does not look.
//
//   node blocked_https.mjs SETTINGS      JSON: hosts (see browser.mjs), portal (its front page),
//                                        refused (whether port 443 is)
import assert from 'node:assert/strict';
import { withBrowser } from './browser.mjs';

const { hosts, portal, refused } = JSON.parse(process.argv[2]);
const patience = 90_000;
// Beyond Chromium's half a minute.
const detection = 45_000;

async function expectLoginTab(opened) {
  const tab = await opened;
  await tab.waitForURL((url) => url.href.startsWith(portal), { timeout: patience });
  await tab.getByRole('heading', { name: 'Connect to the internet' }).waitFor();
  console.log('the login tab shows the sign-in page');
}

async function expectRefusal(visit, opened) {
  await assert.rejects(visit, /ERR_CONNECTION_REFUSED/);
  await assert.rejects(opened, /Timeout/);
  console.log('refused, and nothing more');
}

await withBrowser({
  hosts,
  // Debian's Chromium comes with this off.
  preferences: { 'alternate_error_pages.enabled': true },
  without: ['--disable-background-networking'],
}, async (browser) => {
  const page = await browser.newPage();
  const opened = browser.waitForEvent('page', { timeout: refused ? detection : patience });
  const visit = page.goto('https://site.example/', { timeout: patience });
  for (const promise of [opened, visit]) promise.catch(() => {});
  await (refused ? expectRefusal(visit, opened) : expectLoginTab(opened));
});
