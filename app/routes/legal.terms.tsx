import { LegalPage } from "../components/legal-page.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./legal.terms.messages.ts";

export const meta = pageTitle(messages);

export default function Terms() {
  return <LegalPage messages={messages} />;
}
