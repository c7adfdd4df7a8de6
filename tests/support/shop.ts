/** A page of another origin that saves cards with the emulator's script, under a policy as strict as the portal's. */
import { createServer } from "node:http";
import { onTestFinished } from "vitest";

/** The page's own script. What came of it stands in the page. */
const SCRIPT = `
const { key, secret, locale } = document.body.dataset;
const stripe = Stripe(key, { locale });
const elements = stripe.elements({ clientSecret: secret, appearance: { variables: { colorPrimary: "#4b35a8" } } });
const element = elements.create("payment");
const output = document.querySelector("output");
element.on("ready", () => { document.body.dataset.state = "ready"; });
element.on("change", ({ complete }) => { document.body.dataset.complete = String(complete); });
element.mount("#card");
document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  output.value = "...";
  const { error: early } = await elements.submit();
  const { error, setupIntent } = early ? { error: early } : await stripe.confirmSetup({
    elements, confirmParams: { return_url: location.origin + "/back" }, redirect: "if_required",
  });
  output.value = error ? error.code + ": " + error.message : setupIntent.status + " " + setupIntent.payment_method;
});
`;

export interface Wish {
  /** The emulator's script. */
  readonly scriptUrl: string;
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly locale: string;
}

const page = ({ scriptUrl, publishableKey, clientSecret, locale }: Wish) => `<!doctype html>
<html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head>
<body data-key="${publishableKey}" data-secret="${clientSecret}" data-locale="${locale}">
<main><h1>Shop</h1><form><div id="card"></div><button>Save</button></form><output></output></main>
<script src="${scriptUrl}"></script><script src="/shop.js"></script></body></html>`;

/** Serves the page until the test ends. */
export async function openShop(wish: Wish): Promise<string> {
  const { origin } = new URL(wish.scriptUrl);
  const policy = `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; connect-src ${origin}; img-src data:`;
  const server = createServer(({ url }, response) => {
    if (url === "/shop.js") response.setHeader("Content-Type", "text/javascript").end(SCRIPT);
    else
      response
        .setHeader("Content-Security-Policy", policy)
        .setHeader("Content-Type", "text/html")
        .end(page(wish));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}/`;
}
