import { finalizeInvoice } from "../invoices/finalize.ts";
import { expireSession } from "../checkout/complete.ts";
import type { Context } from "../context.ts";
import { markOverdue } from "../invoices/give-up.ts";
import { payByPlan } from "../invoices/pay.ts";
import type { Task } from "../store/tasks.ts";
import type { World } from "../world.ts";

/** A draft that finalizes itself is then paid at once. */
function finalizeAndPay(context: Context, id: string, endsUncollectible: boolean): void {
  const draft = context.store.find("invoice", id);
  if (draft?.status !== "draft") return;
  const invoice = finalizeInvoice(context, draft, draft.auto_advance === true);
  const isPaidByCard = invoice.collection_method === "charge_automatically";
  if (invoice.auto_advance === true && isPaidByCard) payByPlan(context, invoice, endsUncollectible);
}

function run(context: Context, { name, object }: Task, endsUncollectible: boolean): void {
  const { store } = context;
  if (name === "expire-session") {
    const session = store.find("checkout.session", object);
    if (session !== null) expireSession(context, session);
    return;
  }
  if (name === "finalize-invoice") {
    finalizeAndPay(context, object, endsUncollectible);
    return;
  }
  const invoice = store.find("invoice", object);
  if (invoice === null) return;
  if (name === "pay-invoice") payByPlan(context, invoice, endsUncollectible);
  else markOverdue(context, invoice);
}

/** Does what is due by the emulator's clock, each thing as of its own time, and what falls due by that. */
export function runTasks(world: World): number {
  const { clock, tasks } = world;
  const byS = clock.nowS;
  let count = 0;
  for (let task = tasks.next(byS); task !== null; task = tasks.next(byS), count += 1) {
    const due = task;
    world.transact(() => {
      tasks.drop(due.name, due.object);
      clock.at(due.dueS * 1_000, () => run(world.timeContext(), due, world.endsUncollectible));
    });
  }
  if (count > 0) world.outbox.wake();
  return count;
}
