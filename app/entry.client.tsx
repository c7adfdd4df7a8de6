import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { LanguageContext } from "./language/language.tsx";

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      {/* The server wrote it there: both sides must render the same. */}
      <LanguageContext.Provider value={document.documentElement.lang === "ja" ? "ja" : "en"}>
        <RemixBrowser />
      </LanguageContext.Provider>
    </StrictMode>,
  );
});
