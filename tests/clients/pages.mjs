// Every page in every state, from the gallery: axe, width, weight, requests, and pictures.
//
//   node pages.mjs GALLERY [--pictures FOLDER] [NAME…]
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectAccessible, expectLight, expectToFitAPhone, watch } from './accessible.mjs';
import { withBrowser } from './browser.mjs';
import { withGallery } from './gallery.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pictures: { type: 'string' } },
});
const [program, ...wanted] = positionals;

const methods = ['click-through', 'voucher', 'password', 'remote'];
const combinations = [...Array(2 ** methods.length).keys()]
  .map((mask) => methods.filter((_, bit) => mask & (1 << bit)).join('+'));

// name → path in the gallery
const pages = {
  ...Object.fromEntries(combinations.map((chosen) =>
    [`sign-in ${chosen || 'closed'}`, `/sign-in/${chosen}?terms&url=http://site.example/news`])),
  'sign-in branded': '/sign-in/click-through+voucher?terms&logo&accent=7a1f4b',
  'sign-in long': '/sign-in/click-through+voucher+password+remote?long&terms',
  ...Object.fromEntries(['outdated', 'password', 'voucher', 'remote', 'device'].map((refusal) =>
    [`refused ${refusal}`, `/sign-in/click-through+voucher+password+remote?terms&refusal=${refusal}`])),
  'status guest': '/status/guest?url=http://site.example/news',
  'status long': '/status/guest?long&url=http://a-very-long-name-of-a-site-that-does-not-end-soon.example/',
  'status outdated': '/status/guest?refusal=outdated',
  'status trusted': '/status/trusted',
  terms: '/terms?terms',
  ...Object.fromEntries(['unrecognised', 'unavailable', 'throttled', 'busy', 'failed', 'bad_form',
    'foreign_form', 'not_found', 'bad_method'].map((notice) => [`notice ${notice}`, `/notice/${notice}`])),
  511: '/511?url=http://site.example/',
  '511 later': '/511?later&url=http://site.example/',
};

async function inspect(browser, base, name, lang) {
  const page = await browser.newPage();
  const seen = watch(page);
  const address = new URL(pages[name], base);
  address.searchParams.set('lang', lang);
  const response = await page.goto(address.href);
  const label = `${name} (${lang})`;
  assert.equal(await response.headerValue('content-language'), lang, label);
  assert.equal(await page.getAttribute('html', 'lang'), lang, label);
  await expectLight(response, label);
  await expectAccessible(page, label);
  await expectToFitAPhone(page, label);
  if (name === 'status guest') {
    await page.locator('summary').click();
    await expectAccessible(page, `${label} with its languages`);
    await expectToFitAPhone(page, `${label} with its languages`);
  }
  for (const url of seen.requests) assert.ok(url.startsWith(base), `${label} asks for ${url}`);
  const status = `the server responded with a status of ${response.status()}`;
  assert.deepEqual(seen.complaints.filter((text) => !text.includes(status)), [], label);
  if (values.pictures) await picture(page, `${name} ${lang}`);
  await page.close();
}

async function picture(page, name) {
  for (const [size, viewport] of [['phone', { width: 390, height: 844 }], ['desktop', { width: 1280, height: 800 }]])
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(values.pictures, `${name} ${size} ${colorScheme}.png`.replaceAll(' ', '-')),
        fullPage: true,
      });
    }
}

if (values.pictures) await mkdir(values.pictures, { recursive: true });
await withGallery(program, (base) => withBrowser({}, async (browser) => {
  const names = Object.keys(pages).filter((name) => !wanted.length || wanted.includes(name));
  for (const name of names)
    for (const lang of ['en', 'ar', 'ja']) await inspect(browser, base, name, lang);
  console.log(`${names.length} pages in 3 languages, light and dark: no violation`);
}));
