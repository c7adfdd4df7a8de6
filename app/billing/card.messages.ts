import { translated } from "../language/translated.ts";

/** What pages say of the card, wherever they do. */
export const messages = translated({
  en: {
    heading: "Your card",
    /** A brand that we do not know. */
    card: "Card",
    onFile: (brand: string, last4: string) => `${brand} ending in ${last4}`,
    expires: (month: string, year: string) => `Expires ${month}/${year}.`,
    use: "What your casts cost is collected from it once a month.",
    none: "No card is on file.",
    without: (allowance: string) => `Without a card you can spend ${allowance} a month.`,
    withDefault: (limit: string) =>
      `With one, your limit is ${limit} a month unless you choose another, and what your casts cost is collected once a month.`,
    withOwn: "With one, your own limit is in force, and what your casts cost is collected once a month.",
    unavailable: "Cards cannot be registered here: the operator has not set up Stripe.",
    closing:
      "This card is being removed. Casts still run; when they have ended, what you owe is collected, and then the card is gone. Until then nothing new that costs starts.",
    keeper:
      "Stripe keeps the card. We never see its number, and keep its brand, last four digits and expiry.",
    register: "Register a card",
    replace: "Replace the card",
    opening: "Opening…",
    removal: {
      title: "Remove the card?",
      ask: "Remove the card…",
      collects:
        "What your casts have cost and you have not paid yet is collected from it now. If that fails, the card stays on file.",
      after: (allowance: string) =>
        `After that you can spend ${allowance} a month, until there is a card again.`,
      button: "Remove the card",
      pending: "Removing…",
      cancel: "Keep the card",
      stays: "What you owe could not be collected, so the card stays on file.",
    },
    form: {
      label: "New card",
      save: "Save the card",
      saving: "Saving…",
      cancel: "Cancel",
      loading: "The form of the card is loading…",
      failed: "Stripe's form could not be loaded.",
      elsewhere: "Use Stripe's own page instead",
      bank: "Your bank may ask you to confirm that it is you.",
    },
    page: {
      title: "Register a card",
      back: "Back to limit and billing",
      continue: "Go on to Stripe's page",
    },
  },
  ja: {
    heading: "カード",
    card: "カード",
    onFile: (brand: string, last4: string) => `${brand}（末尾 ${last4}）`,
    expires: (month: string, year: string) => `有効期限は ${year} 年 ${month} 月です。`,
    use: "キャストの料金は、月に一度このカードに請求されます。",
    none: "カードは登録されていません。",
    without: (allowance: string) => `カードがない場合、利用できるのは月に ${allowance} までです。`,
    withDefault: (limit: string) =>
      `登録すると、別の上限を選ばない限り月の上限は ${limit} となり、キャストの料金が月に一度請求されます。`,
    withOwn: "登録すると、ご自身の上限が有効になり、キャストの料金が月に一度請求されます。",
    unavailable: "運営者が Stripe を設定していないため、ここではカードを登録できません。",
    closing:
      "カードを削除しています。実行中のキャストが終わると、未払いの料金が請求され、その後カードが削除されます。それまで、有料のキャストは開始されません。",
    keeper:
      "カードは Stripe が保管します。当サービスがカード番号を見ることはなく、ブランド、末尾 4 桁、有効期限だけを保存します。",
    register: "カードを登録",
    replace: "カードを変更",
    opening: "開いています…",
    removal: {
      title: "カードを削除しますか？",
      ask: "カードを削除…",
      collects:
        "まだお支払いいただいていないキャストの料金を、今このカードに請求します。請求できなかった場合、カードは削除されません。",
      after: (allowance: string) =>
        `削除後は、カードを再び登録するまで、利用できるのは月に ${allowance} までです。`,
      button: "カードを削除",
      pending: "削除しています…",
      cancel: "カードを残す",
      stays: "未払いの料金を請求できなかったため、カードは登録されたままです。",
    },
    form: {
      label: "新しいカード",
      save: "カードを保存",
      saving: "保存しています…",
      cancel: "キャンセル",
      loading: "カードの入力欄を読み込んでいます…",
      failed: "Stripe の入力欄を読み込めませんでした。",
      elsewhere: "代わりに Stripe のページで登録する",
      bank: "カード会社から本人確認を求められることがあります。",
    },
    page: {
      title: "カードの登録",
      back: "上限と請求に戻る",
      continue: "Stripe のページへ進む",
    },
  },
});
