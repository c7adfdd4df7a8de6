import type { StackFile } from "./stack-file.ts";

const withDemo = (baseUrl: string, apiKey: string) => `
Your first cast, for one cent of the demo account's $50 limit:

  curl -s ${baseUrl}/v1/cast -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '{"spell_name":"echo","payload":{"hello":"world"}}'

To see it in a browser, open ${baseUrl}/login and choose "demo".`;

const withRealGithub = (baseUrl: string) => `
Sign in with GitHub: ${baseUrl}/login`;

/** Tells the person who started a stack how to get in. */
export function announce({ base_url, api_key }: StackFile, devDir: string): void {
  console.log(`
Spell Platform is ready: ${base_url}   (API reference: ${base_url}/docs)
${api_key === undefined ? withRealGithub(base_url) : withDemo(base_url, api_key)}

Logs, data and stack.json are in ${devDir}. Ctrl-C ends everything.`);
}
