/** What a person does in the portal, in its own words of one language. Nothing in here needs scripts to run. */
import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { messages as cardMessages } from "../../../app/billing/card.messages.ts";
import { messages as invoiceMessages } from "../../../app/billing/invoice.messages.ts";
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
  card: cardMessages[language],
  invoices: invoiceMessages[language],
  keys: keyMessages[language],
});

export class Portal {
  readonly page: Page;
  readonly text: ReturnType<typeof textsIn>;
  readonly #hasScripts: boolean;

  constructor(page: Page, language: Language, hasScripts = true) {
    this.page = page;
    this.#hasScripts = hasScripts;
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

  /** From the billing page to the fields of a card: Stripe's in our page, or without scripts on a page of Stripe's. */
  async beginCard(): Promise<void> {
    const { register, replace } = this.text.card;
    await this.page.goto("/dashboard/billing");
    await this.button(register).or(this.button(replace)).click();
  }

  /** Types a card and sends it. */
  async sendCard(number: string): Promise<void> {
    const fields = this.#hasScripts ? this.page.frameLocator("#card iframe") : this.page;
    await fields.locator("input[name=number]").fill(number);
    await fields.locator("input[name=expiry]").fill("12 / 40");
    await fields.locator("input[name=cvc]").fill("123");
    // Stripe's page has one button. It is pressed by key: a frame that has just moved still catches clicks where it was.
    const send = this.#hasScripts ? this.button(this.text.card.form.save) : this.page.locator("button");
    await send.press("Enter");
  }

  /** The bank's page, over ours or in its place. */
  get bank(): FrameLocator | Page {
    return this.#hasScripts ? this.page.frameLocator("dialog iframe") : this.page;
  }

  async registerCard(number: string): Promise<void> {
    await this.beginCard();
    await this.sendCard(number);
    await expect(this.page.getByText(this.text.billing.saved.card)).toBeVisible();
  }

  /** The card on file, as the billing page names it. */
  cardOnFile(brand: string, last4: string): Locator {
    return this.page.getByText(this.text.card.onFile(brand, last4), { exact: true });
  }

  /** Removes the card, after the question. */
  async removeCard(): Promise<void> {
    const { removal } = this.text.card;
    await this.page.goto("/dashboard/billing");
    await this.page.getByRole("link", { name: removal.ask }).click();
    await this.button(removal.button).click();
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
