/** What a browser calls itself, in words: a few rules for what most people use, in this order. */
interface Rule {
  readonly name: string;
  readonly sign: RegExp;
}

/** Most browsers also name those they descend from, so the descendants come first. */
const BROWSERS: readonly Rule[] = [
  { name: "Edge", sign: /\bEdg(?:e|A|iOS)?\// },
  { name: "Opera", sign: /\b(?:OPR|OPT)\// },
  { name: "Samsung Internet", sign: /\bSamsungBrowser\// },
  { name: "Firefox", sign: /\b(?:Firefox|FxiOS)\// },
  { name: "Chrome", sign: /\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\// },
  { name: "Safari", sign: /\bVersion\/[\d.]+.* Safari\// },
  { name: "curl", sign: /^curl\// },
];

/** Android says that it is Linux, and an iPhone that it is like Mac OS X. */
const SYSTEMS: readonly Rule[] = [
  { name: "iPhone", sign: /\biPhone\b/ },
  { name: "iPad", sign: /\biPad\b/ },
  { name: "Android", sign: /\bAndroid\b/ },
  { name: "Windows", sign: /\bWindows\b/ },
  { name: "ChromeOS", sign: /\bCrOS\b/ },
  { name: "macOS", sign: /\bMac OS X\b/ },
  { name: "Linux", sign: /\bLinux\b/ },
];

export interface BrowserName {
  /** Null where no rule knows it. */
  readonly browser: string | null;
  readonly system: string | null;
}

/** Names the browser and the system of a `User-Agent`, as far as the rules go. Whoever signs in chooses what it says. */
export function browserName(userAgent: string | null): BrowserName {
  const nameIn = (rules: readonly Rule[]) =>
    rules.find(({ sign }) => sign.test(userAgent ?? ""))?.name ?? null;
  return { browser: nameIn(BROWSERS), system: nameIn(SYSTEMS) };
}
