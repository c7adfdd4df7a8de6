import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { useText } from "../language/language.tsx";
import { messages } from "./key.messages.ts";
import { KEYS_PATH } from "./key.ts";

/** A page about one key, with the way back to all of them. */
export function KeyPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="mt-8 max-w-2xl">
      <h1 className="page-title">{title}</h1>
      {children}
      <p className="mt-6">
        <Link to={KEYS_PATH} className="link inline-block py-1">
          {useText(messages).back}
        </Link>
      </p>
    </div>
  );
}

/** For the prefix of no active key. */
export function NoSuchKey({ title }: { readonly title: string }) {
  return (
    <KeyPage title={title}>
      <p className="notice notice-warn mt-4">{useText(messages).gone}</p>
    </KeyPage>
  );
}
