import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const REFRESH_MS = 5_000;

/** Reads the page's data anew every few seconds while it is visible, and at once when it becomes so. */
export function useRefresh(): void {
  const { revalidate, state } = useRevalidator();
  const navigation = useNavigation();
  // A refresh in the middle of a navigation would start that anew.
  const isBusy = useRef(false);
  useEffect(() => {
    isBusy.current = state !== "idle" || navigation.state !== "idle";
  }, [state, navigation.state]);
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === "visible" && !isBusy.current) revalidate();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [revalidate]);
}
