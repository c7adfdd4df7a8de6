/** What a person does in the portal, in its own words of one language. Nothing in here needs scripts to run. */
import { expect, type Locator, type Page } from "@playwright/test";
import { messages as keyMessages } from "../../../app/keys/key.messages.ts";
import type { Language } from "../../../app/language/translated.ts";
import { messages as overviewMessages } from "../../../app/routes/dashboard._index.messages.ts";
import { messages as billingMessages } from "../../../app/routes/dashboard.billing.messages.ts";
import { messages as loginMessages } from "../../../app/routes/login.messages.ts";
import { messages as welcomeMessages } from "../../../app/routes/welcome.messages.ts";

const textsIn = (language: Language) => ({
  login: loginMessages[language],
  welcome: welcomeMessages[language],
  overview: overviewMessages[language],
  billing: billingMessages[language],
  keys: keyMessages[language],
});

export class Portal {
  readonly page: Page;
  readonly text: ReturnType<typeof textsIn>;

  constructor(page: Page, language: Language) {
    this.page = page;
    this.text = textsIn(language);
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** From /login to GitHub's page. */
  async goToGithub(): Promise<void> {
    await this.page.getByRole("link", { name: this.text.login.button }).click();
  }

  /** Chooses on GitHub's page who signs in, by any login. */
  async beAtGithub(login: string): Promise<void> {
    await this.page.getByLabel("Another person").fill(login);
    await this.button("Sign in").click();
  }

  /** Signs in as anybody does, from /login by way of GitHub; accepts the terms the first time. */
  async signIn(login: string): Promise<void> {
    const { welcome } = this.text;
    await this.page.goto("/login");
    await this.goToGithub();
    await this.beAtGithub(login);
    await this.page.waitForURL(/\/(welcome|dashboard)$/);
    if (this.page.url().endsWith("/welcome")) {
      await this.page.getByRole("checkbox", { name: welcome.accept }).check();
      await this.button(welcome.button).click();
    }
    await this.page.waitForURL("**/dashboard");
  }

  /** Fills in and sends the form of the limit, in dollars as people type them. */
  async askForLimit(dollars: string): Promise<void> {
    const { form } = this.text.billing;
    await this.page.goto("/dashboard/billing");
    await this.page.getByLabel(form.hard).fill(dollars);
    await this.button(form.save).click();
  }

  async setLimit(dollars: string): Promise<void> {
    await this.askForLimit(dollars);
    await expect(this.page.getByText(this.text.billing.saved.limit)).toBeVisible();
  }

  /** Makes a key and gives its text, which is shown this once. */
  async makeKey(name: string): Promise<string> {
    await this.page.goto("/dashboard/api-keys");
    await this.page.getByLabel(this.text.keys.fields.name, { exact: true }).fill(name);
    await this.button(this.text.keys.create.button).click();
    await expect(this.shownKey).toBeVisible();
    return this.shownKey.inputValue();
  }

  get shownKey(): Locator {
    return this.page.getByLabel(this.text.keys.made.label, { exact: true });
  }

  /** A figure of the overview, by its name. */
  figure(name: string): Locator {
    return this.page.locator("dt", { hasText: name }).locator("xpath=following-sibling::dd").first();
  }

  get spent(): Locator {
    return this.figure(this.text.overview.figures.spent);
  }
}
