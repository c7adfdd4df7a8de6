/** The version whose shapes the emulator has: that of the installed package. */
import Stripe from "stripe";

export const ApiVersion = Stripe.API_VERSION;
