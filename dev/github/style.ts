import { raw } from "hono/html";

/** The pages' style sheet: light and dark as the browser asks, and nothing loaded from anywhere. */
export const STYLE = raw(`
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #14121c);
  --panel: light-dark(#ffffff, #1d1a29);
  --ink: light-dark(#1b1730, #efecf8);
  --soft: light-dark(#575270, #b2abcb);
  --edge: light-dark(#8a84a3, #7d7699);
  --accent: light-dark(#4b35a8, #b9a6ff);
  --danger: light-dark(#a3222f, #ff9aa2);
}
* { box-sizing: border-box; }
body {
  background: var(--paper); color: var(--ink); line-height: 1.5; margin: 0;
  font-family: ui-sans-serif, system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif;
}
main { display: grid; gap: 1.25rem; margin-inline: auto; max-width: 32rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
p { margin: 0; }
ul { display: grid; gap: 0.5rem; list-style: none; margin: 0; padding: 0; }
form { display: grid; gap: 0.5rem; }
.row { display: grid; gap: 0.5rem; grid-template-columns: 1fr auto; }
button, input {
  background: var(--panel); border: 1px solid var(--edge); border-radius: 8px; color: inherit; font: inherit;
  min-height: 44px; min-width: 0; padding: 0.5rem 0.9rem;
}
button { cursor: pointer; }
button:hover { border-color: var(--accent); color: var(--accent); }
ul button { column-gap: 0.75rem; display: flex; flex-wrap: wrap; text-align: start; width: 100%; }
ul small { flex-basis: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { font-weight: 600; }
.soft { color: var(--soft); font-size: 0.875rem; }
.problem { color: var(--danger); }
`);
