import type { Appearance } from "@stripe/stripe-js";
import { wordingOf, type Language } from "../pages/wording.ts";
import { makeFrame } from "./make-frame.ts";
import {
  listen,
  type CardState,
  type ConfirmRequest,
  type FromFrame,
  type SetupAnswer,
  type ToFrame,
} from "./messages.ts";

export type ElementType = "payment" | "card";

/** It stands over its place by as much as its page is padded, so that nothing cuts the ring of a focus off. */
const FRAME = {
  border: "0",
  display: "block",
  margin: "-6px",
  width: "calc(100% + 12px)",
  height: "16rem",
  "color-scheme": "light dark",
};

type Handler = (event: object) => void;
type WithoutCall<T> = T extends { call: number } ? Omit<T, "call"> : never;

/** The fields of a card in a page: a frame of the emulator's, which keeps what is typed into it. */
export class CardElement {
  readonly #type: ElementType;
  readonly #origin: string;
  readonly #language: Language;
  readonly #appearance: Appearance;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #calls = new Map<number, (answer: FromFrame) => void>();
  #frame: HTMLIFrameElement | null = null;
  #stop: () => void = () => undefined;

  constructor(type: ElementType, origin: string, language: Language, appearance: Appearance) {
    this.#type = type;
    this.#origin = origin;
    this.#language = language;
    this.#appearance = appearance;
  }

  mount(place: string | HTMLElement): void {
    const parent = typeof place === "string" ? document.querySelector<HTMLElement>(place) : place;
    if (parent === null) throw new Error("The selector you specified applies to no DOM elements.");
    this.unmount();
    const address = new URL("/v3/card", this.#origin);
    address.searchParams.set("locale", this.#language);
    address.searchParams.set("origin", location.origin);
    const frame = makeFrame(address.href, wordingOf(this.#language).frame, FRAME);
    this.#frame = frame;
    this.#stop = listen<FromFrame>(
      () => frame.contentWindow,
      this.#origin,
      (message) => this.#hear(message),
    );
    parent.replaceChildren(frame);
  }

  unmount(): void {
    this.#stop();
    this.#frame?.remove();
    this.#frame = null;
  }

  destroy(): void {
    this.unmount();
    this.#handlers.clear();
  }

  on(event: string, handler: Handler): this {
    const known = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, known.add(handler));
    return this;
  }

  once(event: string, handler: Handler): this {
    const heard = (value: object) => {
      this.off(event, heard);
      handler(value);
    };
    return this.on(event, heard);
  }

  off(event: string, handler?: Handler): this {
    if (handler === undefined) this.#handlers.delete(event);
    else this.#handlers.get(event)?.delete(handler);
    return this;
  }

  update(): void {
    // What can be changed of an element afterwards, this one does not have.
  }

  focus(): void {
    this.#tell({ kind: "focus" });
  }

  blur(): void {
    this.#tell({ kind: "blur" });
  }

  clear(): void {
    this.#tell({ kind: "clear" });
  }

  /** Is the card complete? The frame says beside its fields what is not. */
  async validate(): Promise<CardState | null> {
    const answer = await this.#ask({ kind: "validate" });
    return answer?.kind === "validated" ? answer.state : null;
  }

  async confirm(request: ConfirmRequest): Promise<SetupAnswer | null> {
    const answer = await this.#ask({ kind: "confirm", request });
    return answer?.kind === "confirmed" ? answer.answer : null;
  }

  #tell(message: ToFrame): void {
    this.#frame?.contentWindow?.postMessage(message, this.#origin);
  }

  /** Null: it is in no page that could answer. */
  #ask(question: WithoutCall<ToFrame>): Promise<FromFrame | null> {
    if (this.#frame === null) return Promise.resolve(null);
    const call = this.#calls.size === 0 ? 1 : Math.max(...this.#calls.keys()) + 1;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.#tell({ ...question, call });
    });
  }

  #fire(event: string, value: object = {}): void {
    for (const handler of this.#handlers.get(event) ?? []) handler({ elementType: this.#type, ...value });
  }

  #hear(message: FromFrame): void {
    switch (message.kind) {
      case "ready":
        this.#tell({ kind: "appearance", appearance: this.#appearance });
        this.#fire("ready");
        break;
      case "focus":
      case "blur":
        this.#fire(message.kind);
        break;
      case "submit":
        this.#frame?.closest("form")?.requestSubmit();
        break;
      case "height":
        this.#frame?.style.setProperty("height", `${message.heightPx}px`);
        break;
      case "change":
        this.#change(message.state);
        break;
      case "validated":
      case "confirmed":
        this.#calls.get(message.call)?.(message);
        this.#calls.delete(message.call);
        break;
      case "authenticated":
        // The bank's frame says it, this one does not.
        break;
    }
  }

  #change({ isEmpty, isComplete }: CardState): void {
    const value = { type: this.#type === "payment" ? "card" : undefined };
    this.#fire("change", { empty: isEmpty, complete: isComplete, collapsed: false, error: undefined, value });
  }
}
