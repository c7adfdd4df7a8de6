import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { NavLink, Outlet, useLoaderData } from "@remix-run/react";
import { OverdueBanner } from "../billing/overdue-banner.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { messages } from "./dashboard.messages.ts";

/** The frame stays as it is while the figures in it are read anew. */
export { leaveAtRefresh as shouldRevalidate } from "../overview/leave-at-refresh.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  return asPerson({ request, context }, async ({ login, isPastDue }) => {
    const overdue = isPastDue ? (await context.caller.billing.accountState()).overdue : [];
    return json({ login, overdue });
  });
}

const PAGES = [
  { to: "/dashboard", name: "overview" },
  { to: "/dashboard/billing", name: "billing" },
  { to: "/dashboard/api-keys", name: "keys" },
  { to: "/dashboard/spells", name: "spells" },
  { to: "/dashboard/casts", name: "casts" },
  { to: "/dashboard/settings", name: "settings" },
] as const;

/** What all pages of a signed-in person have above them. */
export default function Dashboard() {
  const text = useText(messages);
  const { login, overdue } = useLoaderData<typeof loader>();
  return (
    <div className="page">
      <div className="flex items-start justify-between gap-3">
        <p className="min-w-0 py-1 text-sm text-soft wrap-anywhere">{text.signedInAs(login)}</p>
        <form method="post" action="/auth/logout" className="shrink-0">
          <button type="submit" className="nav-link cursor-pointer text-sm">
            {text.signOut}
          </button>
        </form>
      </div>
      <nav aria-label={text.nav} className="tabs mt-2">
        {PAGES.map(({ to, name }) => (
          <NavLink key={to} to={to} end={to === "/dashboard"} className="tab">
            {text.pages[name]}
          </NavLink>
        ))}
      </nav>
      <OverdueBanner overdue={overdue} />
      <Outlet />
    </div>
  );
}
