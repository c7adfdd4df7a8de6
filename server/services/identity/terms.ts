/** The day from which the present terms and privacy notice hold; people accept it by this name. */
export const TERMS_VERSION = "2026-11-25";
