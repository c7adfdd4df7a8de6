/** Tells the person who started a stack how to get in. */
export function announce(baseUrl: string, apiKey: string, devDir: string): void {
  console.log(`
Spell Platform is ready: ${baseUrl}   (API reference: ${baseUrl}/docs)

Your first cast, for one cent of the demo account's $50 limit:

  curl -s ${baseUrl}/v1/cast -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '{"spell_name":"echo","payload":{"hello":"world"}}'

Logs, data and stack.json are in ${devDir}. Ctrl-C ends everything.`);
}
