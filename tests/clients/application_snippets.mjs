// Runs the JavaScript of docs/APPLICATIONS.md in Chromium, on a site whose network turns captive.
//
//   node application_snippets.mjs APPLICATIONS.md
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

const LOGIN_URL = 'http://portal.example.net/?url=http%3A%2F%2Fsite.example%2Fitems&seal=00';
const PORTAL_PAGE = '<!DOCTYPE html><title>Sign in to Example venue</title>';
const ITEMS = [{ name: 'apple' }];

// The named blocks: NAME → text. Each must be used by some test.
const snippets = new Map();
for (const [, name, text] of (await readFile(process.argv[2], 'utf8')).matchAll(
  /^```js (\S+)\n([^]*?)^```$/gm,
))
  snippets.set(name, text);
const unused = new Set(snippets.keys());

function snippet(name) {
  assert.ok(snippets.has(name), `no block named ${name}`);
  unused.delete(name);
  return snippets.get(name);
}

// The site, and in front of it the network: `captive(path)` says for which paths it answers.
class Site {
  captive = () => false;
  accepted = [];
  answered511 = 0;
  #served = new Map();
  #server = http.createServer((request, response) => this.#answer(request, response));

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }
  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
  reset() {
    this.captive = () => false;
    this.accepted = [];
    this.answered511 = 0;
    this.#served = new Map([['/', ['text/html', '<!DOCTYPE html><title>The site</title>']]]);
    this.serve('/items', 'application/json', JSON.stringify(ITEMS));
  }
  serve(path, type, text) {
    this.#served.set(path, [type, text]);
  }
  script(path, text) {
    this.serve(path, 'text/javascript', text);
  }

  async #answer(request, response) {
    if (this.captive(request.url)) return this.#intercept(request, response);
    if (request.method === 'POST' && request.url === '/messages') {
      let body = '';
      for await (const chunk of request) body += chunk;
      this.accepted.push(body);
      return response.writeHead(204).end();
    }
    const [type, text] = this.#served.get(request.url) ?? [];
    if (!type) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }).end(text);
  }

  // As portal-responder answers.
  #intercept(request, response) {
    ++this.answered511;
    const json = request.headers.accept === 'application/json';
    response.writeHead(511, 'Network Authentication Required', {
      'Content-Type': json ? 'application/problem+json' : 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      Connection: 'close',
    });
    response.end(json ? JSON.stringify({ status: 511, login_url: LOGIN_URL }) : PORTAL_PAGE);
  }
}

describe('docs/APPLICATIONS.md', { timeout: 120_000 }, () => {
  const site = new Site();
  let browser;
  let page;

  before(async () => {
    await site.start();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    site.stop();
  });
  beforeEach(async () => {
    await page?.context().close();
    site.reset();
    site.script('/fetch.js', snippet('fetch.js'));
    page = await (await browser.newContext()).newPage();
    await page.goto(site.url);
  });

  // Modules have to be there before the network turns captive, as they would be.
  const load = (...paths) =>
    page.evaluate(async (paths) => void (await Promise.all(paths.map((path) => import(path)))), paths);

  // What getJson() of fetch.js comes to, as text.
  const getJson = (url) =>
    page.evaluate(async (url) => {
      const { getJson, SignInNeeded } = await import('/fetch.js');
      try {
        return JSON.stringify(await getJson(url));
      } catch (error) {
        return error instanceof SignInNeeded ? `sign in at ${error.loginUrl}` : String(error);
      }
    }, url);

  test('fetch.js tells the network from the site', async () => {
    assert.equal(await getJson('/items'), JSON.stringify(ITEMS));
    assert.equal(await getJson('/nowhere'), 'Error: /nowhere: 404');
    site.captive = () => true;
    assert.equal(await getJson('/items'), `sign in at ${LOGIN_URL}`);
  });

  test('a captive request to another origin is a TypeError', async () => {
    await load('/fetch.js');
    site.captive = () => true;
    const other = site.url.replace('127.0.0.1', 'localhost');
    assert.match(await getJson(`${other}/items`), /^TypeError/);
    assert.equal(await page.evaluate(() => navigator.onLine), true);
  });

  test('retry.js goes on after the sign-in, and when the user is back', async () => {
    site.script('/retry.js', snippet('retry.js'));
    await load('/fetch.js', '/retry.js');
    site.captive = () => site.answered511 < 3;
    const retry = (options) =>
      page.evaluate(async (options) => {
        const { getJson } = await import('/fetch.js');
        const { retryAfterSignIn } = await import('/retry.js');
        return retryAfterSignIn(() => getJson('/items'), options);
      }, options);
    assert.deepEqual(await retry({ wait: 1 }), ITEMS);
    assert.equal(site.answered511, 3);

    site.captive = () => site.answered511 < 4;
    const refused = page.waitForResponse((response) => response.status() === 511);
    const waiting = retry({ wait: 3_600_000 });
    await (await refused).finished();
    // The listener is there a moment after the answer.
    const back = page.evaluate(async () => {
      for (;;) {
        document.dispatchEvent(new Event('visibilitychange'));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    assert.deepEqual(await waiting, ITEMS);
    back.catch(() => {});
  });

  const install = (path) =>
    page.evaluate(async (path) => {
      const registration = await navigator.serviceWorker.register(path, { type: 'module' });
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      while (!['activated', 'redundant'].includes(worker.state))
        await new Promise((resolve) =>
          worker.addEventListener('statechange', resolve, { once: true }),
        );
      return worker.state;
    }, path);
  const get = (path) =>
    page.evaluate(async (path) => {
      const response = await fetch(path);
      return { status: response.status, text: await response.text() };
    }, path);
  const cachedStatuses = () =>
    page.evaluate(async () => {
      const statuses = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys())
          statuses.push((await cache.match(request)).status);
      }
      return statuses;
    });

  test('service-worker.js keeps what the site said, and nothing of the portal', async () => {
    site.script('/service-worker.js', snippet('service-worker.js'));
    site.serve('/later', 'text/plain', 'first');
    assert.equal(await install('/service-worker.js'), 'activated');
    await page.reload();
    assert.ok(await page.evaluate(() => navigator.serviceWorker.controller !== null));
    assert.equal((await get('/items')).text, JSON.stringify(ITEMS));

    site.captive = () => true;
    assert.deepEqual(await get('/items'), { status: 200, text: JSON.stringify(ITEMS) });
    assert.equal((await get('/later')).status, 511);
    const opened = await page.goto(`${site.url}/`);
    assert.equal(opened.status(), 511);
    assert.equal(await page.title(), 'Sign in to Example venue');

    site.captive = () => false;
    await page.goto(site.url);
    assert.equal(await page.title(), 'The site');
    assert.deepEqual(await get('/later'), { status: 200, text: 'first' });
    for (const status of await cachedStatuses()) assert.equal(status, 200);
  });

  test('service-worker.js is not installed with the portal for a part', async () => {
    site.script('/service-worker.js', snippet('service-worker.js'));
    site.captive = (path) => path !== '/service-worker.js';
    assert.equal(await install('/service-worker.js'), 'redundant');
    assert.deepEqual(await cachedStatuses(), []);
    site.captive = () => true;
    await assert.rejects(install('/service-worker.js?2'));
  });

  // An outbox of two messages; its state is what list() gives.
  const OUTBOX = `
    const messages = ['one', 'two'];
    const outbox = {
      async list() { return [...messages]; },
      async remove(message) { messages.splice(messages.indexOf(message), 1); },
    };`;

  test('outbox.js takes off only what the site has accepted', async () => {
    site.script('/outbox.js', snippet('outbox.js'));
    site.script('/test.js', `${OUTBOX} export { outbox };`);
    const send = () =>
      page.evaluate(async () => {
        const { outbox } = await import('/test.js');
        const { sendAll } = await import('/outbox.js');
        const error = await sendAll(outbox).then(() => '', String);
        return { error, left: await outbox.list() };
      });
    await load('/outbox.js', '/test.js');
    site.captive = () => true;
    assert.deepEqual(await send(), { error: 'Error: not sent yet: 511', left: ['one', 'two'] });
    site.captive = () => false;
    assert.deepEqual(await send(), { error: '', left: [] });
    assert.deepEqual(site.accepted, ['one', 'two']);
  });

  test('sync.js has the browser try again', async () => {
    site.script('/outbox.js', snippet('outbox.js'));
    site.script('/worker.js', `import { sendAll } from './outbox.js';${OUTBOX}${snippet('sync.js')}`);
    const devtools = await page.context().newCDPSession(page);
    const registered = new Promise((resolve) =>
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        if (registrations.length > 0) resolve(registrations[0].registrationId);
      }),
    );
    await devtools.send('ServiceWorker.enable');
    assert.equal(await install('/worker.js'), 'activated');
    const registrationId = await registered;
    const worker = page.context().serviceWorkers()[0];
    // The outcome that the worker reports to the browser, which is what it retries by.
    await worker.evaluate(() => {
      const proto = ExtendableEvent.prototype;
      const { waitUntil } = proto;
      self.outcomes = [];
      proto.waitUntil = function (promise) {
        promise.then(() => self.outcomes.push('done'), () => self.outcomes.push('again'));
        return waitUntil.call(this, promise);
      };
    });
    const sync = async (count) => {
      await devtools.send('ServiceWorker.dispatchSyncEvent', {
        origin: site.url,
        registrationId,
        tag: 'outbox',
        lastChance: false,
      });
      return worker.evaluate(async (count) => {
        while (self.outcomes.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
        return self.outcomes;
      }, count);
    };
    site.captive = () => true;
    assert.deepEqual(await sync(1), ['again']);
    site.captive = () => false;
    assert.deepEqual(await sync(2), ['again', 'done']);
    assert.deepEqual(site.accepted, ['one', 'two']);
  });

  test('every block is tested', () => assert.deepEqual([...unused], []));
});
