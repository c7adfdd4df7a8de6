import { beginCheckout } from "../services/billing/begin-checkout.ts";
import { beginSetup } from "../services/billing/begin-setup.ts";
import { getPaymentMethod } from "../services/billing/get-payment-method.ts";
import { listInvoices } from "../services/billing/invoices/list.ts";
import { setPaymentMethodInput } from "../services/billing/payment-method.ts";
import { removeCard } from "../services/billing/remove-card.ts";
import { readAccountState } from "../services/billing/read-account-state.ts";
import { setPaymentMethod } from "../services/billing/set-payment-method.ts";
import { pageInput } from "../services/paging.ts";
import { actorProcedure, router } from "./context.ts";

export const billingRouter = router({
  accountState: actorProcedure.query(({ ctx }) => readAccountState(ctx.service)),
  beginSetup: actorProcedure.mutation(({ ctx }) => beginSetup(ctx.service)),
  beginCheckout: actorProcedure.mutation(({ ctx }) => beginCheckout(ctx.service)),
  paymentMethod: actorProcedure.query(({ ctx }) => getPaymentMethod(ctx.service)),
  setPaymentMethod: actorProcedure
    .input(setPaymentMethodInput)
    .mutation(({ ctx, input }) => setPaymentMethod(ctx.service, input)),
  removeCard: actorProcedure.mutation(({ ctx }) => removeCard(ctx.service)),
  invoices: actorProcedure.input(pageInput).query(({ ctx, input }) => listInvoices(ctx.service, input)),
});
