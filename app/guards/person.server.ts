import { redirect, type AppLoadContext } from "@remix-run/node";
import type { PagePerson } from "../../server/trpc/portal-context.ts";

/** What a form held, but for what no address may hold. */
function fieldsOf(form: FormData | undefined): string {
  const query = new URLSearchParams();
  for (const [name, value] of form ?? []) {
    if (typeof value === "string" && name !== "form_id" && name !== "intent") query.append(name, value);
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}

const isUnauthenticated = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "UNAUTHORIZED";

interface PersonRequest {
  readonly request: Request;
  readonly context: AppLoadContext;
  /** What an action had read: it stands in the address to which the person comes back, and fills the form again. */
  readonly form?: FormData;
}

/**
 * For pages of a signed-in person: does the work, and leads whoever is not signed in (any more) to /login and back.
 * @throws a redirect, and whatever else the work fails with
 */
export async function asPerson<Result>(
  { request, context, form }: PersonRequest,
  work: (person: PagePerson) => Promise<Result>,
): Promise<Result> {
  const ask = (): Response => {
    const { pathname, search } = new URL(request.url);
    const next = form === undefined ? pathname + search : pathname + fieldsOf(form);
    const query = new URLSearchParams({
      next: context.ownPath(next) ?? pathname,
      ...(context.person !== null || form !== undefined ? { problem: "session" } : {}),
    });
    return redirect(`/login?${query.toString()}`);
  };
  // Remix takes thrown responses.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (context.person === null) throw ask();
  try {
    return await work(context.person);
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (isUnauthenticated(error)) throw ask();
    throw error;
  }
}
