/** What Stripe has not: the emulator's clock, its state, its misbehaviour. They take the secret key too. */
import type { HttpBindings } from "@hono/node-server";
import type { Context as Http, Hono } from "hono";
import { z } from "zod";
import { authenticate } from "../api/authenticate.ts";
import { Refusal } from "../api/error.ts";
import type { Kind } from "../store/kinds.ts";
import type { World } from "../world.ts";
import { misbehaviour } from "./mischief.ts";
import { runTasks } from "./run-tasks.ts";

const time = z.union([
  z.strictObject({ now: z.number().int().positive() }),
  z.strictObject({ advance_seconds: z.number().int().positive() }),
]);
const redelivery = z.strictObject({ event: z.string() });

const COUNTED = [
  "customer",
  "payment_method",
  "setup_intent",
  "checkout.session",
  "invoiceitem",
  "invoice",
  "charge",
  "refund",
  "credit_note",
  "event",
] as const satisfies readonly Kind[];

const stateOf = ({ store, clock, outbox, mischief, calls }: World) => ({
  now: clock.nowS,
  counts: Object.fromEntries(COUNTED.map((kind) => [kind, store.count(kind)])),
  pending_deliveries: outbox.pending,
  calls,
  misbehaviour: mischief.now,
});

/** Moves the clock forward; what falls due by that happens before the answer. */
function moveClock(world: World, wish: z.output<typeof time>) {
  const { clock } = world;
  const nowMs = "now" in wish ? wish.now * 1_000 : clock.nowMs + wish.advance_seconds * 1_000;
  if (nowMs < clock.nowMs)
    throw new Refusal(400, { type: "invalid_request_error", message: "Time does not go back." });
  clock.moveTo(nowMs);
  return { now: clock.nowS, tasks: runTasks(world) };
}

/** Takes what fits a schema, and answers as the API does. */
async function answer<T>(
  c: Http,
  world: World,
  schema: z.ZodType<T>,
  act: (wish: T) => object | null,
): Promise<Response> {
  try {
    if (authenticate(c.req.header("Authorization"), world.keys) !== "secret") return c.json({}, 403);
    const sent: unknown = c.req.method === "GET" ? {} : await c.req.json().catch(() => null);
    const parsed = schema.safeParse(sent);
    if (!parsed.success) return c.json({ error: { message: z.prettifyError(parsed.error) } }, 400);
    const result = act(parsed.data);
    return result === null ? c.json({ error: { message: "There is no such event." } }, 404) : c.json(result);
  } catch (error) {
    if (error instanceof Refusal) return c.json({ error: error.body }, error.status);
    throw error;
  }
}

export function registerControl(app: Hono<{ Bindings: HttpBindings }>, world: World): void {
  app.get("/_emulator/state", (c) => answer(c, world, z.object({}), () => stateOf(world)));
  app.post("/_emulator/clock", (c) => answer(c, world, time, (wish) => moveClock(world, wish)));
  app.post("/_emulator/misbehave", (c) =>
    answer(c, world, misbehaviour, (wish) => {
      world.mischief.set(wish);
      world.index.lagSeconds = wish.search_lag_seconds;
      return wish;
    }),
  );
  app.post("/_emulator/redeliver", (c) =>
    answer(c, world, redelivery, ({ event }) => {
      const found = world.store.find("event", event);
      if (found === null) return null;
      world.outbox.add(event, found.type);
      world.outbox.wake();
      return { event };
    }),
  );
}
