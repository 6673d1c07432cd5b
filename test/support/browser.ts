import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((each) => existsSync(each));

/** `describe` for suites that look at pages in a real browser. Continuous integration must have one. */
export function describeWithBrowser(name: string, suite: () => void): void {
  if (path === undefined && process.env['CI']) throw new Error(`${name}: continuous integration needs Chromium`);
  if (path === undefined) process.stdout.write(`not run: no Chromium (${name})\n`);
  describe.skipIf(path === undefined)(name, suite);
}

/** Chromium without a screen. */
export function startBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error('unreachable: the suite is skipped');
  return chromium.launch({ executablePath: path, args: ['--headless=new', '--no-sandbox', '--disable-gpu'] });
}
