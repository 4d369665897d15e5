// A guest who asks for an https site first: port 443 is silent, so after half a minute Chromium
// looks for a portal by itself, and opens a tab with the sign-in page.
//
//   node blocked_https.mjs SETTINGS      JSON: hosts (see browser.mjs), portal (its front page)
import { withBrowser } from './browser.mjs';

const { hosts, portal } = JSON.parse(process.argv[2]);
const patience = 90_000;

await withBrowser({
  hosts,
  // Debian's Chromium comes with this off.
  preferences: { 'alternate_error_pages.enabled': true },
  without: ['--disable-background-networking'],
}, async (browser) => {
  const page = await browser.newPage();
  const opened = browser.waitForEvent('page', { timeout: patience });
  page.goto('https://site.example/', { timeout: patience }).catch(() => {});
  const tab = await opened;
  await tab.waitForURL((url) => url.href.startsWith(portal), { timeout: patience });
  await tab.getByRole('heading', { name: 'Connect to the internet' }).waitFor();
  console.log('the login tab shows the sign-in page');
});
