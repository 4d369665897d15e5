// A guest with Chromium: opens a page, is led to the sign-in page, connects, and prints the URL,
// the status and the text of where that ends. Also what the browser's console said on the way.
//
//   node way_back.mjs URL
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  // Without a try at port 443 first, which does not answer.
  args: ['--no-sandbox', '--disable-features=HttpsUpgrades'],
});
try {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(`console: ${message.text()}`));
  let last;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) last = response;
  });
  await page.goto(process.argv[2]);
  const connect = page.locator('form:has(input[value="click-through"]) button');
  await connect.waitFor();
  const signInPage = page.url();
  await connect.click();
  await page.waitForURL((url) => url.href !== signInPage);
  console.log(`url: ${page.url()}`);
  console.log(`status: ${last.status()}`);
  console.log(`text: ${(await page.locator('body').innerText()).trim()}`);
} finally {
  await browser.close();
}
