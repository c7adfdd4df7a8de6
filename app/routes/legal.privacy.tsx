import { LegalPage } from "../components/legal-page.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./legal.privacy.messages.ts";

export const meta = pageTitle(messages);

export default function Privacy() {
  return <LegalPage messages={messages} />;
}
