import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "API reference",
    description:
      "Everything a program can ask of Spell Platform. This page is made from the contracts that check each request.",
    openapi: "Take it as an OpenAPI 3.1 document.",
    contents: "On this page",
    introduction: [
      {
        id: "authentication",
        heading: "Authentication",
        paragraphs: [
          "Send an API key with each request: `Authorization: Bearer sk_…`. A key is shown once, when it is made with `POST /v1/keys`; we cannot show it again.",
          "A key has scopes, and where they do not reach the answer is `insufficient_scope`. Unless you say otherwise a new key has `cast` and `read`. Give each program a key of its own, with a monthly limit of its own: then one of them can be stopped without the others.",
          "`POST /v1/keys/{prefix}/rotate` gives a key a new secret without losing a request: the old one works for a day, or as long as you say. `PATCH /v1/keys/{prefix}` changes its name, scopes, limit and expiry. No key gives another, or itself, more than it has; signed in you can give everything.",
        ],
      },
      {
        id: "first-cast",
        heading: "A first cast",
        paragraphs: [
          "Name a spell and give it a payload: any JSON value that the spell's input schema allows. The answer comes after the cast stands in the ledger.",
          "`version` pins a version, which never changes. With `max_cost_cents` the cast is refused before it runs when its price is higher.",
        ],
      },
      {
        id: "typed-client",
        heading: "A typed client",
        paragraphs: [
          "The same verbs are at `/trpc`, typed from end to end. Use `httpLink`: each request is one call, and batches are refused. Errors carry the members of a problem in `data.problem`.",
        ],
      },
      {
        id: "errors",
        heading: "Errors",
        paragraphs: [
          "Every error is `application/problem+json` (RFC 9457). Decide by `error`, which never changes its meaning; `title` and `detail` are for people. Some errors carry further facts, as this one does.",
        ],
      },
      {
        id: "money",
        heading: "Money",
        paragraphs: [
          "`_micros` are millionths of a US dollar, always integers: 10,000 of them are a cent. `_cents` are US cents; what is spent is rounded up to them for display, and the exact micros stand beside it.",
          "Before a cast runs, the most it can cost is held against every limit in force. What does not fit is refused and does not start. When a cast ends, its hold becomes its cost or is released.",
        ],
      },
      {
        id: "rate-limits",
        heading: "Rate limits",
        paragraphs: [
          "Each request counts once against its account: 60 in a minute, unless the operator set another number. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (in seconds) are on every answer to it. Requests without a valid key count against their address: 10 in a minute.",
          "Above that the answer is `rate_limited`, with `Retry-After` in seconds.",
        ],
      },
      {
        id: "lists",
        heading: "Lists",
        paragraphs: [
          "Long lists come in pages: `data`, and `next_cursor` to send as `cursor` for the next page; null says that this was the last. Keys come all at once, as an array.",
        ],
      },
    ],
    examples: {
      curl: "The request",
      answer: "The answer",
      client: "TypeScript",
      problem: "A refused cast",
    },
    problemMembers: {
      heading: "In every problem",
      entries: [
        { name: "type", meaning: "The address of the page that explains this error." },
        { name: "title", meaning: "The error in a few words." },
        { name: "status", meaning: "The HTTP status." },
        { name: "detail", meaning: "What happened to this request." },
        { name: "error", meaning: "The error's name, in snake_case." },
        {
          name: "error_code",
          meaning:
            "The name in capitals; where a spell failed, how it did: `INVALID_INPUT`, `WASM_TRAP` and others.",
        },
        { name: "category", meaning: "What trying again is worth; see below." },
        {
          name: "request_id",
          meaning: "Finds the request in our log. It is in the header `X-Request-Id` too.",
        },
      ],
    },
    allErrors: "All errors",
    reference: {
      needsKey: "Needs a key",
      isOpen: "Open to everybody, without a key",
      parameters: "Parameters",
      body: "Request body",
      answer: (status: number) => `Answer ${status}`,
      errors: "Errors",
      places: { path: "in the path", query: "in the query", header: "as a header", cookie: "as a cookie" },
      required: "required",
      optional: "may be missing",
    },
  },
  ja: {
    title: "API リファレンス",
    description:
      "プログラムが Spell Platform に送れるすべてのリクエストです。このページは、各リクエストを検証する定義から生成されています。各項目の説明は英語です。",
    openapi: "OpenAPI 3.1 形式で取得する",
    contents: "このページの内容",
    introduction: [
      {
        id: "authentication",
        heading: "認証",
        paragraphs: [
          "すべてのリクエストに API キーを付けてください：`Authorization: Bearer sk_…`。キーは `POST /v1/keys` での作成時に一度だけ表示され、再表示はできません。",
          "キーにはスコープ（権限）があり、権限が足りない場合は `insufficient_scope` を返します。指定しなければ、新しいキーのスコープは `cast` と `read` です。プログラムごとに別のキーを用意し、それぞれに月の上限を設定してください。そうすれば、ほかに影響を与えずに 1 つだけを止められます。",
          "`POST /v1/keys/{prefix}/rotate` は、リクエストを取りこぼすことなくキーのシークレットを更新します。古いシークレットは 1 日間、または指定した期間使えます。`PATCH /v1/keys/{prefix}` では名前、スコープ、上限、有効期限を変更できます。キーは、自身が持つ以上の権限をほかのキーにも自身にも与えられません。サインインした本人は、すべての権限を与えられます。",
        ],
      },
      {
        id: "first-cast",
        heading: "最初のキャスト",
        paragraphs: [
          "スペルの名前とペイロードを送ります。ペイロードは、スペルの入力スキーマに合う任意の JSON です。応答は、キャストが台帳に記録された後に返ります。",
          "`version` で、変更されることのない特定のバージョンを指定できます。`max_cost_cents` を付けると、料金がそれを超えるキャストは実行前に拒否されます。",
        ],
      },
      {
        id: "typed-client",
        heading: "型付きクライアント",
        paragraphs: [
          "同じ操作を、端から端まで型付きで `/trpc` から利用できます。`httpLink` を使ってください。1 リクエストにつき 1 呼び出しで、バッチは拒否されます。エラーの内容は `data.problem` に入ります。",
        ],
      },
      {
        id: "errors",
        heading: "エラー",
        paragraphs: [
          "エラーはすべて `application/problem+json`（RFC 9457）です。プログラムでの判定には、意味が変わることのない `error` を使ってください。`title` と `detail` は人が読むためのものです。次の例のように、追加の情報を持つエラーもあります。",
        ],
      },
      {
        id: "money",
        heading: "金額",
        paragraphs: [
          "`_micros` は 100 万分の 1 米ドルで、常に整数です。10,000 マイクロが 1 セントにあたります。`_cents` は米セントです。使用額は表示のためにセント単位に切り上げられ、正確な値がマイクロ単位で併記されます。",
          "キャストの実行前に、かかりうる最大額が、有効なすべての上限に対して確保されます。収まらないものは拒否され、開始されません。キャストが終わると、確保した金額は料金になるか、解放されます。",
        ],
      },
      {
        id: "rate-limits",
        heading: "レート制限",
        paragraphs: [
          "リクエストはアカウントごとに数えられ、上限は 1 分間に 60 件です（運営者が変更していない場合）。すべての応答に `RateLimit-Limit`、`RateLimit-Remaining`、`RateLimit-Reset`（秒）が付きます。有効なキーのないリクエストはアドレスごとに数えられ、上限は 1 分間に 10 件です。",
          "上限を超えると `rate_limited` を返し、`Retry-After` に待ち時間（秒）が入ります。",
        ],
      },
      {
        id: "lists",
        heading: "一覧",
        paragraphs: [
          "長い一覧はページに分かれます。`data` に内容が入り、`next_cursor` を `cursor` として送ると次のページが返ります。null の場合は最後のページです。キーは配列としてまとめて返ります。",
        ],
      },
    ],
    examples: {
      curl: "リクエスト",
      answer: "応答",
      client: "TypeScript",
      problem: "拒否されたキャスト",
    },
    problemMembers: {
      heading: "すべてのエラーに共通の項目",
      entries: [
        { name: "type", meaning: "このエラーを説明するページのアドレス。" },
        { name: "title", meaning: "エラーの短い名称。" },
        { name: "status", meaning: "HTTP ステータス。" },
        { name: "detail", meaning: "このリクエストに起きたこと。" },
        { name: "error", meaning: "エラー名（snake_case）。" },
        {
          name: "error_code",
          meaning:
            "大文字のエラー名。スペルが失敗した場合は、`INVALID_INPUT` や `WASM_TRAP` など、失敗の種類。",
        },
        { name: "category", meaning: "再試行の見込み。下記をご覧ください。" },
        {
          name: "request_id",
          meaning: "当方のログでリクエストを特定する ID。ヘッダー `X-Request-Id` にも入ります。",
        },
      ],
    },
    allErrors: "すべてのエラー",
    reference: {
      needsKey: "キーが必要です",
      isOpen: "キーなしで、誰でも利用できます",
      parameters: "パラメーター",
      body: "リクエスト本文",
      answer: (status: number) => `応答 ${status}`,
      errors: "エラー",
      places: { path: "パス", query: "クエリ", header: "ヘッダー", cookie: "Cookie" },
      required: "必須",
      optional: "ない場合があります",
    },
  },
});
