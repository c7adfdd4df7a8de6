import { createContext, useContext } from "react";

/** The nonce with which this document's scripts run; empty in the browser, which hides it from scripts. */
export const NonceContext = createContext("");
export const useNonce = () => useContext(NonceContext);
