import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Errors",
    description:
      "Every error has a name that a program can decide by, and a page here that says what it means and what to do.",
    reference: "API reference",
    trail: "You are here",
    status: "Status",
    category: "Category",
    meaning: "What it means",
    remedy: "What to do",
    givenBy: "Where it is given",
    givenByAll: "Every endpoint can give it.",
    givenByNone: "It is given before a request reaches an endpoint.",
    categories: {
      heading: "Categories",
      entries: [
        {
          name: "NETWORK_RETRYABLE",
          meaning: "Wait as long as `Retry-After` says, then send the same again.",
        },
        {
          name: "TRANSIENT_RUNTIME",
          meaning: "It failed on our side, or took too long; the same may work again.",
        },
        {
          name: "PERM_CONFIG",
          meaning: "The same will be refused until the request, the key or a limit changes.",
        },
        { name: "PERM_RUNTIME", meaning: "The program cannot do this payload; the same will fail again." },
      ],
    },
  },
  ja: {
    title: "エラー",
    description: "各エラーには、プログラムで判定するための名前と、意味と対処を説明するページがあります。",
    reference: "API リファレンス",
    trail: "現在の位置",
    status: "ステータス",
    category: "分類",
    meaning: "意味",
    remedy: "対処",
    givenBy: "返す操作",
    givenByAll: "すべての操作が返す可能性があります。",
    givenByNone: "リクエストがどの操作にも届く前に返されます。",
    categories: {
      heading: "分類",
      entries: [
        {
          name: "NETWORK_RETRYABLE",
          meaning: "`Retry-After` が示す時間だけ待ち、同じリクエストを再送してください。",
        },
        {
          name: "TRANSIENT_RUNTIME",
          meaning: "当方での失敗、または時間切れです。同じリクエストが次は成功する可能性があります。",
        },
        {
          name: "PERM_CONFIG",
          meaning: "リクエスト、キー、上限のいずれかを変更するまで、同じリクエストは拒否されます。",
        },
        {
          name: "PERM_RUNTIME",
          meaning: "プログラムがこのペイロードを処理できません。同じリクエストは再び失敗します。",
        },
      ],
    },
  },
});
