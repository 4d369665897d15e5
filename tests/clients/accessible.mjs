// WCAG 2.2 AA, as far as axe can tell, and what it cannot: width, weight, foreign requests.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const LARGEST_PAGE = 15_000; // bytes, with its style
const SMALLEST_TARGET = 24; // CSS pixels (WCAG 2.2, 2.5.8)

// No violation, in light and in dark.
export async function expectAccessible(page, name) {
  // Not by a <script>, which the page's own policy forbids.
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  // What depends on the colours is looked at in both, the rest once.
  for (const [colorScheme, only] of [['light', tags], ['dark', ['color-contrast']]]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(
      (runOnly) => axe.run(document, { runOnly, resultTypes: ['violations'] }), only);
    const faults = violations.map(({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`);
    assert.equal(faults.join('\n'), '', `${name}, ${colorScheme}`);
  }
}

// Reflow (WCAG 2.2, 1.4.10), and targets large enough to be hit.
export async function expectToFitAPhone(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const { wide, small } = await page.evaluate((least) => {
    const targets = [...document.querySelectorAll('button, a.button, input:not([type=hidden]), summary')];
    return {
      wide: document.documentElement.scrollWidth,
      small: targets.map((target) => [target.outerHTML, target.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && (box.height < least || box.width < least))
        .map(([html]) => html),
    };
  }, SMALLEST_TARGET);
  assert.ok(wide <= 320, `${name} is ${wide} pixels wide on a phone of 320`);
  assert.deepEqual(small, [], `${name} has targets that are too small`);
  await page.setViewportSize(before);
}

// Notes every request and every complaint of `page` from now on.
export function watch(page) {
  const seen = { requests: [], responses: [], complaints: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('response', (response) => seen.responses.push(response));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  return seen;
}

// What `response` brought is small, and it set no cookie.
export async function expectLight(response, name) {
  const length = Number(await response.headerValue('content-length'));
  assert.ok(length > 0 && length < LARGEST_PAGE, `${name} has ${length} bytes`);
  assert.equal(await response.headerValue('set-cookie'), null, `${name} sets a cookie`);
  assert.equal(await response.headerValue('cache-control'), 'no-store', `${name} may be stored`);
}
