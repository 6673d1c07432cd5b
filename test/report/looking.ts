/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What is asked of a page, in the page: each function stands by itself, for it is sent there as text. */

/** Headings that leave out a level, and whether there is exactly one of the first. */
export function headings(): string[] {
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(
    (each) => [Number(each.tagName.slice(1)), each.textContent] as const,
  );
  const wrong = levels.flatMap(([level, text], index) => (level > (levels[index - 1]?.[0] ?? 0) + 1 ? [`h${String(level)} ${text}`] : []));
  return levels.filter(([level]) => level === 1).length === 1 ? wrong : [...wrong, 'not one h1'];
}

/** Pictures, regions, tables and boxes to tick that have no name. */
export function named(): string[] {
  const nameless = (selector: string, nameOf: (element: Element) => string | null | undefined): string[] =>
    [...document.querySelectorAll(selector)]
      .filter((each) => (nameOf(each) ?? '').trim() === '')
      .map((each) => each.outerHTML.slice(0, 200));
  return [
    ...nameless('svg:not([aria-hidden=true]), img, [role=region], nav', (each) => each.getAttribute('aria-label')),
    ...nameless('table', (each) => each.querySelector('caption')?.textContent),
    ...nameless('th', (each) => each.textContent),
    ...nameless('input', (each) => each.closest('label')?.textContent),
    ...nameless('html', (each) => each.getAttribute('lang')),
    ...nameless('article', (each) => document.getElementById(each.getAttribute('aria-labelledby') ?? '')?.textContent),
  ];
}

/** What is wider than the page, or cut by what it stands in. */
export function overflows(): string[] {
  const width = document.documentElement.clientWidth;
  const wrong = document.documentElement.scrollWidth > width ? [`the page: ${String(document.documentElement.scrollWidth)}`] : [];
  const wide = [...document.querySelectorAll('table, figure, article, dl, ul, p, h1, h2, h3, h4, pre, td')].filter((each) => {
    const { right, left } = each.getBoundingClientRect();
    return right > width + 1 || left < -1;
  });
  return [...wrong, ...wide.map((each) => `${each.tagName} ${each.outerHTML.slice(0, 120)}`)];
}

/** Text that has less contrast than 4.5 with what is behind it. Source: WCAG 2.2, 1.4.3 and the formula of relative luminance. */
export function contrasts(): string[] {
  type Colour = readonly [number, number, number, number];
  const read = (css: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, css === 'none' || css === 'transparent' ? 0 : alpha];
  };
  const over = (front: Colour, back: Colour, opacity = 1): Colour => {
    const share = front[3] * opacity;
    const mix = (index: 0 | 1 | 2): number => front[index] * share + back[index] * (1 - share);
    return [mix(0), mix(1), mix(2), 1];
  };
  const luminance = ([red, green, blue]: Colour): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element): Colour => {
    const parents: Element[] = [];
    for (let each: Element | null = element; each !== null; each = each.parentElement) parents.unshift(each);
    let colour: Colour = [255, 255, 255, 1];
    for (const each of parents) colour = over(read(getComputedStyle(each).backgroundColor), colour);
    if (!(element instanceof SVGTextElement)) return colour;
    const { left, top, width, height } = element.getBoundingClientRect();
    const shapes = document.elementsFromPoint(left + width / 2, top + height / 2).filter((each) => each instanceof SVGGeometryElement);
    for (const shape of shapes.reverse()) {
      const { fill, opacity } = getComputedStyle(shape);
      colour = over(read(fill), colour, Number(opacity));
    }
    return colour;
  };
  const wrong = new Set<string>();
  let looked = 0;
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
    const box = element.getBoundingClientRect();
    if (!own || element.closest('title, style, .skip') !== null || box.width === 0) continue;
    looked += 1;
    const back = behind(element);
    const style = getComputedStyle(element);
    const front = over(read(element instanceof SVGElement ? style.fill : style.color), back);
    const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5)
      wrong.add(`${contrast.toFixed(2)} ${element.tagName}.${element.getAttribute('class') ?? ''} ${element.textContent.slice(0, 40)}`);
  }
  return looked < 50 ? [`looked at ${String(looked)} texts only`] : [...wrong];
}

/** Elements and attributes that no report has, how often there are those that no name can change, and where links lead. */
export function structure(): { frame: Record<string, number>; foreign: string[]; links: string[] } {
  const elements = `html head meta title style body a div header main section article nav footer p h1 h2 h3 h4 span strong small b br
    code pre time dl dt dd ul li table caption thead tbody tr th td figure figcaption label input details summary svg g path rect circle
    line text`.split(/\s+/);
  const attributes = `lang charset http-equiv content name class id href role scope data-label title tabindex aria-label aria-labelledby
    aria-hidden datetime type viewBox d x y x1 x2 y1 y2 cx cy r rx width height text-anchor`.split(/\s+/);
  const foreign: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    if (!elements.includes(element.localName)) foreign.push(element.localName);
    for (const { name, value } of element.attributes) {
      if (!attributes.includes(name)) foreign.push(`${element.localName} ${name}`);
      if (['class', 'id', 'aria-labelledby'].includes(name) && !/^[a-z0-9 -]*$/.test(value)) foreign.push(`${name} ${value}`);
    }
  }
  const fixed = 'html head meta title style body header main article nav footer h1 input dl.facts .tally'.split(' ');
  return {
    frame: Object.fromEntries(fixed.map((selector) => [selector, document.querySelectorAll(`${selector}:not(svg *)`).length])),
    foreign,
    links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '').sort(),
  };
}
