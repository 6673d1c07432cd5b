import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Replay } from '../../cli/replaying.ts';
import { type ReplayOptions, readOptions } from '../../cli/options.ts';
import { writeReplayReport } from '../../cli/reporting.ts';
import { incidentReport, replayReport } from '../../shared/report/report.ts';
import { describeWithBrowser, startBrowser } from '../support/browser.ts';
import { Desk } from '../support/terminal.ts';
import { alertsOf, hostile, incidentOf, sourceOf, type Words } from './cases.ts';
import { contrasts, named, headings, overflows, structure } from './looking.ts';

/** Reports as a browser shows them. */

const plain: Words = { name: 'dana', path: 'payments' };

const replayed = (words: Words): string => replayReport({ alerts: alertsOf(words), sourceOf, remarks: [words.name] }).html;
const reported = (words: Words): string => {
  const alerts = alertsOf(words);
  return incidentReport(incidentOf(alerts, words), alerts.slice(0, 3), sourceOf).html;
};

describeWithBrowser('a report in a browser', () => {
  let browser: Browser;
  let scenario: string;
  let usual: Record<'replay' | 'incident', ReturnType<typeof structure>>;
  let complaints: string[];
  let requests: string[];
  const desk = new Desk();
  beforeAll(async () => {
    browser = await startBrowser();
    const samples = new URL('../../events/scenarios/intrusion', import.meta.url).pathname;
    const options = readOptions(['--cluster', 'harbour', '--learn', `${samples}/history`, `${samples}/audit.ndjson.gz`, `${samples}/flow.log.gz`, `${samples}/api.ndjson`]) as ReplayOptions; // prettier-ignore
    scenario = desk.path('scenario.html');
    writeReplayReport(scenario, await new Replay(options).run({ write: () => true }), true);
    [complaints, requests] = [[], []];
    const page = await opened(replayed(plain));
    const replay = await page.evaluate(structure);
    await page.goto(pathToFileURL(put(reported(plain))).href);
    usual = { replay, incident: await page.evaluate(structure) };
    await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    desk[Symbol.dispose]();
  });
  beforeEach(() => {
    complaints = [];
    requests = [];
  });

  async function opened(html: string, options: BrowserContextOptions = {}): Promise<Page> {
    return shown(pathToFileURL(put(html)).href, options);
  }

  function put(html: string): string {
    const path = desk.path('report.html');
    writeFileSync(path, html);
    return path;
  }

  async function shown(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })).newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return page;
  }

  const reports = [
    ['a replay', () => replayed(plain)],
    ['an incident', () => reported(plain)],
  ] as const;

  it.each(reports)('of %s complains of nothing and loads nothing', async (_, html) => {
    const page = await opened(html());
    expect([complaints, requests.length]).toEqual([[], 1]);
    expect(await page.locator('script, link, iframe, form, object, embed, base, [style]').count()).toBe(0);
    await page.context().close();
  });

  it('of the shipped scenario reads like a document', async () => {
    const page = await shown(pathToFileURL(scenario).href);
    expect([complaints, requests.length]).toEqual([[], 1]);
    expect(await page.evaluate(headings)).toEqual([]);
    expect(await page.evaluate(named)).toEqual([]);
    expect(await page.locator('main').count()).toBe(1);
    expect(await page.locator('svg[role=img]').count()).toBeGreaterThan(5);
    const dead = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
        .filter((link) => document.getElementById(link.hash.slice(1)) === null)
        .map((link) => link.href),
    );
    expect(dead).toEqual([]);
    await page.context().close();
  });

  it.each(reports)('of %s has headings in order and a name for every picture', async (_, html) => {
    const page = await opened(html());
    expect(await page.evaluate(headings)).toEqual([]);
    expect(await page.evaluate(named)).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['light', 'a replay', reports[0][1]],
    ['dark', 'a replay', reports[0][1]],
    ['light', 'an incident', reports[1][1]],
    ['dark', 'an incident', reports[1][1]],
  ] as const)('can be read in %s colours: %s', async (colorScheme, _, html) => {
    const page = await opened(html(), { colorScheme });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: 1200, height });
    expect(await page.evaluate(contrasts)).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['of plain names', plain],
    ['of names of 10,000 characters', { name: 'n'.repeat(10_000), path: 'p'.repeat(10_000) }],
  ])('fits a telephone and a desk: %s', async (_, words) => {
    for (const html of [replayed(words), reported(words)]) {
      const page = await opened(html, { viewport: { width: 390, height: 800 } });
      expect(await page.evaluate(overflows)).toEqual([]);
      await page.setViewportSize({ width: 1200, height: 900 });
      expect(await page.evaluate(overflows)).toEqual([]);
      await page.context().close();
    }
  });

  it('is reached by the keyboard: the skip link first, then what scrolls and can be ticked off', async () => {
    const page = await opened(reported(plain));
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    expect(await page.locator('.scroll:not([tabindex="0"])').count()).toBe(0);
    const box = page.locator('input[type=checkbox]').first();
    await box.focus();
    await page.keyboard.press('Space');
    expect(await box.isChecked()).toBe(true);
    await page.context().close();
  });

  it('prints whole: pages there are, in light colours, and no table or figure reaches beyond the paper', async () => {
    const page = await shown(pathToFileURL(scenario).href, { colorScheme: 'dark', viewport: { width: 688, height: 1000 } });
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(5);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(overflows)).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(27, 30, 35)');
    await page.context().close();
  });

  it.each(hostile.map((text) => [text.slice(0, 40), text]))('is built of the same elements whatever names say: %j', async (_, text) => {
    const page = await shown('about:blank');
    for (const [make, expected] of [
      [replayed, usual.replay],
      [reported, usual.incident],
    ] as const) {
      await page.goto(pathToFileURL(put(make({ name: text, path: `${text.slice(0, 200)}.` }))).href);
      const seen = await page.evaluate(structure);
      expect(seen.foreign).toEqual([]);
      expect(seen.frame).toEqual(expected.frame);
      expect([new Set(seen.links), complaints]).toEqual([new Set(expected.links), []]);
    }
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    await page.context().close();
  });

  it('is built of known elements and attributes alone, whatever anybody writes', async () => {
    const page = await shown('about:blank');
    const piece = fc.oneof(fc.constantFrom(...hostile.filter((each) => each.length < 200)), fc.string({ unit: 'binary' }), fc.string());
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(fc.record({ name: text, path: text }), fc.boolean(), async (words, whole) => {
        await page.goto(pathToFileURL(put(whole ? replayed(words) : reported(words))).href);
        const { foreign, links, frame } = await page.evaluate(structure);
        expect([foreign, complaints, frame]).toEqual([[], [], whole ? usual.replay.frame : usual.incident.frame]);
        expect(links.filter((link) => !link.startsWith('#'))).toEqual([]);
      }),
      { numRuns: 40, seed: 20260310 },
    );
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    await page.context().close();
  });
});
