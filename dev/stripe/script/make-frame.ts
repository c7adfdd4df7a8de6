/** A frame of the emulator's. Its looks are set by script, which a page's policy for styles lets through. */
export function makeFrame(
  src: string,
  title: string,
  styles: Readonly<Record<string, string>>,
): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.src = src;
  frame.title = title;
  for (const [name, value] of Object.entries(styles)) frame.style.setProperty(name, value);
  return frame;
}
