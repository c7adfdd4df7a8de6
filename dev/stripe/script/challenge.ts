import { makeFrame } from "./make-frame.ts";
import { listen, type FromFrame } from "./messages.ts";

const DIALOG = { border: "0", padding: "0", width: "min(32rem, 95vw)", "border-radius": "8px" };
const FRAME = { border: "0", display: "block", width: "100%", height: "24rem" };

/** Shows the bank's page over this one. Resolves when it has its answer, or is dismissed. */
export function showChallenge(url: string, locale: string, title: string): Promise<void> {
  const address = new URL(url);
  address.searchParams.set("locale", locale);
  address.searchParams.set("origin", location.origin);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", title);
  for (const [name, value] of Object.entries(DIALOG)) dialog.style.setProperty(name, value);
  const frame = makeFrame(address.href, title, FRAME);
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const stop = listen<FromFrame>(
      () => frame.contentWindow,
      address.origin,
      ({ kind }) => {
        if (kind === "authenticated") dialog.close();
      },
    );
    dialog.addEventListener("close", () => {
      stop();
      dialog.remove();
      resolve();
    });
  });
}
