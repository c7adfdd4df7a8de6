import type { ShouldRevalidateFunction } from "@remix-run/react";

/** Of routes that need no new answer when a page refreshes itself, which neither moves nor sends a form. */
export const leaveAtRefresh: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}) => (formMethod === undefined && currentUrl.href === nextUrl.href ? false : defaultShouldRevalidate);
