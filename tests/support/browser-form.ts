/** Pages as a browser without JavaScript asks for them and sends their forms. */
import type { Person, TestWeb } from "./web.ts";

/** Asks for a page; what React puts between texts is left out. */
export async function visitPage(
  web: TestWeb,
  { sessionToken }: Pick<Person, "sessionToken">,
  path: string,
  language = "en",
) {
  const answer = await web.call("GET", path, {
    headers: { Cookie: `spell_session=${sessionToken}`, "Accept-Language": language },
  });
  return {
    ...answer,
    location: answer.headers.get("Location"),
    text: answer.text.replaceAll("<!-- -->", ""),
  };
}

/** Sends a form. */
export async function sendForm(
  web: TestWeb,
  { sessionToken }: Pick<Person, "sessionToken">,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  language = "en",
) {
  const answer = await web.call("POST", path, {
    rawBody: new URLSearchParams(fields).toString(),
    headers: {
      Cookie: `spell_session=${sessionToken}`,
      "Accept-Language": language,
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: new URL(web.platform.config.APP_URL).origin,
    },
  });
  return {
    ...answer,
    location: answer.headers.get("Location"),
    text: answer.text.replaceAll("<!-- -->", ""),
  };
}
