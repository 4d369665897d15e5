// A form whose answer leads on to another site: the page's own policy must let it.
//
//   node sealed_form.mjs GALLERY
import assert from 'node:assert/strict';
import { withBrowser } from './browser.mjs';
import { withGallery } from './gallery.mjs';

await withGallery(process.argv[2], (base) => withBrowser({ hosts: { 'site.example': '127.0.0.1' } }, async (browser) => {
  const page = await browser.newPage();
  const { port } = new URL(base);
  const site = `http://site.example:${port}/status/guest`;
  await page.goto(`${base}/sign-in/click-through?lang=en&seal=${'0'.repeat(64)}&url=${encodeURIComponent(site)}`);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.waitForURL(site);
  assert.ok(await page.getByRole('heading', { name: 'You are online' }).isVisible());
  console.log('the redirect was followed');
}));
