/** The eye on every page is only worth something if it sees. */
import { test as base, expect, type Page } from "@playwright/test";
import { expectNoBarriers, expectToFit } from "./support/accessibility.ts";
import { test } from "./support/test.ts";
import { watch } from "./support/watch.ts";

const html = (page: Page, body: string) =>
  page.route("http://localhost:1/*", (route) =>
    new URL(route.request().url()).pathname === "/page"
      ? route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><html lang="en"><body>${body}</body></html>`,
        })
      : route.fulfill({ status: 404 }),
  );

base(
  "faults of a page are seen: the console, foreign hosts, missing files, moving layout",
  async ({ context }) => {
    const seen = await watch(context);
    const page = await context.newPage();
    await html(
      page,
      `<p id="first">first</p><p style="height: 200px">second</p><img src="/missing.png"><img src="http://elsewhere.test/x.png">
     <script>
       console.error("heard");
       Promise.reject(new Error("unhandled"));
       requestAnimationFrame(() => requestAnimationFrame(() => { first.style.height = "300px"; }));
     </script>`,
    );
    await page.goto("http://localhost:1/page");
    await expect.poll(() => seen.shifts.length).toBeGreaterThan(0);
    await expect.poll(() => seen.foreign).toEqual(["http://elsewhere.test/x.png"]);
    await expect.poll(() => seen.complaints.join("\n")).toMatch(/heard/);
    expect(seen.complaints.join("\n")).toMatch(/unhandled/);
    expect(seen.complaints.join("\n")).toContain("answer 404: http://localhost:1/missing.png");
  },
);

base("a picture without words and a page wider than its window are found", async ({ page }) => {
  await html(page, `<main><h1>Wide</h1><img src="data:," style="width: 3000px; height: 1px"></main>`);
  await page.goto("http://localhost:1/page");
  await expect(expectNoBarriers(page)).rejects.toThrow("image-alt");
  await expect(expectToFit(page)).rejects.toThrow("wider than the window");
});

test("a page of ours gives it nothing to see", async ({ page, watched }) => {
  await page.goto("/");
  await expectNoBarriers(page);
  expect(watched).toEqual({ complaints: [], foreign: [], shifts: [] });
});
