/** What a media type promises of the bytes: the sandbox checks it, and whoever gives them out reads them by it. */

export const isJson = (contentType: string): boolean =>
  contentType === "application/json" || contentType.endsWith("+json");

/** UTF-8: text, and XML in all its forms, SVG among them. */
export const isText = (contentType: string): boolean =>
  contentType.startsWith("text/") || contentType.endsWith("+xml");
