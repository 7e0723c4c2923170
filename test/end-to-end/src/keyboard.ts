import type { Page } from 'playwright-core';

/** Far more than any page has. */
const TABS_MAX = 250;

/** What can be reached by the keyboard, as a user sees it. */
const FOCUSABLE =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';

export interface Tour {
  /** What can have the focus and never got it. */
  readonly missed: readonly string[];
  /** What had the focus without any mark of it. */
  readonly unmarked: readonly string[];
}

/** Presses Tab until the focus is back where it began. */
export async function tourOf(page: Page): Promise<Tour> {
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  const [reached, unmarked] = [new Set<string>(), new Set<string>()];
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    await page.keyboard.press('Tab');
    const { name, isMarked, isBack } = await page.evaluate<Looked>(LOOK);
    if (isBack) break;
    reached.add(name);
    if (!isMarked) unmarked.add(name);
  }
  const all = await page.evaluate<readonly string[]>(NAMES);
  return { missed: all.filter((name) => !reached.has(name)), unmarked: [...unmarked] };
}

interface Looked {
  readonly name: string;
  readonly isMarked: boolean;
  readonly isBack: boolean;
}

/** Rows come and go, so an element is known by what it is and says. */
const NAME = `(element) => [
  element.tagName, element.name ?? '', element.getAttribute('href') ?? '',
  element.getAttribute('aria-label') ?? element.textContent.slice(0, 40),
].join(' ')`;

const LOOK = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: (${NAME})(element),
    isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    isBack: element === document.body,
  };
})()`;

const NAMES = `[...document.querySelectorAll('${FOCUSABLE}')]
  .filter((element) => element.checkVisibility() && !element.disabled)
  .map(${NAME})`;

/** Presses Tab, from where the focus is, until it is on what is called so. */
export async function tabTo(page: Page, tag: string, says: string | RegExp): Promise<void> {
  const isIt = (name: string) =>
    typeof says === 'string' ? name.trim() === says : says.test(name.trim());
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    await page.keyboard.press('Tab');
    const [found, name] = await page.evaluate<[string, string]>(FOCUSED);
    if (found === tag && isIt(name)) return;
  }
  throw new Error(`no ${tag} called ${says.toString()} gets the focus`);
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
  return [element.tagName.toLowerCase(), label ?? element.textContent];
})()`;
