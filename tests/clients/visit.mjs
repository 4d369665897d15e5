// What a guest does with Chromium: asks for some site, lands on the sign-in page, signs in, gets
// to the site, signs out. Looks at each page on the way.
//
//   node visit.mjs SETTINGS
//
// SETTINGS is JSON: hosts (see browser.mjs), site (its URL and what its page says), portal (the
// URL of its front page), user, password, script (whether the browser runs any), pictures (a
// folder, if there are to be any).
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible, expectLight, expectToFitAPhone, watch } from './accessible.mjs';
import { withBrowser } from './browser.mjs';

const { hosts, site, portal, user, password, script, pictures } = JSON.parse(process.argv[2]);

async function look(page, response, name) {
  await expectLight(response, name);
  if (script) {
    await expectAccessible(page, name);
    await expectToFitAPhone(page, name);
  }
  if (pictures) {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`.replaceAll(' ', '-')), fullPage: true });
  }
}

// The answer to the navigation that `act` sets off, and that ends on the portal.
async function landing(page, act) {
  const [response] = await Promise.all([
    page.waitForResponse((answer) =>
      answer.url().startsWith(portal) && answer.request().isNavigationRequest() && answer.status() !== 303),
    act(),
  ]);
  // The answer is there before its page is, which may still be the 511's.
  await page.waitForURL(response.url());
  return response;
}

await withBrowser({ hosts, context: { javaScriptEnabled: script, viewport: { width: 390, height: 844 } } }, async (browser) => {
  const page = await browser.newPage();
  const seen = watch(page);

  const front = await landing(page, () => page.goto(site.url).catch(() => {}));
  const intercepted = seen.responses.find((response) => response.url() === site.url);
  assert.equal(intercepted.status(), 511);
  await expectLight(intercepted, 'the 511');
  assert.equal(front.status(), 200);
  await look(page, front, 'sign-in page');

  const signIn = page.getByRole('button', { name: 'Sign in', exact: true });
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill('not the password');
  const refused = await landing(page, () => signIn.click());
  assert.equal(refused.status(), 403);
  assert.match(await page.getByRole('alert').innerText(), /password is wrong/);
  assert.equal(await page.getByLabel('User name').inputValue(), user);
  assert.equal(await page.getByLabel('User name').getAttribute('aria-invalid'), 'true');
  await look(page, refused, 'wrong password');

  // In another language, and back.
  await page.locator('summary').click();
  await landing(page, () => page.getByRole('button', { name: 'العربية' }).click());
  assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
  await page.locator('summary').click();
  await landing(page, () => page.getByRole('button', { name: 'English' }).click());

  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await signIn.click();
  // On the status page with a link to the site, or on the site at once.
  await page.waitForURL((url) => url.href === site.url || url.pathname === '/status');
  if (page.url() !== site.url) {
    assert.ok(await page.getByRole('heading', { name: 'You are online' }).isVisible());
    await page.getByRole('link', { name: 'Continue to' }).click();
    await page.waitForURL(site.url);
  }
  await page.getByText(site.says).waitFor();

  // Nothing of the portal's stays with the site.
  const again = await page.goto(site.url);
  assert.match(await again.text(), new RegExp(site.says));
  assert.deepEqual(await browser.cookies(), []);
  const favicon = await page.goto(new URL('/favicon.ico', site.url).href);
  assert.equal(favicon.status(), 200);
  assert.match(await favicon.text(), new RegExp(site.says));

  const status = await landing(page, () => page.goto(new URL('/status', portal).href));
  assert.ok(await page.getByText(user, { exact: true }).isVisible());
  await look(page, status, 'status page');
  const left = await landing(page, () => page.getByRole('button', { name: 'Sign out' }).click());
  assert.equal(new URL(left.url()).pathname, '/');
  assert.ok(await page.getByRole('heading', { name: 'Connect to the internet' }).isVisible());

  await landing(page, () => page.goto(site.url).catch(() => {}));
  const last = seen.responses.filter((response) => response.url() === site.url).at(-1);
  assert.equal(last.status(), 511);

  const own = [new URL(site.url).origin, new URL(portal).origin];
  for (const url of seen.requests) assert.ok(own.includes(new URL(url).origin), `asked for ${url}`);
  console.log(`visited, ${script ? 'with' : 'without'} script`);
});
