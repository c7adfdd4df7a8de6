import { useEffect, useRef, type RefObject } from "react";

/** Leads the keyboard to the first field of a form that an answer refused. Without an answer it stays where it is. */
export function useFirstRefused(answer: unknown): RefObject<HTMLFormElement> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [answer]);
  return form;
}
