import { redirect, type ActionFunctionArgs } from "@remix-run/node";

/** Chooses the language of pages and leads back to the page on which it was chosen. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const [language, next] = [form.get("language"), form.get("next")];
  const back = context.ownPath(typeof next === "string" ? next : null) ?? "/";
  if (language !== "en" && language !== "ja") return redirect(back);
  return redirect(back, { headers: { "Set-Cookie": context.cookies.language(language) } });
}

export const loader = () => redirect("/");
