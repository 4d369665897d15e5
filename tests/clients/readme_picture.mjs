// Takes docs/sign-in.png, the picture in the README: the sign-in page on a phone, light and dark.
//
//   node tests/clients/readme_picture.mjs [GALLERY]
//
// Made small with pngquant, where that is installed.
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withBrowser } from './browser.mjs';
import { withGallery } from './gallery.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = process.argv[2] ?? file('../../build/release/tests/clients/gallery');
const target = file('../../docs/sign-in.png');
const phone = { width: 390, height: 640 };

await withGallery(program, (base) => withBrowser({}, async (browser) => {
  const page = await browser.newPage();
  await page.setViewportSize(phone);
  const shots = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${base}/sign-in/click-through+voucher?terms&lang=en`);
    shots.push((await page.screenshot()).toString('base64'));
  }
  // Not under the pages' own policy, which would not show it.
  await page.goto('about:blank');
  await page.setViewportSize({ width: 2 * phone.width + 24, height: phone.height });
  await page.setContent(`<body style="margin:0;display:flex;gap:24px;background:transparent">
    ${shots.map((shot) => `<img src="data:image/png;base64,${shot}" style="border-radius:20px">`).join('')}`);
  await page.locator('img').last().evaluate((image) => image.decode());
  await page.screenshot({ path: target, omitBackground: true });
}));

const small = `${target}.small`;
const made = spawnSync('pngquant', ['--quality', '70-95', '--force', '--output', small, target]);
if (made.status === 0) spawnSync('mv', [small, target]);
else await rm(small, { force: true });
